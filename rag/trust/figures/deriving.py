"""Figures that follow from several of the evidence: sums, lengths of time, `a year earlier`, `before 2005`."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, groupby, pairwise

from rag.trust.figures import units
from rag.trust.figures.comparing import alike, units_agree
from rag.trust.figures.figure import Figure
from rag.trust.figures.rivals import OUT_OF, Known
from rag.trust.figures.tokens import tokens
from rag.trust.figures.when import When

_JOINT = re.compile(r"\s*(?:votes? to|to|and|[-–—]|--)\s*", re.IGNORECASE)
_RATED = re.compile(r"(?: [a-z]+)?\s*")
_IN_A_YEAR = {"week": 52, "month": 12, "quarter": 4, "year": 1}
_BY = frozenset("by a of".split())
_UP = frozenset(
    "rise rises rose risen rising increase increases increased grow grows grew grown gain gained up".split()
)
_DOWN = frozenset(
    "fall falls fell fallen falling decrease decreases decreased drop drops dropped decline declines declined shrink"
    " shrank cut reduced down".split()
)
_NOT_LONG = 20 * 365
"""Days that may lie between a date and the one that it is said to be before or after."""
_BOUNDED = {"before": -1, "after": 1, "since": 1}
_RECKONED = re.compile(
    r"\b(?:total(?:s|led|ling|ed|ing)?|combined|altogether|in all|sum|together|difference|margin|gap|net|overall"
    r"|(?:rose|rise|fell|fall|grew|growth|increase[ds]?|decrease[ds]?|drop|dropped|declined?|gain|gained|up|down)"
    r" (?:of|by))\b",
    re.IGNORECASE,
)
_MOST_RECKONED = 12
"""Figures of the evidence that sums and differences are tried of."""


def bounds_hold(figure: Figure, sentence: str, known: list[Known]) -> bool:
    """Whether `before 2005` and `after 2005` hold of a date that the evidence gives without such a word."""
    side = _side(sentence, figure)
    if not side or not figure.when or not (days := figure.when.days()):
        return False
    if any(_side(found.text, found.figure) == side for found in known if found.figure.when):
        return False
    others = [found.figure.when.days() for found in known if found.figure.when]
    gaps = [days[0] - other[1] if side < 0 else other[0] - days[1] for other in others if other]
    return any(0 < gap < _NOT_LONG for gap in gaps)


def _side(text: str, figure: Figure) -> int:
    """-1 for `before 2005`, 1 for `after 2005`, else 0."""
    before = [
        word for word in text[max(0, figure.span.start - 12) : figure.span.start].lower().split() if word != "the"
    ]
    return _BOUNDED.get(before[-1], 0) if before else 0


def turned(text: str, own: list[Figure], known: list[Known]) -> set[int]:
    """Which figures of the sentence end a pair (`from 20 to 10`) that the evidence has only the other way round."""
    pairs = {values for _, values in _pairs(text, own)}
    if not pairs:
        return set()
    there: set[tuple[Fraction, Fraction]] = set()
    for other, group in groupby(known, key=lambda found: found.text):
        there |= {values for _, values in _pairs(other, [found.figure for found in group])}
    return {at for at, (one, two) in _pairs(text, own) if (two, one) in there and (one, two) not in there}


def _pairs(text: str, row: list[Figure]) -> Iterator[tuple[int, tuple[Fraction, Fraction]]]:
    """Where in a row of figures a pair ends, and its values; not a score, which may be told from either side."""
    for at, figure in enumerate(row):
        if figure.value < figure.until:
            yield at, (figure.value, figure.until)
            continue
        before = row[at - 1] if at else None
        if (
            before is None
            or before.kind != figure.kind
            or before.value == figure.value
            or not before.value * figure.value
        ):
            continue
        if _JOINT.fullmatch(text[before.span.end : figure.span.start]):
            yield at, (before.value, figure.value)


def one_in_so_many(figure: Figure, known: list[Known]) -> bool:
    """Whether a share is told as two numbers in the evidence: 60 percent as `six in ten`."""
    if figure.unit not in ("percent", "share"):
        return False
    share = units.convert(figure.value, figure.unit, "share")
    pairs = [(one.figure, two.figure, one.text) for one, two in pairwise(known) if one.text is two.text]
    return any(
        two.value and one.value / two.value == share and OUT_OF.fullmatch(text[one.span.end : two.span.start])
        for one, two, text in pairs
        if one.kind == two.kind == "number"
    )


def named_apart(figure: Figure, known: list[Known]) -> bool:
    """Whether the number stands bare and its unit apart from it, as in a table: `Distance (km): 5`."""
    bare = [
        found
        for found in known
        if found.figure.kind == "number" and not found.figure.unit and not found.figure.noun
        and found.figure.value == figure.value
    ]  # fmt: skip
    if not figure.unit or not bare:
        return False
    texts = {found.text for found in bare}
    taken = [(found.text, found.figure.span) for found in known]
    return any(
        units.unit_of(token.low) == figure.unit
        and not any(there is text and span.start <= token.start < span.end for there, span in taken)
        for text in texts
        for token in tokens(text)
    )


def lasted(figure: Figure, known: list[Known]) -> bool:
    """Whether a length in years is what lies between two dates that follow one another in the evidence."""
    if figure.unit not in ("year", "decade", "century"):
        return False
    years = [(found.figure.when.year, found.text) for found in known if found.figure.when and found.figure.when.year]
    gaps = [abs(two[0] - one[0]) for one, two in pairwise(years) if one[1] is two[1]]
    asked = units.convert(figure.value, figure.unit, "year")
    return any(asked in (gap, gap - 1) if figure.unit == "year" else asked == gap for gap in gaps)


def reckoned(figure: Figure, sentence: str, known: list[Known]) -> bool:
    """Whether the number is a sum or difference of two of the evidence, and the sentence speaks of one."""
    if not _RECKONED.search(sentence):
        return False
    values = [
        found.figure.value
        for found in known
        if found.figure.kind == "number" and found.figure.unit == figure.unit and not found.figure.weak
        and units_agree(figure, found.figure)
    ][:_MOST_RECKONED]  # fmt: skip
    pairs = combinations(values, 2)
    return any(figure.value in (one + two, abs(one - two)) for one, two in pairs) or figure.value == sum(values)


def rates(sentence: str, own: list[Figure], known: list[Known]) -> set[int]:
    """Which figures of the sentence are a rate in another period: `36,000 euros a year` of `3,000 euros a month`."""
    there = [
        rate
        for text, group in groupby(known, key=lambda found: found.text)
        for rate in _rates(text, [found.figure for found in group])
    ]
    borne: set[int] = set()
    for at, figure, periods in _rates(sentence, own):
        worth = [
            other.value * there_periods / periods
            for _, other, there_periods in there
            if other.unit == figure.unit and alike(figure.noun, other.noun) and other.bound == figure.bound
        ]
        if figure.value in worth:
            borne |= {at, at + 1}
    return borne


def _rates(text: str, row: list[Figure]) -> Iterator[tuple[int, Figure, int]]:
    """Where in a row of figures a rate stands, its amount, and how many of its periods a year has."""
    for at, (one, two) in enumerate(pairwise(row)):
        period = two.kind == "often" or (two.kind == "number" and two.value == 1 and two.weak)
        beside = one.kind == "number" and _RATED.fullmatch(text[one.span.end : two.span.start])
        if period and beside and two.unit in _IN_A_YEAR:
            yield at, one, _IN_A_YEAR[two.unit]


def changed(figure: Figure, at: Known, known: list[Known]) -> bool:
    """Whether a change is told in another form: `halved` of `fell by 50 percent`, `rose by half` of `from 4 to 6`."""
    if figure.unit == "percentage-point":
        return any(abs(end - start) == figure.value for start, end in _from_to(known))
    times = _times(figure, at)
    if times is None:
        return False
    if any(times == _times(found.figure, found) for found in known):
        return True
    off = (units.convert(figure.step, figure.unit, "share") or Fraction(0)) / 2
    return any(abs(end / start - times) <= off for start, end in _from_to(known))


def _from_to(known: list[Known]) -> Iterator[tuple[Fraction, Fraction]]:
    """The two ends of each change in the evidence: `from 4 to 6 million`."""
    for text, group in groupby(known, key=lambda found: found.text):
        for _, (start, end) in _pairs(text, [found.figure for found in group]):
            if start > 0:
                yield start, end


def _times(figure: Figure, at: Known) -> Fraction | None:
    """How many times as much there is after the change, where the figure tells a change."""
    if figure.kind != "number" or figure.bound or at.before[:1] in (["nearly"], ["almost"], ["about"]):
        return None
    if figure.unit == "times":
        return figure.value
    share = units.convert(figure.value, figure.unit, "share")
    verb = next((word for word in at.before if word not in _BY), "")
    if share is None or verb not in _UP | _DOWN:
        return None
    return 1 + share if verb in _UP else 1 - share


def shifted(known: list[Known]) -> list[When]:
    """The dates that `two years later` and `the next day` lead to from the date that stands nearest before or after."""
    dates = [found for found in known if found.figure.when]
    found_dates = []
    for found in known:
        figure = found.figure
        amount = int(figure.value) * figure.shift if figure.kind == "number" else int(figure.value)
        if not amount or figure.kind not in ("number", "relative") or figure.value.denominator != 1:
            continue
        near = [other for other in dates if other.text is found.text]
        if near:
            anchor = min(near, key=lambda other: abs(other.figure.span.start - figure.span.start))
            when = anchor.figure.when.shifted(amount, figure.unit) if anchor.figure.when else None
            found_dates += [when] if when else []
    return found_dates
