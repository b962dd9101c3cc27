"""Claims that people labelled against evidence, as examples: a sentence each, beside what is nearest to it."""

import csv
import json
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from evals.judge.readers import flagged
from evals.judge.sets import read_set
from evals.sets import load_set
from evals.sets.parts import article
from rag.text import units, words
from rag.trust.alignment import Statement, nearest, statements
from rag.types import Span
from training.examples import CONTRADICTED, FAILS, HOLDS, NOT_ENOUGH, Example

_SPACED = re.compile(r" (?=[,.;:!?)\]%]|'s\b|n't\b)|(?<=[(\[$]) ")
_RAGTRUTH = {"Evident Conflict": frozenset({CONTRADICTED}), "Subtle Conflict": frozenset({CONTRADICTED})}
_BASELESS = frozenset({NOT_ENOUGH})
SHORTEST = 4
"""Words of a sentence that says something."""


def labelled(bench: Path) -> Iterator[Example]:
    """Every example of every set whose licence allows learning from it; sets whose files are absent give none."""
    yield from fever(bench)
    yield from wice(bench)
    yield from expertqa(bench)
    yield from ragtruth(bench)
    yield from summedits(bench)
    yield from scifact(bench)


def beside(claim: str, evidence: Sequence[str]) -> str:
    """The evidence as the judge reads it with the claim."""
    return nearest(Statement(claim), statements(evidence))


def fever(bench: Path) -> Iterator[Example]:
    """FEVER: whether a claim follows; where it does not, it may be refuted or just not told."""
    for item in read_set("fever", bench) or []:
        claim, evidence = plain(item.text), plain(" ".join(item.evidence))
        yield Example(
            "fever",
            f"fever:{item.group}",
            claim,
            beside(claim, [evidence]),
            HOLDS if item.supported else FAILS,
            () if item.supported else None,
            by_people=True,
        )


def wice(bench: Path) -> Iterator[Example]:
    """WiCE: sentences of Wikipedia, whole and in parts, and each with one supporting sentence taken away."""
    for item, parts in _wice(bench):
        group = article(item["meta"]["claim_title"])
        chosen = next((found for found in item["supporting_sentences"] if found), list(range(30)))
        evidence = [item["evidence"][at] for at in chosen if at < len(item["evidence"])]
        holds = item["label"] == "supported"
        claim = item["claim"]
        spans: tuple[Span, ...] | None = () if holds else None
        name = "wice, part" if parts else "wice"
        if parts and item["label"] == "partially_supported":
            flags = item["non_supported_spans"]
            spans = flagged(claim, item["claim_tokens"], flags)
            if spans is None or not any(flags):
                continue
        yield Example(
            name, group, claim, beside(claim, evidence), HOLDS if holds else FAILS, spans, by_people=not parts
        )
        if holds and 2 <= len(evidence) <= 4 and not any(len(found) == 1 for found in item["supporting_sentences"]):
            for at in range(len(evidence)):
                rest = [text for place, text in enumerate(evidence) if place != at]
                yield Example("wice, sentence deleted", group, claim, beside(claim, rest), frozenset({NOT_ENOUGH}))


def _wice(bench: Path) -> Iterator[tuple[dict[str, Any], bool]]:
    folder = bench / "judge_faith/wice"
    for name, parts in (("claim_dev.jsonl", False), ("non_supported_tokens_dev.jsonl", True)):
        if (folder / name).exists():
            with (folder / name).open(encoding="utf-8") as stream:
                yield from ((json.loads(line), parts) for line in stream)


def expertqa(bench: Path) -> Iterator[Example]:
    """ExpertQA: claims of real systems beside what they cited."""
    for item in read_set("expertqa", bench) or []:
        sentences = _sentences(item.text)
        if not item.supported and len(sentences) > 1:
            continue  # which of them is not borne out is not known
        for sentence in sentences:
            claim = sentence.of(item.text)
            yield Example(
                "expertqa",
                f"expertqa:{item.group}",
                claim,
                beside(claim, item.evidence),
                HOLDS if item.supported else FAILS,
                () if item.supported else None,
                by_people=True,
            )


