"""Whether one figure says the same as another: equal, rounded, converted, or the less exact of the two."""

import re
from fractions import Fraction

from rag.trust.figures import units, words
from rag.trust.figures.figure import Figure
from rag.trust.figures.when import meet, told_by

_LETTERS = re.compile(r"[^\d]+")
_AGAINST = ({"over", "under"}, {"within", "after"})
"""Bounds that cannot both hold."""


def same(one: Figure, other: Figure) -> bool:
    """Whether two figures give one value: equal, or the one follows from the other by rounding or conversion."""
    return follows(one, other) or follows(other, one)


def overlaps(one: Figure, other: Figure) -> bool:
    """Whether two dates can be the same time (September 2022 and the fall of 2022); False for other figures."""
    return one.when is not None and other.when is not None and meet(one.when, other.when)


def follows(figure: Figure, known: Figure) -> bool:
    """Whether who knows the figure `known` may write `figure` for it."""
    if figure.when and known.when:
        return told_by(figure.when, [known.when])
    if figure.kind == "number" and known.kind == "number":
        return _number_follows(figure, known)
    if figure.kind == "vague" and figure.unit:
        return known.unit == figure.unit
    if figure.kind == "vague":
        return known.value == figure.value if known.kind == "vague" else _among(figure, known)
    if figure.kind == "number" and known.kind == "vague":
        return False
    if figure.kind == "time" and known.kind == "number":
        return not known.unit and not known.noun and figure.value % 720 == known.value * 60 % 720
    if "group" in (figure.kind, known.kind):
        return {figure.kind, known.kind} <= {"group", "number"} and figure.value == known.value and not known.unit
    if {figure.kind, known.kind} <= {"number", "ordinal", "date"} and figure.kind != known.kind:
        return _across(figure, known)
    if figure.kind != known.kind:
        return figure.kind == "often" and known.kind == "number" and known.value == 1 and known.unit == figure.unit
    if figure.kind == "time":
        exact = figure.noun and known.noun
        return figure.value == known.value or (not exact and figure.value % 720 == known.value % 720)
    equal = figure.value == known.value
    return equal and (figure.kind == "ordinal" or (figure.unit, figure.noun) == (known.unit, known.noun))


def alike(noun: str, known: str) -> bool:
    """Whether who counts `known` may say that it counts `noun`, either of them empty: `people` of inhabitants."""
    return not noun or not known or noun == known or (noun == "person" and known in words.PERSONS)


def _among(figure: Figure, known: Figure) -> bool:
    """Whether a number may be called `thousands`."""
    top = 100 if figure.value < 1000 else 1000
    return known.kind == "number" and 2 * figure.value <= known.value < top * figure.value


def _across(figure: Figure, known: Figure) -> bool:
    """`season 3` and `the third season`; `2000 men`, read as a year, and `2,000 men`; `the 8th` of `8 July`."""
    if figure.kind == "ordinal" and known.when:
        return not figure.noun and figure.value == known.when.day
    if not figure.value or figure.value != known.value or figure.is_range or known.is_range:
        return False
    if "date" in (figure.kind, known.kind):
        return "ordinal" not in (figure.kind, known.kind) and not figure.unit and not known.unit
    if figure.kind == "number" and figure.noun and not figure.unit and figure.value > 4:
        return known.noun in ("", figure.noun)
    number = figure if figure.kind == "number" else known
    return not number.unit and (not number.noun or number is known or number.weak)


def units_agree(figure: Figure, known: Figure) -> bool:
    """Whether two numbers can be of one kind: units that convert, things counted, or nothing said at all."""
    if figure.unit and known.unit:
        return figure.unit == known.unit or units.convert(Fraction(1), known.unit, figure.unit) is not None
    if not figure.unit and not known.unit:
        return True
    given, plain = (figure, known) if figure.unit else (known, figure)
    if given.unit == "times" or (given.unit == "percentage-point" and plain.noun == "point"):
        return True
    if given is figure and given.noun == "age":
        return not plain.noun
    return given is known and not plain.noun and given.unit not in ("percent", "share", "percentage-point")


def _number_follows(figure: Figure, known: Figure) -> bool:
    if not units_agree(figure, known) or {figure.bound, known.bound} in _AGAINST:
        return False
    if figure.is_range:
        ends = (figure.value, figure.until), (known.value, known.until)
        if ends[0] == ends[1][::-1] and not figure.unit:  # a score, told from the other side
            return True
        return all(_value_follows(figure, mine, known, theirs) for mine, theirs in zip(*ends, strict=True))
    if _value_follows(figure, figure.value, known, known.value):
        return True
    return known.is_range and _value_follows(figure, figure.value, known, known.until)


def _value_follows(figure: Figure, mine: Fraction, known: Figure, theirs: Fraction) -> bool:
    if figure.bound == "over" and mine == 1 <= theirs:
        return True
    if not figure.unit or not known.unit or figure.unit == known.unit:
        return mine == theirs or _rounded(figure, mine, known, theirs)
    there = units.convert(theirs, known.unit, figure.unit)
    back = units.convert(mine, figure.unit, known.unit)
    if there is None or back is None:
        return False
    if figure.unit == "share" and figure.bound == "over" and not known.bound:
        return mine <= there <= 1
    if figure.unit == "share" and figure.bound == "about" and not known.bound and abs(there - mine) <= there / 16:
        return True
    return there == mine or _near(there, mine, figure.step) or _near(back, theirs, known.step)


def _near(value: Fraction, written: Fraction, step: Fraction) -> bool:
    """Whether a converted value was rounded to the one that is written, within a twentieth."""
    return abs(value - written) <= min(step / 2, abs(value) / 20)


def _rounded(figure: Figure, mine: Fraction, known: Figure, theirs: Fraction) -> bool:
    """`about 25 million` of 25.3 million, `more than 20` of 25, `nearly 100` of 98; unbounded only with care."""
    rounder = figure.step > known.step
    if not alike(figure.noun, known.noun):
        return False
    told = abs(theirs) >= 100 * known.step
    logical = rounder and told and known.bound == figure.bound != "about"
    if not theirs or (known.bound and not logical):
        return False
    if figure.bound in ("over", "under") and (figure.step < known.step or not _round(mine, figure.step)):
        return False
    if figure.bound == "over":
        return mine < theirs <= (max(mine * 2, Fraction(figure.unit == "share")) if rounder else mine * 3 / 2)
    if figure.bound == "under":
        return mine * 3 / 5 <= theirs < mine
    off = abs(mine - theirs)
    if not rounder or off > figure.step / 2:
        return False
    if figure.bound == "about":
        return off <= abs(theirs) / 10
    exact = known.step < known.scaled or (told and figure.step >= 100 * known.step)
    return exact and off <= abs(theirs) / (20 if abs(mine) >= 10 * figure.step else 50)


def _round(value: Fraction, step: Fraction) -> bool:
    """Whether a number is one that people say `more than` of: 7, 20, 25, 2.5 million; not 59 or 600,011."""
    figures = abs(value) / step
    return figures <= 10 or (figures < 100 and figures % 5 == 0)


def letters_of(literal: Figure) -> str:
    """The letters that a literal begins with: `covid` of `covid19`."""
    match = _LETTERS.match(literal.noun)
    return match.group() if match else ""
