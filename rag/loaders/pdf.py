"""PDF by pypdf, page by page, cleaned before any offset is counted."""

import io
import logging
import re
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pypdf
from pypdf.errors import FileNotDecryptedError

from rag.errors import LoadError
from rag.loaders.drafts import Draft
from rag.loaders.naming import date_near_top, sensible_title
from rag.loaders.pdf_cleaning import clean
from rag.loaders.pdf_layout import Sized, choose, largest_line
from rag.loaders.sources import Raw
from rag.types import Heading, Page, Span

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every flaw that it has repaired

_LARGEST_PAGE = 12_000_000
"""Bytes of drawing instructions; a page with more is a map or a plan, and takes minutes for a few labels."""
_PATIENCE = 20.0
"""Seconds that the text of one page may take."""
_MOST_HEADINGS = 5_000


class _TooLongError(Exception):
    pass


def read_pdf(raw: Raw, password: str | None = None) -> Draft:
    """A PDF's text with its page spans; running heads dropped, words broken at line ends joined.

    Raises `LoadError`: `password`, `no_text_layer`, or `broken` for whatever pypdf trips over.
    """
    try:
        return _read(raw, password)
    except LoadError:
        raise
    except FileNotDecryptedError:
        raise _locked(raw, password) from None
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise LoadError("broken", f"{raw.name}: the PDF is damaged ({reason}); save or download it again") from None


def _read(raw: Raw, password: str | None) -> Draft:
    reader = pypdf.PdfReader(io.BytesIO(raw.data))
    if reader.is_encrypted and not any(reader.decrypt(key) for key in (password, "") if key is not None):
        raise _locked(raw, password)
    sized: list[Sized] = []
    texts = [_page_text(page, sized if number == 0 else None) for number, page in enumerate(_pages(reader))]
    text, pages = clean(texts)
    if not text.strip():
        what = "has no text layer" if texts else "has no pages"
        raise LoadError("no_text_layer", f"{raw.name}: {what}; run OCR first (for example ocrmypdf)")
    metadata: dict[str, str] = {}
    without = [str(page.number) for page in pages if not text[page.start : page.end].strip()]
    if without:
        metadata["pages_without_text"] = ", ".join(without)
    return Draft(
        text,
        "application/pdf",
        title=_title(reader) or _large_title(sized, raw.name),
        date=date_near_top(text[: pages[0].end], lines=40),
        headings=_headings(reader, text, pages),
        pages=pages,
        metadata=metadata,
    )


def _locked(raw: Raw, password: str | None) -> LoadError:
    if password is None:
        return LoadError("password", f"{raw.name}: protected by a password; give it with --password")
    return LoadError("password", f"{raw.name}: this password does not open it; give the right one with --password")


def _pages(reader: Any) -> Iterator[Any]:
    """Every page; what reading one has cached is let go before the next, so that memory stays bounded."""
    for number in range(len(reader.pages)):
        yield reader.pages[number]
        if number % 16 == 15:
            reader.resolved_objects.clear()


def _page_text(page: Any, sized: list[Sized] | None) -> str:
    """The text of one page, or "" where it cannot be had in reasonable time."""
    ends = time.monotonic() + _PATIENCE

    def watch(*_: Any) -> None:
        if time.monotonic() > ends:
            raise _TooLongError

    def measure(text: str, frame: Any, matrix: Any, _: Any, size: float) -> None:
        if sized is not None and text.strip():
            scale = abs(matrix[3] or matrix[1]) * abs(frame[3] or frame[1])
            sized.append(Sized(text, round(size * scale, 1)))

    contents = page.get_contents()
    if contents is None or len(contents.get_data()) > _LARGEST_PAGE:
        return ""
    try:
        began = time.monotonic()
        flowing = page.extract_text(visitor_operand_before=watch, visitor_text=measure)
        if time.monotonic() - began > _PATIENCE / 4:
            return str(flowing)
    except _TooLongError:
        return ""
    try:
        laid_out = page.extract_text(extraction_mode="layout")
    except Exception:  # the layout is an improvement, not a need
        return str(flowing)
    return choose(flowing, laid_out)


def _title(reader: Any) -> str | None:
    try:
        return sensible_title(reader.metadata.title) if reader.metadata else None
    except Exception:  # damaged metadata never costs the document
        return None


def _large_title(sized: list[Sized], name: str) -> str | None:
    """The largest words of the first page; but a form's capitals say less than a file that a person has named."""
    shown = sensible_title(largest_line(sized))
    if shown is None or len(shown.split()) < 2:
        return None
    named = sum(mark.isalpha() for mark in name.rsplit(".", 1)[0]) >= 4
    return None if named and shown.isupper() else shown


def _headings(reader: Any, text: str, pages: tuple[Page, ...]) -> tuple[Heading, ...]:
    """Outline entries whose words stand on the page they lead to."""
    found: dict[int, Heading] = {}
    try:
        for level, title, number in islice(_entries(reader, reader.outline, 1), _MOST_HEADINGS):
            if not 0 <= number < len(pages):
                continue
            span = _place(title, text, pages[number])
            if span and span.start not in found:
                found[span.start] = Heading(level, *span)
    except Exception:  # a bad outline never costs the document
        return ()
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


def _entries(reader: Any, outline: Any, level: int) -> Iterator[tuple[int, str, int]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(reader, entry, level + 1)
            continue
        number = reader.get_destination_page_number(entry)
        if number is not None:
            yield level, str(entry.title or ""), number
