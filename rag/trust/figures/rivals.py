"""Which figure of the evidence speaks against one of the sentence."""

import re
from fractions import Fraction
from typing import NamedTuple

from rag.text import stems
from rag.trust.figures.comparing import follows, letters_of, overlaps, units_agree
from rag.trust.figures.figure import Figure
from rag.types import Span

_REACH = 60
"""Characters on each side of a figure that tell what it is about."""
_BESIDE, _TOLD = 50, 4
"""Characters read and words compared on each side of a figure to tell whether it stands in the same place."""
_SAME_PLACE = 4
"""Words in all that must be the same on both sides."""
_WORD = re.compile(r"\w+|[^\w\s]")
_NEAR = 30
"""The same of a figure that may be none, which must stand in the same place to be wrong."""
COMMON = 100
"""Numbers below this stand for so many things that the same number of other things is no support."""
OUT_OF = re.compile(
    r"\s*(?:in|of|out of)(?: every)?(?: (?:the|its|his|her|their|our|these|those))?"
    r"(?: (?:\w+ )?\w+(?:['’]s|s['’]))?\s*",
    re.IGNORECASE,
)
"""What stands between a part and its whole: `two of the town's five`."""
_OF_A_SIZE, _ALIKE = 5, 3
"""An amount more than so many times another speaks against it only with so many words about them the same."""
_FEW = 20
"""The largest number that speaks against `two friends`."""


class Known(NamedTuple):
    """A figure where it stands: in the sentence, or in a text of the evidence."""

    figure: Figure
    text: str
    before: list[str]
    """The words and signs on its left, the nearest first."""
    after: list[str]


def known_at(figure: Figure, text: str) -> Known:
    """A figure of `text` with the words beside it."""
    before = _WORD.findall(text[max(0, figure.span.start - _BESIDE) : figure.span.start].lower())
    return Known(
        figure,
        text,
        before[::-1][:_TOLD],
        _WORD.findall(text[figure.span.end : figure.span.end + _BESIDE].lower())[:_TOLD],
    )


def in_its_place(own: Known, known: list[Known]) -> Known | None:
    """Another figure of the kind that stands between the very words that the figure of the sentence stands between.

    None where the evidence has the figure itself between words that are nearly as much the same.
    """
    best, most, mine = None, 0, 0
    last: Known | None = None
    for found in known:
        part, last = last, found
        if found.figure.kind != own.figure.kind:
            continue
        shared = _run(own.before, found.before) + _run(own.after, found.after)
        if follows(own.figure, found.figure) or (part and _is_whole(found, part) and follows(own.figure, part.figure)):
            mine = max(mine, shared)
        elif shared > most and not overlaps(own.figure, found.figure):
            best, most = found, shared
    return best if most >= _SAME_PLACE and most >= mine + _SAME_PLACE - 1 else None


def _is_whole(found: Known, part: Known) -> bool:
    """Whether a figure is what another is a part of: `ninety` in `three of the ninety`."""
    return found.text is part.text and bool(
        OUT_OF.fullmatch(found.text[part.figure.span.end : found.figure.span.start])
    )


def _run(one: list[str], other: list[str]) -> int:
    """How many words are the same, from the nearest on."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def rival_of(figure: Figure, sentence: str, known: list[Known], used: list[Figure]) -> Known | None:
    """The figure of the same kind whose surroundings are most like the figure's own, unless the sentence has it too."""
    reach = _NEAR if figure.weak else _REACH
    around = _around(sentence, figure.span, reach)
    best, most = None, 0
    for found in known:
        if not _rivals(figure, found.figure) or any(_taken(other, found.figure) for other in used):
            continue
        if follows(figure, found.figure):
            continue
        shared = len(around & _around(found.text, found.figure.span, reach))
        shared += bool(figure.noun) and figure.noun == found.figure.noun
        if shared > most and (shared >= _ALIKE or _of_a_size(figure, found.figure)):
            best, most = found, shared
    return best


def _of_a_size(one: Figure, other: Figure) -> bool:
    """Whether two amounts are of about one size; True of what is no amount."""
    if one.kind != "number" or not one.unit or not other.value:
        return True
    ratio = abs(one.value / other.value)
    return not ratio or Fraction(1, _OF_A_SIZE) <= ratio <= _OF_A_SIZE


def _taken(used: Figure, rival: Figure) -> bool:
    """Whether the sentence itself says what the evidence has there, of the same things."""
    return follows(used, rival) and not (used.noun and rival.noun and used.noun != rival.noun)


def _rivals(figure: Figure, other: Figure) -> bool:
    """Whether two figures that differ are of one kind, so that the one speaks against the other."""
    if figure.kind == "group":
        return bool(figure.noun) and figure.noun == other.noun and other.kind in ("group", "number")
    if figure.kind != other.kind or (figure.kind == "literal" and letters_of(figure) != letters_of(other)):
        return False
    if figure.kind == "date":
        return not overlaps(figure, other) and (not figure.noun or figure.noun == other.noun)
    if figure.kind == "relative":
        return figure.value == other.value or figure.unit == other.unit
    if figure.kind == "number" and figure.weak and not figure.unit:
        few = figure.value in (2, 3, 4) and not other.unit and other.value <= _FEW
        few = few or (min(figure.value, other.value) >= COMMON and not other.unit and not other.bound)
        return few or (bool(figure.noun) and figure.noun == other.noun)
    if figure.kind == "ordinal" and figure.weak:
        return figure.noun in ("", other.noun)
    if figure.kind == "number" and figure.unit:
        return bool(other.unit) and (units_agree(figure, other) or figure.value == other.value)
    return True


def _around(text: str, span: Span, reach: int) -> frozenset[str]:
    """The stems of the longer words beside a figure, without a word cut at the edge."""
    before, after = text[max(0, span.start - reach) : span.start], text[span.end : span.end + reach]
    before = before if span.start <= reach else before.partition(" ")[2]
    after = after if span.end + reach >= len(text) else after.rpartition(" ")[0]
    return frozenset(stem for stem in stems(f"{before} {after}") if len(stem) > 3)
