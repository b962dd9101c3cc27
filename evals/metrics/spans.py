"""Places in documents, and how well the characters of some cover those of others."""

from collections.abc import Sequence
from typing import NamedTuple

HELD = 0.5
"""Share of the shorter of two places that must be common to both for one to hold the other."""


class Place(NamedTuple):
    """A half-open range of characters of one document."""

    source: str
    start: int
    end: int

    def holds(self, other: "Place") -> bool:
        """Whether the two share at least `HELD` of the shorter one."""
        if self.source != other.source:
            return False
        shared = min(self.end, other.end) - max(self.start, other.start)
        return shared > 0 and shared >= HELD * min(self.end - self.start, other.end - other.start)


def span_precision(cited: Sequence[Place], gold: Sequence[Place]) -> float | None:
    """The share of the cited characters that are gold; None without gold, or where no character is cited.

    As LettuceDetect counts characters (Kovács and Recski 2025, https://arxiv.org/abs/2502.17125,
    `span_eval_metrics.py`), for one answer instead of a whole set, and a character that lies in several spans once.
    """
    size = _characters(cited)
    return _shared(cited, gold) / size if size and _characters(gold) else None


def span_recall(cited: Sequence[Place], gold: Sequence[Place]) -> float | None:
    """The share of the gold characters that are cited; None without gold. See `span_precision`."""
    size = _characters(gold)
    return _shared(cited, gold) / size if size else None


def span_f1(cited: Sequence[Place], gold: Sequence[Place]) -> float | None:
    """2 · shared ÷ (cited + gold) characters, the harmonic mean of the two above; None without gold."""
    size = _characters(gold)
    return 2 * _shared(cited, gold) / (_characters(cited) + size) if size else None


def _characters(places: Sequence[Place]) -> int:
    return sum(place.end - place.start for place in _apart(places))


def _shared(some: Sequence[Place], others: Sequence[Place]) -> int:
    return _characters(some) + _characters(others) - _characters([*some, *others])


def _apart(places: Sequence[Place]) -> list[Place]:
    """The same characters in places that neither touch nor overlap."""
    apart: list[Place] = []
    for place in sorted(place for place in places if place.start < place.end):
        last = apart[-1] if apart else None
        if last and last.source == place.source and place.start <= last.end:
            apart[-1] = last._replace(end=max(last.end, place.end))
        else:
            apart.append(place)
    return apart
