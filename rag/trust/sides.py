"""A disagreement in words: the value on each side, who gives it, and what a reader should know of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.answering.draft import Place
from rag.trust import voices
from rag.trust.comparing import agree
from rag.trust.figures import figures
from rag.trust.frames import Difference, Kind
from rag.trust.said import Said
from rag.types import Document

LONGEST_VALUE = 60
"""Characters of a value, as a side shows it."""
BEFORE, AFTER = 50, 40
"""Characters around a value that say what it is the value of."""
APART = 31
"""Days between two documents from which the later may tell of a later state."""

_ABOUT: dict[Kind, str] = {
    "date": "The date in",
    "figure": "The figure in",
    "name": "The name in",
    "yes-no": "Whether it is so:",
}
_SEASON = re.compile(r"\b(?:spring|summer|autumn|fall|winter)\b", re.IGNORECASE)


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
    sides: dict[str, list[Place]] = {
        _value(clash.one.of(anchor.text)): [anchor.place, *(said.place for said in agreeing)]
    }
    for other, found in against:
        if (found.kind, found.one) == (clash.kind, clash.one):
            value = _value(found.other.of(other.text))
            side = next((side for side in list(sides) if _same_value(side, value)), value)
            sides.setdefault(side, []).append(other.place)
    claims = tuple(Claim(_shortened(value), tuple(places)) for value, places in sides.items())
    documents = {place.source: fetch(place.source) for claim in claims for place in claim.places}
    return Disagreement(_about(anchor, clash), claims, _note(list(documents.values()), clash, list(sides)))


def _note(documents: Sequence[Document], clash: Difference, values: Sequence[str]) -> str:
    """What a reader should know, in whole sentences."""
    notes = [_includes(*sorted(values[:2], key=lambda value: bool(_SEASON.search(value))))] if clash.may_meet else []
    notes += [f"{'; '.join(voice.why)}, so they count as one voice" for voice in voices.voices(documents) if voice.why]
    days = sorted(day for document in documents if (day := _day(document.date)))
    if len(days) > 1 and (days[-1] - days[0]).days > APART and clash.kind != "date":
        notes.append(f"The documents date from {days[0]} to {days[-1]}, and the later may tell of a later state")
    return " ".join(f"{note}." for note in notes)


def _includes(exact: str, season: str) -> str:
    """Of two times that may be one, which lies in which."""
    article = "" if season.casefold().startswith(("the ", "last ", "this ", "next ")) else "the "
    return f"One time may include the other: {exact} may lie in {article}{season}"


def _about(anchor: Said, clash: Difference) -> str:
    """The kind of value, and the words around it."""
    text = anchor.text
    start = text.find(" ", max(0, clash.one.start - BEFORE)) + 1 if clash.one.start > BEFORE else 0
    start = min(start, clash.one.start)
    end = text.rfind(" ", clash.one.end, clash.one.end + AFTER) if len(text) > clash.one.end + AFTER else len(text)
    end = max(end, clash.one.end)
    lead, tail = "… " if start else "", " …" if end < len(text) else ""
    return f"{_ABOUT[clash.kind]} “{lead}{text[start:end].rstrip('.')}{tail}”."


def _value(text: str) -> str:
    """Without the full stop of its sentence."""
    return text.removesuffix(".") if text.count(".") == 1 else text


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
