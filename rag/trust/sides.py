"""A disagreement in words: the value on each side, who gives it, and what a reader should know of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.answering.draft import Place
from rag.trust import voices
from rag.trust.comparing import Difference, Kind, agree
from rag.trust.figures import figures
from rag.trust.said import Said
from rag.types import Document

LONGEST_VALUE = 60
"""Characters of a value, as a side shows it."""
BEFORE, AFTER = 50, 40
"""Characters around a value that say what it is the value of."""
APART = 31
"""Days between two documents from which the later may tell of a later state."""

_ABOUT: dict[Kind, str] = {
    "date": "the date in",
    "figure": "the figure in",
    "name": "the name in",
    "yes-no": "whether it is so:",
}
_ONE_OR_OTHER = "one of the times may include the other"


@dataclass(frozen=True, slots=True)
class Claim:
    """One value, and the places that give it."""

    value: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Documents that give different values for the same thing."""

    about: str
    sides: tuple[Claim, ...]
    note: str = ""


def told(
    anchor: Said,
    against: Sequence[tuple[Said, Difference]],
    agreeing: Sequence[Said],
    fetch: Callable[[str], Document],
) -> Disagreement:
    """What `anchor` says and those that agree, beside what the others say instead."""
    clash = against[0][1]
    sides: dict[str, list[Place]] = {clash.one.of(anchor.text): [anchor.place, *(said.place for said in agreeing)]}
    for other, found in against:
        if (found.kind, found.one) == (clash.kind, clash.one):
            value = found.other.of(other.text)
            side = next((side for side in list(sides) if _same_value(side, value)), value)
            sides.setdefault(side, []).append(other.place)
    claims = tuple(Claim(_shortened(value), tuple(places)) for value, places in sides.items())
    documents = {place.source: fetch(place.source) for claim in claims for place in claim.places}
    return Disagreement(_about(anchor, clash), claims, _note(list(documents.values()), clash))


def _note(documents: Sequence[Document], clash: Difference) -> str:
    notes = [_ONE_OR_OTHER] if clash.may_meet else []
    notes += [f"{'; '.join(voice.why)}, so they count as one voice" for voice in voices.voices(documents) if voice.why]
    days = sorted(day for document in documents if (day := _day(document.date)))
    if len(days) > 1 and (days[-1] - days[0]).days > APART and clash.kind != "date":
        notes.append(f"the documents date from {days[0]} to {days[-1]}, and the later may tell of a later state")
    return "; ".join(notes)


def _about(anchor: Said, clash: Difference) -> str:
    """The kind of value, and the words around it."""
    text = anchor.text
    start = text.find(" ", max(0, clash.one.start - BEFORE)) + 1 if clash.one.start > BEFORE else 0
    start = min(start, clash.one.start)
    end = text.rfind(" ", clash.one.end, clash.one.end + AFTER) if len(text) > clash.one.end + AFTER else len(text)
    end = max(end, clash.one.end)
    lead, tail = "… " if start else "", " …" if end < len(text) else ""
    return f"{_ABOUT[clash.kind]} “{lead}{text[start:end]}{tail}”"


def _same_value(one: str, other: str) -> bool:
    first, second = figures(one), figures(other)
    return one.casefold() == other.casefold() or (bool(first and second) and agree(first[0], second[0]))


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[: value.rfind(' ', 0, LONGEST_VALUE)]} …"


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None
