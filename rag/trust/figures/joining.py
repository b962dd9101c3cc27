"""Figures that share what is said once: `10 to 12 million`, `5, 6 and 7 percent`, `$5–10`, `between 10 and 12 km`."""

from dataclasses import replace
from fractions import Fraction

from rag.trust.figures import units
from rag.trust.figures.counting import Read
from rag.trust.figures.figure import Figure
from rag.trust.figures.tokens import HYPHENS, Token
from rag.types import Span

_MOST_SCORED = 300
_LIST = frozenset(", and or & to through / ; than".split()) | HYPHENS


def join(row: list[Token], found: list[Read]) -> list[Figure]:
    """The figures with shared units and scales handed on, and ranges made one figure of two ends."""
    found = _summed(row, found)
    figures = [read.figure for read in found]
    joints = [_joint(row, found[at], found[at + 1]) for at in range(len(found) - 1)]
    for at in range(len(joints) - 1, -1, -1):
        if joints[at]:
            figures[at] = _shared(figures[at], figures[at + 1], joints[at])
    for at, joint in enumerate(joints):
        moved = joint == "to" and row[max(found[at].first - 1, 0)].low == "from"  # from eight years to five
        if (moved or (joint in HYPHENS and units.is_money(figures[at].unit))) and _plain(figures[at + 1]):
            figures[at + 1] = replace(figures[at + 1], unit=figures[at].unit)
    ranges = [_spans(row, found[at], figures[at], figures[at + 1], joint) for at, joint in enumerate(joints)]
    joined: list[Figure] = []
    for at, figure in enumerate(figures):
        if at and ranges[at - 1]:
            first = joined.pop()
            step = min(first.step, figure.step)
            span = Span(first.span.start, figure.span.end)
            joined.append(replace(figure, span=span, value=first.value, step=step, bound=first.bound, weak=False))
        else:
            joined.append(figure)
    return joined


def _summed(row: list[Token], found: list[Read]) -> list[Read]:
    """`two hours and thirty minutes`, `5 feet 10 inches` and `twelve euros and fifty cents` as one number each."""
    summed: list[Read] = []
    for read in found:
        last = summed[-1] if summed else None
        rest = _rest(last.figure, read.figure) if last else None
        if last is None or rest is None or not _beside(row, last, read):
            summed.append(read)
            continue
        value = last.figure.value + rest
        span = Span(last.figure.span.start, read.figure.span.end)
        summed[-1] = Read(replace(last.figure, span=span, value=value, until=value), last.first, read.after)
    return summed


def _beside(row: list[Token], one: Read, other: Read) -> bool:
    return other.first == one.after or (other.first == one.after + 1 and row[one.after].low in ("and", ","))


def _rest(one: Figure, other: Figure) -> Fraction | None:
    """The second part of a sum in the unit of the first, or None where they are none."""
    if (
        one.kind != "number"
        or other.kind != "number"
        or not one.unit
        or one.weak
        or other.weak
        or one.unit == other.unit
    ):
        return None
    if units.is_money(one.unit) and other.unit in ("cent", "penny") and other.value < 100:
        return other.value / 100
    rest = units.convert(other.value, other.unit, one.unit)
    additive = units.DIMENSION.get(one.unit) in ("time", "length", "mass")
    return rest if additive and rest is not None and 0 < rest < 1 else None


def _joint(row: list[Token], one: Read, other: Read) -> str:
    """The word or sign that alone stands between two numbers, or nothing."""
    if one.figure.kind != "number" or other.figure.kind != "number":
        return ""
    between = [row[at].low for at in range(one.after, other.first)]
    if 0 < len(between) < 3 and all(word in _LIST for word in between):
        return between[-1]
    return ""


def _plain(figure: Figure) -> bool:
    return figure.kind == "number" and not figure.unit and not figure.noun and not figure.weak


def _shared(one: Figure, other: Figure, joint: str) -> Figure:
    if _plain(one) and (other.unit or other.noun):
        one = replace(one, unit=other.unit, noun=other.noun)
    apart = other.scaled > 1 and one.scaled == 1 and one.value < 1000 and one.unit == other.unit
    if apart and joint in HYPHENS | {"to", "or", "and"} and one.value * other.scaled < other.value:
        scale = Fraction(other.scaled)
        one = replace(one, value=one.value * scale, until=one.value * scale, step=one.step * scale, scaled=other.scaled)
    return one


def _spans(row: list[Token], read: Read, one: Figure, other: Figure, joint: str) -> bool:
    """Whether two numbers are the ends of one range (`10–12`, `10 to 12`, `between 10 and 12`) or a score (`3–2`)."""
    between = joint == "and" and read.first > 0 and row[read.first - 1].low == "between"
    if one.unit != other.unit or one.is_range:
        return False
    if joint in HYPHENS and one.value >= other.value:
        return not one.unit and read.after + 1 < len(row) and max(one.value, other.value) < _MOST_SCORED
    return (joint in HYPHENS | {"to", "through"} or between) and one.value < other.value
