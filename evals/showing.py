"""The words around what an answer cites, as a report shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Answer, Document

AROUND = 120
"""Characters shown on either side of a quote."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A citation with the text around it."""

    marker: int
    title: str
    source: str
    page: int | None
    before: str
    quote: str
    after: str


def shown(answer: Answer, documents: Mapping[str, Document]) -> tuple[Shown, ...]:
    """Every citation of the answer; `documents` has the cited ones by source, as far as they are there."""
    return tuple(
        Shown(
            marker=citation.marker,
            title=citation.title,
            source=citation.source,
            page=citation.page,
            before=_before(text, citation.start),
            quote=citation.quote,
            after=_after(text, citation.end),
        )
        for citation in answer.citations
        for text in (documents[citation.source].text if citation.source in documents else "",)
    )


def _before(text: str, end: int) -> str:
    """Whole words before `end`, and an ellipsis where more stands before them."""
    start = end - AROUND
    return text[:end] if start <= 0 else "… " + text[start:end].partition(" ")[2]


def _after(text: str, start: int) -> str:
    """Whole words from `start` on, and an ellipsis where more follows."""
    end = start + AROUND
    return text[start:] if end >= len(text) else text[start:end].rpartition(" ")[0] + " …"
