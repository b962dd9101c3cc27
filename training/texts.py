"""Plain sentences to make examples of, each with the passage that it stands in; people wrote no label for these."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sentencex import segment

from evals.judge.pairs import Pair, faithful_pairs
from evals.sets import SETS, load_set
from evals.sets.parts import Part, article, group_of, part
from training.labelled import plain

SHORTEST, LONGEST = 6, 45
"""Words of a sentence worth learning from."""
LEARNT_FROM = ("squad", "wice", "fever", "summedits")
"""Of the faithful pairs that the judge is measured on, those whose licence allows learning from them."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its sentences; `text[start:end]` is a sentence."""

    source: str
    group: str
    text: str

    def sentences(self) -> list[tuple[int, int]]:
        """Where its sentences stand, but for the very short and the very long."""
        found, at = [], 0
        for piece in segment("en", self.text):
            start = self.text.index(piece, at)
            at = start + len(piece)
            sentence = piece.strip()
            start += piece.index(sentence) if sentence else 0
            if SHORTEST <= len(sentence.split()) <= LONGEST and sentence[:1].isupper() and sentence.endswith("."):
                found.append((start, start + len(sentence)))
        return found


def passages(bench: Path, wanted: Part) -> Iterator[Passage]:
    """Paragraphs of Wikipedia and abstracts of medicine of one part."""
    for name, source in (("squad2", "squad"), ("nq", "nq"), ("scifact", "scifact")):
        if not all((bench / path).exists() for path in SETS[name].paths):
            continue
        for document in load_set(name, bench).documents:
            group = article(document.title) if source != "scifact" else f"scifact:{document.title}"
            if part(group) == wanted:
                yield Passage(source, group, plain(document.text))


def pairs(bench: Path, wanted: Part) -> dict[str, list[Pair]]:
    """Sentences that are borne out by the evidence beside them, by their set: people's own, and those of passages."""
    found = {
        name: [pair for pair in own if part(group_of(name, pair.group)) == wanted]
        for name, own in faithful_pairs(bench).items()
        if name in LEARNT_FROM
    }
    for passage in passages(bench, wanted):
        if passage.source == "squad":
            continue  # among the faithful pairs already
        for start, end in passage.sentences():
            pair = Pair(
                f"{passage.group}:{start}", passage.source, passage.group, passage.text[start:end], (passage.text,)
            )
            found.setdefault(passage.source, []).append(pair)
    return found
