"""The page texts of a PDF, or of every n-th page of it, by pypdf: what costs, and what can be read in parallel."""

import io
import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pypdf
from pypdf.errors import FileNotDecryptedError
from pypdf.generic import ContentStream, NameObject

from rag.errors import LoadError
from rag.loaders.naming import sensible_title
from rag.loaders.pdf_hidden import without_hidden
from rag.loaders.pdf_layout import Sized, choose
from rag.loaders.sources import Raw

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every flaw that it has repaired

_LARGEST_PAGE = 12_000_000
"""Bytes of drawing instructions; a page with more is a map or a plan, and takes minutes for a few labels."""
_PATIENCE = 20.0
"""Seconds that one reading of a page may take."""
_MOST_HEADINGS = 5_000


class _TooLongError(Exception):
    pass


@dataclass
class Part:
    """Some pages of a PDF; with the first page comes what is told of the whole."""

    texts: list[str]
    sized: list[Sized] = field(default_factory=list)
    """The runs of text on the first page."""
    title: str | None = None
    outline: list[tuple[int, str, int]] = field(default_factory=list)
    """Level from 1, title, and number of the page from 0."""
    hidden: list[int] = field(default_factory=list)
    """Numbers, from 1, of the pages that keep some text from their readers; it is left out."""


def read_part(raw: Raw, password: str | None = None, part: int = 0, parts: int = 1) -> Part:
    """The pages `part`, `part + parts`, `part + 2 * parts` … of a PDF, from 0.

    Raises `LoadError`: `password`, or `broken` for whatever pypdf trips over.
    """
    try:
        return _read(raw, password, part, parts)
    except LoadError:
        raise
    except FileNotDecryptedError:
        raise _locked(raw, password) from None
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise LoadError("broken", f"{raw.name}: the PDF is damaged ({reason}); save or download it again") from None


def _read(raw: Raw, password: str | None, part: int, parts: int) -> Part:
    reader = pypdf.PdfReader(io.BytesIO(raw.data))
    if reader.is_encrypted and not any(reader.decrypt(key) for key in (password, "") if key is not None):
        raise _locked(raw, password)
    sized: list[Sized] = []
    pages = range(part, len(reader.pages), parts)
    told = Part([]) if part else Part([], sized, _title(reader), _outline(reader))
    for number, page in zip(pages, _each(reader, pages)):  # noqa: B905
        text, hides = _page_text(page, None if number else sized)
        told.texts.append(text)
        if hides:
            told.hidden.append(number + 1)
    return told


def _locked(raw: Raw, password: str | None) -> LoadError:
    if password is None:
        return LoadError("password", f"{raw.name}: protected by a password; give it with --password")
    return LoadError("password", f"{raw.name}: this password does not open it; give the right one with --password")


def _each(reader: Any, pages: range) -> Iterator[Any]:
    """Every one of `pages`; what reading one has cached is let go before the next, so that memory stays bounded."""
    for count, number in enumerate(pages, 1):
        yield reader.pages[number]
        if count % 16 == 0:
            reader.resolved_objects.clear()


def _page_text(page: Any, sized: list[Sized] | None) -> tuple[str, bool]:
    """The text of one page, or "" where it cannot be had in reasonable time; and whether it has text that it hides."""
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
        return "", False
    with _parsed_once(page) as hides:
        try:
            began = time.monotonic()
            with _interrupted():
                flowing = page.extract_text(visitor_operand_before=watch, visitor_text=measure)
            if time.monotonic() - began > _PATIENCE / 4:
                return str(flowing), hides
        except _TooLongError:
            return "", hides
        try:
            with _interrupted():
                laid_out = _laid_out(page)
        except Exception:  # the layout is an improvement, not a need
            return str(flowing), hides
    return choose(flowing, laid_out), hides


@contextmanager
def _parsed_once(page: Any) -> Iterator[bool]:
    """Inside, both readings of a page share one parse of its drawing instructions, which is most of their cost.

    What the page hides from its readers is taken out of them; yields whether there was any.
    """
    given = page.raw_get("/Contents")
    parsed = ContentStream(given.get_object(), page.pdf, "bytes")
    parsed.operations, hides = without_hidden(parsed.operations, page)
    page[NameObject("/Contents")] = parsed
    try:
        yield hides
    finally:
        page[NameObject("/Contents")] = given


def _laid_out(page: Any) -> str:
    """`page.extract_text(extraction_mode="layout")`, which would parse the instructions again.

    The steps are those of `PageObject._layout_mode_text` in pypdf 7.
    """
    try:
        from pypdf._text_extraction import _layout_mode as steps

        fonts, instructions = page._layout_mode_fonts(), iter(page["/Contents"].operations)
        lines = steps.text_show_operations(instructions, fonts, True, None)
        if not lines:
            return ""
        width = steps.fixed_char_width(lines, 1.25)
        return str(steps.fixed_width_page(steps.y_coordinate_groups(lines, None), width, True, 1))
    except (ImportError, AttributeError, TypeError):  # another pypdf
        return str(page.extract_text(extraction_mode="layout"))


@contextmanager
def _interrupted() -> Iterator[None]:
    """Raises inside once the patience for a page is over, where a process can be interrupted: not in a side thread."""
    free = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if not free or signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        yield
        return

    def stop(*_: Any) -> None:
        raise _TooLongError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE, 1.0)  # again each second, should something swallow it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _title(reader: Any) -> str | None:
    try:
        return sensible_title(reader.metadata.title) if reader.metadata else None
    except Exception:  # damaged metadata never costs the document
        return None


def _outline(reader: Any) -> list[tuple[int, str, int]]:
    try:
        return list(islice(_entries(reader, reader.outline, 1), _MOST_HEADINGS))
    except Exception:  # a bad outline never costs the document
        return []


def _entries(reader: Any, outline: Any, level: int) -> Iterator[tuple[int, str, int]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(reader, entry, level + 1)
            continue
        number = reader.get_destination_page_number(entry)
        if number is not None:
            yield level, str(entry.title or ""), int(number)