def ragtruth(bench: Path) -> Iterator[Example]:
    """RAGTruth: each sentence of a response; spans that people marked are what its source does not bear out."""
    for name in ("qa", "summary", "data2txt"):
        marked = dict(_marked(bench, name))
        for item in read_set(f"ragtruth-{name}", bench) or []:
            for sentence in _sentences(item.text):
                faults = [
                    (Span(max(start, sentence.start), min(end, sentence.end)), kind)
                    for start, end, kind in marked[item.id]
                    if start < sentence.end and end > sentence.start
                ]
                kinds = [_RAGTRUTH.get(kind, _BASELESS) for _, kind in faults]
                claim = sentence.of(item.text)
                yield Example(
                    f"ragtruth-{name}",
                    f"ragtruth:{item.group}",
                    claim,
                    beside(claim, item.evidence),
                    HOLDS if not faults else frozenset().union(*kinds),
                    tuple(Span(s.start - sentence.start, s.end - sentence.start) for s, _ in faults),
                    by_people=True,
                )


def _marked(bench: Path, name: str) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """For each response, by the id that `read_set` gives it, the spans that people marked and their kinds."""
    path = bench / f"judge_faith/ragtruth_faithjudge/ragtruth_{name}.jsonl"
    if not path.exists():
        return
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            item = json.loads(line)
            for number, response in enumerate(item["responses"]):
                spans = [(span["start"], span["end"], span["label_type"]) for span in response["labels"]]
                yield f"{item['source_id']}:{number}:{response['model']}", spans


def summedits(bench: Path) -> Iterator[Example]:
    """SummEdits: of each edited summary the sentences that the edit changed, and once those that it left."""
    for name in ("news", "qmsumm", "samsum", "scitldr"):
        items = read_set(f"summedits-{name}", bench) or []
        originals = {item.group: item.text for item in items if item.id.endswith("_og")}
        seen: set[tuple[str, str]] = set()
        for item in items:
            for sentence in _sentences(item.text):
                claim = sentence.of(item.text)
                changed = _changed(originals.get(item.group, item.text), item.text, sentence)
                if (item.group, claim) in seen or (not item.supported and changed is None):
                    continue
                seen.add((item.group, claim))
                holds = item.supported or not changed
                yield Example(
                    f"summedits-{name}",
                    f"summedits:{item.group}",
                    claim,
                    beside(claim, item.evidence),
                    HOLDS if holds else FAILS,
                    () if holds else changed,
                    by_people=True,
                )


def _changed(before: str, after: str, sentence: Span) -> tuple[Span, ...] | None:
    """The words of one sentence of `after` that are not so in `before`; None where nothing but a deletion shows."""
    found = changed_words(before, after)
    inside = tuple(
        Span(max(0, span.start - sentence.start), min(span.end, sentence.end) - sentence.start)
        for span in found
        if span.start < sentence.end and span.end > sentence.start
    )
    return inside


def changed_words(before: str, after: str) -> tuple[Span, ...]:
    """Runs of words of `after` that differ from `before`; where words were taken out, those on either side."""
    old, new = words(before), words(after)
    matcher = SequenceMatcher(
        None, [span.of(before).casefold() for span in old], [span.of(after).casefold() for span in new], autojunk=False
    )
    found = []
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag == "equal" or not new:
            continue
        if tag == "delete":
            start, end = max(0, start - 1), min(len(new), end + 1)
        found.append(Span(new[start].start, new[end - 1].end))
    return tuple(found)


def scifact(bench: Path) -> Iterator[Example]:
    """SciFact: claims of medicine beside the abstract that bears them out, refutes them, or does neither."""
    folder = bench / "retrieval/scifact"
    if not folder.exists():
        return
    csv.field_size_limit(sys.maxsize)
    abstracts = {item.title: item.text for item in load_set("scifact", bench).documents}
    with (folder / "corpus_train.csv").open(encoding="utf-8", newline="") as stream:
        titles = {row["doc_id"]: row["title"] for row in csv.DictReader(stream) if row["title"] in abstracts}
    label = {"SUPPORT": HOLDS, "CONTRADICT": frozenset({CONTRADICTED}), "": frozenset({NOT_ENOUGH})}
    with (folder / "claims_train.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            cited = row["evidence_doc_id"] or row["cited_doc_ids"].strip("[]").split()[0].strip(",")
            if cited not in titles:
                continue
            verdicts = label[row["evidence_label"]]
            yield Example(
                "scifact",
                f"scifact:{titles[cited]}",
                row["claim"],
                beside(row["claim"], [abstracts[titles[cited]]]),
                verdicts,
                () if verdicts == HOLDS else None,
                by_people=True,
            )


def plain(text: str) -> str:
    """Text as FEVER has it, with its spaces as people write them."""
    text = text.replace("``", '"').replace("''", '"').replace(" -- ", " – ")
    return _SPACED.sub("", text)


def _sentences(text: str) -> list[Span]:
    return [span for span in units(text) if len(words(span.of(text))) >= SHORTEST and not span.of(text).endswith("?")]
