"""Where sources differ: what each side says, side by side, in its own words, with documents and dates."""

import re
from collections.abc import Sequence
from datetime import date

from rag.text import plain
from rag.types import Answer, Citation, Conflict, Side, Span
from rag.web import words
from rag.web.marking import Marks, where
from rag.web.markup import Layer, esc, icon, tagged

AROUND = 150
"""Characters of a quote on each side of the words that differ."""


def conflicts(found: Answer, marks: Marks) -> str:
    """Every conflict of an answer; nothing where there is none."""
    if not found.conflicts:
        return ""
    shown = "".join(_conflict(found, conflict, marks) for conflict in found.conflicts)
    return (
        f'<section class="conflicts" aria-label="{words.CONFLICTS}"><h3>{icon("differ")}{words.CONFLICTS}</h3>'
        f'{shown}<p class="aside">{words.CONFLICTS_MORE}</p></section>'
    )


def _conflict(found: Answer, conflict: Conflict, marks: Marks) -> str:
    cited = {citation.marker: citation for citation in found.citations}
    sides = [[cited[marker] for marker in side.markers if marker in cited] for side in conflict.sides]
    ages = _ages(sides)
    columns = "".join(
        _side(side, quotes, age, marks) for side, quotes, age in zip(conflict.sides, sides, ages, strict=True)
    )
    note = f'<p class="aside">{esc(conflict.note)}</p>' if conflict.note else ""
    return f'<p class="about">{esc(conflict.about)}</p><ul class="sides">{columns}</ul>{note}'


def _side(side: Side, quotes: Sequence[Citation], age: str, marks: Marks) -> str:
    told = "".join(
        f"<blockquote>{_around(citation, side.value)}</blockquote>"
        f'<p class="from"><cite>{esc(citation.title)}</cite><span class="where">{where(citation)}</span></p>'
        for citation in quotes
    )
    aged = f'<p class="age">{age}</p>' if age else ""
    head = f'<p class="value"><b>{esc(side.value)}</b>{marks.of(side.markers)}</p>'
    return f'<li class="side">{aged}{head}{told}</li>'


def _around(citation: Citation, value: str) -> str:
    """The quote around the words of its side, which are marked; its beginning where they are not in it."""
    kind = "text/markdown" if citation.source.lower().endswith((".md", ".markdown")) else "text/plain"
    quote = plain(citation.quote, kind)
    wanted = r"\s+".join(map(re.escape, value.removesuffix("…").split()))
    found = re.search(wanted, quote, re.IGNORECASE) if wanted else None
    at = Span(*found.span()) if found else Span(0, 0)
    start = 0 if at.start <= AROUND else quote.find(" ", at.start - AROUND, at.start) + 1
    end = quote.rfind(" ", at.end, at.end + AROUND) if len(quote) > at.end + AROUND else len(quote)
    end = max(end, at.end)
    shown = tagged(quote, Span(start, end), [Layer(at, "mark", "differs")] if found else [])
    return f"{'… ' if start else ''}{shown}{' …' if end < len(quote) else ''}"


def _ages(sides: Sequence[Sequence[Citation]]) -> list[str]:
    """For each side whether its latest document is the newest or an older one; nothing unless all bear dates."""
    latest = [max(filter(None, (_day(one.date) for one in quotes)), default=None) for quotes in sides]
    known = [day for day in latest if day is not None]
    if len(known) < max(2, len(latest)) or len(set(known)) == 1:
        return ["" for _ in sides]
    newest = max(known)
    return [words.NEWER if day == newest else words.OLDER for day in latest]


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None
