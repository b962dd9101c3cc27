"""Which documents a question is put to: those chosen by name, of some kinds, and of some time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.types import Entry
from rag.web import words
from rag.web.markup import esc, exact, icon


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the documents must be; whatever is left empty limits nothing."""

    kinds: tuple[str, ...] = ()
    """Such as `PDF`, in the words of the page."""
    first: str = ""
    """The earliest day, `YYYY-MM-DD`."""
    last: str = ""

    @property
    def is_open(self) -> bool:
        """Whether every document will do."""
        return not (self.kinds or self.first or self.last)


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that remain."""

    sources: tuple[str, ...]
    undated: int
    """Documents that a day was wanted of and bear none, so that they are left out."""


def wanted(said: str) -> Wanted:
    """What the page's controls say in JSON, as far as it can be understood."""
    try:
        told = json.loads(said or "{}")
    except ValueError:
        return EVERYTHING
    if not isinstance(told, dict):
        return EVERYTHING
    kinds = told.get("kinds")
    named = tuple(str(kind) for kind in kinds) if isinstance(kinds, list) else ()
    return Wanted(named, _day(told.get("first")), _day(told.get("last")))


def kinds(entries: Sequence[Entry]) -> list[str]:
    """The kinds of documents there are, in the words of the page, by name."""
    return sorted({words.kind(entry.media_type, entry.source) for entry in entries})


def scope(entries: Sequence[Entry], sources: Sequence[str], want: Wanted) -> Scope:
    """The documents among `entries` that are one of `sources` (any, where there are none) and as `want` says."""
    named = set(sources)
    fit = [
        entry
        for entry in entries
        if (not named or entry.source in named)
        and (not want.kinds or words.kind(entry.media_type, entry.source) in want.kinds)
    ]
    if not (want.first or want.last):
        return Scope(tuple(entry.source for entry in fit), 0)
    dated = [entry for entry in fit if entry.date]
    within = [entry.source for entry in dated if want.first <= str(entry.date) <= (want.last or "9999")]
    return Scope(tuple(within), len(fit) - len(dated))


def _day(said: object) -> str:
    try:
        return date.fromisoformat(str(said)).isoformat() if said else ""
    except ValueError:
        return ""


def fields(kinds: Sequence[str], library: str) -> str:
    """The controls of the filter over a library that has these kinds; nothing where there is nothing to choose."""
    if not kinds:
        return ""
    pills = "".join(
        f'<label class="pill"><input type="checkbox" name="kind" value="{exact(kind)}"><span>{esc(kind)}</span></label>'
        for kind in kinds
    )
    which = f'<fieldset><legend>{words.KINDS}</legend><div class="pills">{pills}</div></fieldset>'
    days = "".join(
        f'<label class="narrow-day"><span>{text}</span><input type="date" name="{name}" max="9999-12-31"></label>'
        for name, text in (("first", words.FROM), ("last", words.TO))
    )
    return (
        f'<details class="narrow" data-library="{exact(library)}"><summary>{icon("filter")}{words.NARROW}</summary>'
        f'<div class="narrow-by">{which if len(kinds) > 1 else ""}'
        f"<fieldset><legend>{words.DATED}</legend>{days}</fieldset></div></details>"
    )


def remaining(found: Scope, total: int) -> str:
    """What the filter comes to: how many documents will be searched, or that none is left."""
    if not found.sources:
        text = words.NOTHING_LEFT
    else:
        text = words.REMAINING.format(count=len(found.sources), total=words.count(total, "document"))
    undated = f" {words.UNDATED.format(count=found.undated)}" if found.undated else ""
    name = "remaining" if found.sources else "remaining remaining--none"
    alarm = "" if found.sources else icon("fault")
    return (
        f'<div class="{name}"><p role="status">{alarm}{text}{undated}</p>'
        f'<button type="button" class="quiet" data-widen>{words.OPEN_AGAIN}</button></div>'
    )
