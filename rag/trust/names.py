"""Does the evidence have the names of a sentence? People, places, peoples, organisations, works, acronyms.

There is no model of names here: a name is a run of words with capitals where a common word would have none. So a text
in lower case, or a heading in Title Case, has no names for this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.trust.finding import Finding
from rag.trust.held import Held
from rag.trust.naming import TITLES, Word, cut, in_name, is_heading, read, runs, units
from rag.trust.roles import exchanged
from rag.trust.slots import Beside, is_name
from rag.types import Span


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name of a text."""

    span: Span
    words: tuple[str, ...]
    """Its words in lower case, without accents, dots and possessive."""
    normal: str
    """What two mentions share: the place for its people or language, no title, in lower case."""


def names(text: str) -> list[Name]:
    """The proper names of `text`, in order. Months, weekdays and titles that stand alone are none."""
    return [_name(run) for run in runs(read(text))]


def check(sentence: str, evidence: Sequence[str]) -> list[Finding]:
    """The names of `sentence` that the evidence does not have, in any form, spelling, or as an acronym.

    Also a name that it has elsewhere, where it has another in its place. A first name that the evidence leaves out is
    no finding, unless it has another one before that surname; nor is the subject, where the evidence begins with "he".
    """
    words = read(sentence)
    if is_heading(words) or not any(in_name(word) for word in words):
        return []
    held = Held(evidence)
    return [
        _finding(sentence, span, against) for one in cut(words) for span, against in sorted(_unheld(one, held).items())
    ]


def _unheld(words: Sequence[Word], held: Held) -> dict[Span, str | None]:
    """The names of one sentence that the evidence does not have, or not there; with what it has instead."""
    beside = Beside(words, held)
    found: dict[Span, str | None] = {}
    for span, other in beside.displaced():
        found.setdefault(span, other)
    for unit in (unit for run in runs(words) if not held.abbreviates(run) for unit in units(run)):
        span = Span(unit[0].start, unit[-1].end)
        if any(span.start < other.end and other.start < span.end for other in found) or not held.lacks(unit):
            continue
        against = beside.taken_by(unit)
        if against or not beside.points_at(unit):
            found[span] = against or beside.likely(unit)
    return found


def swapped(sentence: str, evidence: Sequence[str]) -> list[Finding]:
    """Two names of `sentence` that stand in each other's place in the evidence: "A beat B" for "B beat A"."""
    words = read(sentence)
    if sum(is_name(word) for word in words) < 2:
        return []
    held = Held(evidence)
    found: list[Finding] = []
    for span, against in (pair for one in cut(words) for pair in exchanged(one, held)):
        if not any(span.start < other.span.end and other.span.start < span.end for other in found):
            found.append(Finding(span, f"the evidence has these names the other way round: “{against}”", against))
    return found


def _finding(sentence: str, span: Span, against: str | None) -> Finding:
    name = span.of(sentence)
    if against is None:
        return Finding(span, f"“{name}” is not in the evidence")
    return Finding(span, f"“{name}” is not what the evidence says here, which has “{against}”", against)


def _name(run: Sequence[Word]) -> Name:
    kept = [word for word in run if word.fold not in TITLES] or run
    normal = " ".join(word.place or word.fold for word in kept)
    return Name(Span(run[0].start, run[-1].end), tuple(part for word in run for part in word.parts), normal)
