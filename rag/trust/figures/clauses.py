"""What a figure is said of: the years and names of the part of a sentence that it stands in."""

import re
from collections.abc import Sequence

from rag.trust.figures import words
from rag.trust.figures.comparing import alike, follows
from rag.trust.figures.rivals import Known

_PARTS = re.compile(r"[;:]\s|[.!?]\s+(?=[A-Z])|,(?!\d)|\b(?:and|but|while|whereas)\b")
_OPENS = re.compile(r"\W*(?:in|by|during|since|for)\b", re.IGNORECASE)
_OPENING = 3
"""Words of `In May 2021,` before the comma that parts it from nothing."""
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_NAME = re.compile(r"\b[A-Z][^\W\d_]+")


def told_of_the_same(own: Known, rival: Known, known: Sequence[Known]) -> bool:
    """Whether the evidence gives the figure to a year or name that the sentence gives it to, and not the rival.

    `90 members in 2021, 40 in 2019` of `40 members in 2019 and 90 in 2021`.
    """
    said = _labels(own)
    mine = any(follows(own.figure, found.figure) and said & _labels(found) for found in known)
    return mine and not said & _labels(rival)


def of_its_year(own: Known, known: Sequence[Known]) -> Known | None:
    """The other figure of the same unit or things that the evidence has for the year that the sentence names.

    None unless the evidence gives the figure itself only to other years.
    """
    if own.figure.kind != "number" or not (own.figure.unit or own.figure.noun) or not (years := _years(own)):
        return None
    bearing = [_years(found) for found in known if follows(own.figure, found.figure)]
    if not bearing or not all(there and not there & years for there in bearing):
        return None
    others = [found for found in known if found.figure.kind == "number" and not found.figure.weak]
    others = [found for found in others if not follows(own.figure, found.figure) and _years(found) == years]
    same = [found for found in others if found.figure.unit == own.figure.unit]
    return next((found for found in same if own.figure.unit or alike(own.figure.noun, found.figure.noun)), None)


def _labels(known: Known) -> frozenset[str]:
    """The names beside a figure, and the years beside one that is no date itself."""
    names = (name.lower() for name in _NAME.findall(_beside(known)))
    years = frozenset[str]() if known.figure.when else _years(known)
    return years | frozenset(name for name in names if name not in words.NO_NOUN)


def _years(known: Known) -> frozenset[str]:
    return frozenset(_YEAR.findall(_beside(known)))


def _beside(known: Known) -> str:
    """The part of the sentence that the figure stands in, without the figure."""
    text, span = known.text, known.figure.span
    start = 0
    for cut in _PARTS.finditer(text, 0, span.start):
        before = text[start : cut.start()]
        if cut.group() != "," or not _OPENS.match(before) or len(before.split()) > _OPENING:
            start = cut.end()
    stop = _PARTS.search(text, span.end)
    return f"{text[start : span.start]} {text[span.end : stop.start() if stop else len(text)]}"
