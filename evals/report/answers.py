"""One result as a person reads it: the answer sentence by sentence, what it quotes, and where the evidence stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from evals.metrics import Place

VERDICTS = {
    "supported": "supported",
    "partial": "partly supported",
    "contradicted": "contradicted",
    "unsupported": "not supported",
    "unchecked": "not a claim",
}
NEAREST, LONGEST, MOST_WORDS = 3, 200, 400
"""Passages that a failed case shows, the characters that are shown of one, and those shown of the evidence."""
MOST_GOLD = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of an answer."""

    pieces: tuple[tuple[str, bool], ...]
    """Its text, and of each piece whether nothing cited supports it."""
    marks: tuple[tuple[int, bool], ...]
    """Its marks, and of each whether the answer has such a citation."""
    label: str
    word: str
    notes: tuple[str, ...]
    withheld: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation in the text around it."""

    marker: int
    where: str
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place that answers the question."""

    where: str
    words: str
    """Empty where they are not at hand."""
    rank: int | None
    """Of the first passage found that has it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of one question."""

    outcome: str
    refusal: str
    """What was said instead of an answer; empty where there is one."""
    parts: tuple[Part, ...]
    quotes: tuple[Quote, ...]
    confidence: str
    times: tuple[tuple[str, float], ...]
    passages: int


def answer_of(record: Mapping[str, Any]) -> Shown:
    """The answer of a result, or its error."""
    answer = record["answer"]
    if answer is None:
        return Shown("error", "", (), (), "", (), 0)
    kept = answer["status"] == "answered"
    return Shown(
        outcome="answered" if kept else "abstained",
        refusal="" if kept else answer["text"] or "No answer.",
        parts=tuple(_parts(answer, record["claims"])) if kept else (),
        quotes=tuple(_quote(shown) for shown in record["shown"]) if kept else (),
        confidence=f"{answer['confidence']:.2f}",
        times=tuple(answer["seconds"].items()) or (("total", record["seconds"]),),
        passages=len(answer["evidence"]),
    )


def wanted(record: Mapping[str, Any]) -> tuple[Wanted, ...]:
    """Where the case's evidence stands, and how high it was found; at most `MOST_GOLD` places."""
    named = record["evidence"] if len(record["evidence"]) == len(record["gold"]) else [{}] * len(record["gold"])
    hits = record["answer"]["evidence"] if record["answer"] else []
    pairs = zip(record["gold"][:MOST_GOLD], named[:MOST_GOLD], strict=True)
    return tuple(_wanted(gold, evidence, hits) for gold, evidence in pairs)


def nearest(record: Mapping[str, Any]) -> tuple[tuple[int, str, str], ...]:
    """Rank, title and beginning of the first passages found."""
    hits = record["answer"]["evidence"][:NEAREST] if record["answer"] else []
    return tuple((hit["rank"], hit["passage"]["title"], clipped(hit["passage"]["text"], LONGEST)) for hit in hits)


def clipped(text: str, longest: int) -> str:
    """`text` on one line, cut after a word."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


def _parts(answer: Mapping[str, Any], claims: Sequence[Mapping[str, Any]]) -> list[Part]:
    """The sentences; where the run's judge and the one that the reader had differ, the run's verdict stands."""
    waiting = [(claim["text"], claim["label"]) for claim in claims]
    known = {citation["marker"] for citation in answer["citations"]}
    parts = []
    for sentence in answer["sentences"]:
        verdict = sentence["verdict"]
        judged = next((one for one in waiting if one[0] == sentence["text"]), None)
        if judged:
            waiting.remove(judged)
        label = judged[1] if judged else verdict["label"]
        notes = list(verdict["notes"])
        if label != verdict["label"]:
            notes.append(f"shown to the reader as {VERDICTS[verdict['label']]}")
        parts.append(
            Part(
                pieces=_pieces(sentence["text"], verdict["unsupported"]),
                marks=tuple((marker, marker in known) for marker in sentence["citations"]),
                label=label,
                word=VERDICTS[label],
                notes=tuple(notes),
                withheld=sentence["withheld"],
            )
        )
    return parts


def _pieces(text: str, unproved: Sequence[Sequence[int]]) -> tuple[tuple[str, bool], ...]:
    pieces, at = [], 0
    for start, end in sorted((span[0], span[1]) for span in unproved):
        pieces += [(text[at:start], False), (text[max(at, start) : end], True)]
        at = max(at, end)
    return tuple(piece for piece in [*pieces, (text[at:], False)] if piece[0])


def _quote(shown: Mapping[str, Any]) -> Quote:
    name = file_name(shown["source"])
    where = shown["title"] if PurePosixPath(name).stem == shown["title"] else f"{shown['title']}, {name}"
    if shown["page"] is not None:
        where += f", page {shown['page']}"
    return Quote(shown["marker"], where, *(_paragraphs(shown[part]) for part in ("before", "quote", "after")))


def _wanted(gold: Mapping[str, Any], evidence: Mapping[str, Any], hits: Sequence[Mapping[str, Any]]) -> Wanted:
    place = Place(gold["source"], gold["start"], gold["end"])
    passages = [(hit["rank"], hit["passage"]) for hit in hits]
    holding = [one for one in passages if Place(one[1]["source"], one[1]["start"], one[1]["end"]).holds(place)]
    words, where = evidence.get("quote") or "", f"characters {place.start:,} to {place.end:,}"
    if evidence and evidence["start"] is evidence["quote"] is evidence["page"] is None:
        where = "the whole document"
    elif evidence and evidence["page"] is not None:
        where = f"page {evidence['page']}"
    elif not words:
        whole = (one for _, one in holding if one["start"] <= place.start and place.end <= one["end"])
        words = next((one["text"][place.start - one["start"] : place.end - one["start"]] for one in whole), "")
    rank = holding[0][0] if holding else None
    return Wanted(f"{file_name(place.source)}, {where}", clipped(words, MOST_WORDS), rank)


def _paragraphs(text: str) -> str:
    """One line for each paragraph: where its lines were broken in the file tells a reader nothing."""
    return re.sub(
        r"\s*\n\s*\n\s*|[^\S\n]*\n[^\S\n]*", lambda found: "\n" if found.group().count("\n") > 1 else " ", text
    )


def file_name(source: str) -> str:
    """The last part of a path or an address."""
    return PurePosixPath(source).name or source
