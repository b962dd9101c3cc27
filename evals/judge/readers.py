"""How each public set of labelled texts is read: one function a set."""

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag.types import Span

SUPPORTS, REFUTES, NEUTRAL = "supports", "refutes", "neutral"
"""The labels of three-way sets."""
FIRST_SENTENCES = 30
"""Of a WiCE article: the evidence where nobody named supporting sentences."""

_MARK = re.compile(r"\s*\[\d+\]")
_CITED = re.compile(r"^(?:\[\d+\])?\s*(?:https?://\S+)?\s*")
_PASSAGE = re.compile(r"passage \d+:")
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A text that people labelled against evidence."""

    id: str
    group: str
    """Article, question or source: texts of one group are resampled, and held apart, together."""
    text: str
    """Claim, sentence or whole response."""
    evidence: tuple[str, ...]
    label: str
    """The people's own word."""
    supported: bool


def begin(path: Path) -> Iterator[Judged]:
    """BEGIN (Dziri et al. 2022): replies against the knowledge they were given; fully attributable or not."""
    for file in sorted(path.glob("*.tsv")):
        for number, row in enumerate(_rows(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
            knowledge, label = row["knowledge"], row["begin_label"]
            yield Judged(
                f"{file.stem}:{number}",
                _key(knowledge),
                row["response"],
                (knowledge,),
                label,
                label == "Fully attributable",
            )


def expertqa(path: Path) -> Iterator[Judged]:
    """ExpertQA (Malaviya et al. 2023): claims of real systems whose citations came with the cited text.

    An evidence is `[n] URL`, an empty line and the text; those that are an address alone show nothing to a judge.
    Citation marks and addresses are taken off; claims that experts gave no label (`N/A`) are left out.
    """
    for number, item in enumerate(_lines(path)):
        for system, answer in item["answers"].items():
            for place, claim in enumerate(answer["claims"]):
                evidence = tuple(text for given in claim["evidence"] if (text := _CITED.sub("", given, count=1)))
                if evidence and claim["support"] in ("Complete", "Partial", "Incomplete", "Missing"):
                    yield Judged(
                        f"{number}:{system}:{place}",
                        _key(item["question"]),
                        _MARK.sub("", claim["claim_string"]).strip(),
                        evidence,
                        claim["support"],
                        claim["support"] == "Complete",
                    )


def wice(path: Path) -> Iterator[Judged]:
    """WiCE (Kamoi et al. 2023): sentences of Wikipedia against the page that they cite."""
    for item in _lines(path):
        sentences = item["evidence"]
        chosen = next((group for group in item["supporting_sentences"] if group), range(FIRST_SENTENCES))
        evidence = tuple(sentences[index] for index in chosen if index < len(sentences))
        yield Judged(
            item["meta"]["id"],
            item["meta"]["claim_title"],
            item["claim"],
            evidence,
            item["label"],
            item["label"] == "supported",
        )


def ragtruth(path: Path) -> Iterator[Judged]:
    """RAGTruth (Niu et al. 2024): whole responses; one with any marked span is hallucinated.

    `implicit_true` is the label where every span is true though the source does not say it.
    """
    for item in _lines(path):
        evidence = tuple(_evidence(item["source"]))
        for number, response in enumerate(item["responses"]):
            spans = response["labels"]
            label = "hallucinated" if spans else "faithful"
            if spans and all(span["implicit_true"] for span in spans):
                label = "implicit_true"
            yield Judged(
                f"{item['source_id']}:{number}:{response['model']}",
                str(item["source_id"]),
                response["response"],
                evidence,
                label,
                not spans,
            )


def summedits(path: Path) -> Iterator[Judged]:
    """SummEdits (Laban et al. 2023): summaries, most with one small edit; label 1 is consistent."""
    for item in json.loads(path.read_text(encoding="utf-8")):
        consistent = item["label"] == 1
        yield Judged(
            item["id"],
            _key(item["doc"]),
            item["summary"],
            (item["doc"],),
            "consistent" if consistent else "inconsistent",
            consistent,
        )


def faithbench(path: Path) -> Iterator[Judged]:
    """FaithBench (Bao et al. 2024): summaries by the worst label that any annotator gave; benign ones hold."""
    for number, row in enumerate(_rows(path)):
        label = row["worst-label"]
        source = row["source"]
        yield Judged(str(number), _key(source), row["summary"], (source,), label, label in ("Consistent", "Benign"))


def healthver(path: Path) -> Iterator[Judged]:
    """HealthVer (Sarrouti et al. 2021): claims on COVID-19 against sentences of papers, by question."""
    for row in _rows(path):
        label = {"Supports": SUPPORTS, "Refutes": REFUTES, "Neutral": NEUTRAL}[row["label"]]
        yield Judged(row["id"], row["question"], row["claim"], (row["evidence"],), label, label == SUPPORTS)


def climate_fever(path: Path) -> Iterator[Judged]:
    """CLIMATE-FEVER (Diggelmann et al. 2020): claims on the climate against single sentences of Wikipedia."""
    labels = {"SUPPORTS": SUPPORTS, "REFUTES": REFUTES, "NOT_ENOUGH_INFO": NEUTRAL}
    for item in _lines(path):
        for number, evidence in enumerate(item["evidences"]):
            label = labels[evidence["evidence_label"]]
            yield Judged(
                f"{item['claim_id']}:{number}",
                item["claim_id"],
                item["claim"],
                (evidence["evidence"],),
                label,
                label == SUPPORTS,
            )


def fever(path: Path) -> Iterator[Judged]:
    """FEVER (Thorne et al. 2018) as pairs of claim and evidence: entailment or not."""
    for number, row in enumerate(_rows(path, delimiter="\t", quoting=csv.QUOTE_NONE)):
        evidence, claim = _unescaped(row["evidence"]), _unescaped(row["claim"])
        yield Judged(str(number), _key(evidence), claim, (evidence,), row["label"], row["label"] == "entailment")


def _evidence(source: str | dict[str, Any]) -> Iterable[str]:
    """A RAGTruth source: an article, the passages shown for a question, or what is known of a business."""
    if isinstance(source, str):
        return [source]
    if "passages" in source:
        return [text for part in _PASSAGE.split(source["passages"]) if (text := part.strip())]
    reviews = source.get("review_info", [])
    facts = {key: value for key, value in source.items() if key != "review_info"}
    return ["\n".join(_facts(facts)), *(". ".join(_facts(review)) for review in reviews)]


def _facts(value: object, name: str = "") -> Iterator[str]:
    """`name: value` for each leaf, nested names joined."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _facts(inner, f"{name} {key}".strip())
    elif value is not None:
        yield f"{name}: {'yes' if value is True else 'no' if value is False else value}"


def _unescaped(text: str) -> str:
    for escape, bracket in _BRACKETS.items():
        text = text.replace(escape, bracket)
    return text


def flagged(text: str, tokens: Sequence[str], flags: Sequence[bool]) -> tuple[Span, ...] | None:
    """Where the flagged tokens stand; None where they cannot be followed through the text."""
    at, found = 0, []
    for token, flag in zip(tokens, flags, strict=True):
        start = text.find(token, at)
        if start < 0:
            return None
        at = start + len(token)
        if flag:
            found.append(Span(start, at))
    return tuple(found)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _rows(path: Path, delimiter: str = ",", quoting: Literal[0, 3] = csv.QUOTE_MINIMAL) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=delimiter, quoting=quoting)
