"""Faithful pairs: sentences that people wrote of, or took from, the evidence beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sentencex import segment

from evals.judge.sets import MEASURED, SETS, Judged, read_set
from evals.sets import load_set
from evals.sets.parts import group_of, part

SEEDS = Path(__file__).parents[2] / "seeds"
SHORTEST, LONGEST = 5, 60
"""Words of a sentence that is worth a fault; fewer say too little, more are no sentence."""
AROUND = 4
"""Sentences of a seed document on either side of one that count as its passage."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text and evidence that bears it out."""

    id: str
    source: str
    """The set it comes from."""
    group: str
    text: str
    evidence: tuple[str, ...]
    untouched: str | None = None
    """What people made `text` from by an edit that kept its meaning; None where it is the first wording."""

    @property
    def passage(self) -> str:
        """All of the evidence as one text."""
        return "\n".join(self.evidence)


def faithful_pairs(bench: Path | None) -> dict[str, list[Pair]]:
    """Pairs by the set they come from: the seeds always, public sets where their files are."""
    found = {"seeds": list(_of_seeds(SEEDS))}
    if bench is None:
        return found
    if (bench / "qa/squad2_dev.json").exists():
        found["squad"] = list(_of_squad(bench))
    for name in ("begin", "wice", "fever", *(name for name in SETS if name.startswith("summedits-"))):
        items = read_set(name, bench)
        if items is not None:
            family = name.partition("-")[0]
            found.setdefault(family, []).extend(_of_set(family, name, items))
    return {name: pairs for name, pairs in found.items() if pairs}


def pairs_apart(found: Mapping[str, list[Pair]]) -> dict[str, list[Pair]]:
    """Of `faithful_pairs` those that the judge's own model learnt nothing from, of every set that it may learn from."""
    learnt = {"squad", *(name.partition("-")[0] for name, one in SETS.items() if one.may_fit)}
    kept = {
        name: [pair for pair in own if name not in learnt or part(group_of(name, pair.group)) in MEASURED]
        for name, own in found.items()
    }
    return {name: own for name, own in kept.items() if own}


def _of_set(family: str, name: str, items: list[Judged]) -> Iterator[Pair]:
    originals = {item.group: item.text for item in items if item.id.endswith("_og")}
    for item in items:
        if item.supported and _sentence(item.text):
            first = None if item.id.endswith("_og") else originals.get(item.group)
            yield Pair(f"{name}:{item.id}", family, item.group, item.text.strip(), item.evidence, first)


def _of_squad(bench: Path) -> Iterator[Pair]:
    """Every sentence of a SQuAD paragraph against its paragraph."""
    for document in load_set("squad2", bench).documents:
        for number, sentence in enumerate(segment("en", document.text)):
            if _sentence(sentence) and sentence.strip().endswith("."):
                yield Pair(f"{document.source}:{number}", "squad", document.title, sentence.strip(), (document.text,))


def _of_seeds(folder: Path) -> Iterator[Pair]:
    """Every sentence of the texts that come with the project, against the sentences around it."""
    for path in sorted([*folder.glob("*.txt"), *folder.glob("*.md")]):
        text = path.read_text(encoding="utf-8")
        sentences = [
            sentence
            for block in text.split("\n\n")
            if block[:1].isalpha() or block[:1] in '“"'
            for part in segment("en", " ".join(block.split()))
            if (sentence := part.strip())
        ]
        for number, sentence in enumerate(sentences):
            if _sentence(sentence) and sentence.endswith("."):
                passage = " ".join(sentences[max(0, number - AROUND) : number + AROUND + 1])
                yield Pair(f"{path.name}:{number}", "seeds", f"{path.name}:{number // AROUND}", sentence, (passage,))


def _sentence(text: str) -> bool:
    return SHORTEST <= len(text.split()) <= LONGEST and not text.rstrip().endswith("?")
