"""Texts that people labelled, and what the support judge finds for each sentence of them before it is weighed.

Only what the judge's own model did not learn from: groups that are held apart, and those that chose its checkpoint.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import track

from evals.judge.sets import SETS, Judged, in_parts, read_set, some_groups
from evals.sets.parts import Part, group_of, part
from rag import Checked, Judge
from rag.types import Span

FITTED = ("wice", "expertqa", "ragtruth-qa", "ragtruth-summary", "fever")
ELSEWHERE = "another's evidence"
KINDS = (*FITTED, ELSEWHERE)
EVERY = 4
"""Of the supported texts, every so many are also held against another's evidence."""
NOT_LEARNT: frozenset[Part] = frozenset({"held", "select"})
OWN = ("entails", "refutes")
"""What the model of its own tells the judge."""
BASE = tuple(name for name in Judge.SIGNALS if name not in OWN)
"""What the judge goes by without it."""
SIGNALS = (*BASE, *OWN)

Key = tuple[str, tuple[str, ...]]
"""A text and its evidence."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its evidence and what people say of it."""

    set: str
    group: str
    """As `group_of` names it."""
    text: str
    evidence: tuple[str, ...]
    supported: bool
    neutral: bool = False
    """Whether the evidence is known neither to bear it out nor to say otherwise."""
    wrong: tuple[Span, ...] | None = None
    """What people marked as not borne out; None where they marked no words."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one sentence, three sequences of one length, and whether an exact check objects to any."""

    odds: tuple[float, ...]
    """Log-odds of the model that the evidence does not bear it out."""
    exact: tuple[bool, ...]
    """Whether it is marked without the model: it stands nowhere in the evidence, or an exact check objects."""
    wrong: tuple[bool, ...]
    """Whether people marked it."""
    objected: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One labelled text: the signals of each sentence that has any, and whether an exact check objects to one."""

    set: str
    group: str
    supported: bool
    objected: bool
    signals: tuple[tuple[float, ...], ...]
    """A row for each sentence, in the order of `SIGNALS`."""
    neutral: bool = False
    words: tuple[Words, ...] = ()
    """As many as there are rows; empty where people marked no words."""


def texts(folder: Path, limit: int) -> list[Text]:
    """About `limit` texts of each set that is fitted to (0 for all), some of them also beside another's evidence.

    Raises `ValueError` for a set that may not be fitted to.
    """
    found = []
    for name in FITTED:
        if not SETS[name].may_fit:
            raise ValueError(f"{name} may not be fitted to")
        items = some_groups(in_parts(name, read_set(name, folder) or [], NOT_LEARNT), limit)
        found += [_text(name, name, item) for item in items]
        for at, item in enumerate(items):
            other = items[(at + len(items) // 2) % len(items)]
            if item.supported and at % EVERY == 0 and other.group != item.group:
                own = _text(ELSEWHERE, name, item)
                found += [own, replace(own, evidence=other.evidence, supported=False, neutral=True)]
    return found


def look(lists: Sequence[Sequence[Text]], console: Console) -> list[list[Seen]]:
    """What the judge finds for the texts of each list, on all cores and once for each; texts that stand in the evidence
    word for word are left out."""
    keys: list[Key] = list(dict.fromkeys((one.text, one.evidence) for chosen in lists for one in chosen))
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        looked = pool.map(_look, keys, chunksize=8)
        bar = track(looked, "texts", total=len(keys), console=console, disable=not console.is_terminal)
        found = dict(zip(keys, bar, strict=True))
    return [list(seen(chosen, found)) for chosen in lists]


def seen(chosen: Iterable[Text], found: Mapping[Key, Sequence[tuple[Span, Checked]]]) -> Iterable[Seen]:
    """The texts with what was found for them; without those that have no signals."""
    for one in chosen:
        every = found[one.text, one.evidence]
        checked = [(span, own) for span, own in every if own.signals]
        if checked:
            rows = tuple(tuple(own.signals[name] for name in SIGNALS) for _, own in checked)
            marked = () if one.wrong is None else tuple(_words(one, span, own) for span, own in checked)
            objected = any(own.findings for _, own in every)
            yield Seen(one.set, one.group, one.supported, objected, rows, one.neutral, marked)


def part_of(one: Seen) -> Part:
    """Whether its group is held apart, or chose the checkpoint."""
    return part(one.group)


def _text(kind: str, name: str, item: Judged) -> Text:
    return Text(kind, group_of(name, item.group), item.text, item.evidence, item.supported)


def _words(text: Text, place: Span, checked: Checked) -> Words:
    exact = [*checked.missing, *(one.span for one in checked.findings)]
    wrong = [Span(span.start - place.start, span.end - place.start) for span in text.wrong or ()]
    spans = [span for span, _ in checked.reading.words]
    return Words(
        tuple(odds for _, odds in checked.reading.words),
        tuple(_touches(span, exact) for span in spans),
        tuple(_touches(span, wrong) for span in spans),
        bool(checked.findings),
    )


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _look(key: Key) -> list[tuple[Span, Checked]]:
    return _judge().checked(*key)


@cache
def _judge() -> Judge:
    """One that finds every signal; it is never asked for a verdict."""
    return Judge.finding_all(threads=1)
