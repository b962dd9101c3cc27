"""PDF by pypdf: page texts become one text, cleaned before any offset is counted."""

import re
from collections.abc import Sequence
from itertools import chain, zip_longest

from rag.errors import LoadError
from rag.loaders.drafts import Draft
from rag.loaders.naming import date_near_top, sensible_title
from rag.loaders.pdf_cleaning import clean
from rag.loaders.pdf_layout import Sized, largest_line
from rag.loaders.pdf_pages import Part, read_part
from rag.loaders.sources import Raw
from rag.types import Heading, Page, Span


def read_pdf(raw: Raw, password: str | None = None) -> Draft:
    """A PDF's text with its page spans; running heads dropped, words broken at line ends joined.

    Raises `LoadError`: `password`, `no_text_layer`, or `broken` for whatever pypdf trips over.
    """
    return join_parts(raw.name, [read_part(raw, password)])


def join_parts(name: str, parts: Sequence[Part]) -> Draft:
    """The draft of the PDF called `name` from all its parts, in order. Raises `LoadError`: `no_text_layer`."""
    first = parts[0]
    texts = [text for text in chain(*zip_longest(*(part.texts for part in parts))) if text is not None]
    text, pages = clean(texts)
    if not text.strip():
        what = "has no text layer" if texts else "has no pages"
        raise LoadError("no_text_layer", f"{name}: {what}; run OCR first (for example ocrmypdf)")
    metadata: dict[str, str] = {}
    without = [str(page.number) for page in pages if not text[page.start : page.end].strip()]
    if without:
        metadata["pages_without_text"] = ", ".join(without)
    if hidden := sorted(number for part in parts for number in part.hidden):
        metadata["hidden_text"] = f"text on page {', '.join(map(str, hidden))}"
    return Draft(
        text,
        "application/pdf",
        title=first.title or _large_title(first.sized, name),
        date=date_near_top(text[: pages[0].end], lines=40),
        headings=_headings(first.outline, text, pages),
        pages=pages,
        metadata=metadata,
    )


def _large_title(sized: list[Sized], name: str) -> str | None:
    """The largest words of the first page; but a form's capitals say less than a file that a person has named."""
    shown = sensible_title(largest_line(sized))
    if shown is None or len(shown.split()) < 2:
        return None
    named = sum(mark.isalpha() for mark in name.rsplit(".", 1)[0]) >= 4
    return None if named and shown.isupper() else shown


def _headings(outline: Sequence[tuple[int, str, int]], text: str, pages: tuple[Page, ...]) -> tuple[Heading, ...]:
    """Outline entries whose words stand on the page they lead to."""
    found: dict[int, Heading] = {}
    for level, title, number in outline:
        if not 0 <= number < len(pages):
            continue
        span = _place(title, text, pages[number])
        if span and span.start not in found:
            found[span.start] = Heading(level, *span)
    apart: list[Heading] = []
    for start in sorted(found):
        if not apart or start >= apart[-1].end:
            apart.append(found[start])
    return tuple(apart)


def _place(title: str, text: str, page: Page) -> Span | None:
    """Where the words of `title` stand on `page`: best on lines of their own, behind a number perhaps."""
    words = r"\s+".join(re.escape(word) for word in title.split())
    if not words:
        return None
    for form in (rf"^(?:[\dIVX]+(?:\.\d+)*\.?\s+)?({words})[.:]?$", rf"({words})"):
        match = re.compile(form, re.I | re.M).search(text, page.start, page.end)
        if match:
            return Span(*match.span(1))
    return None
