"""Where the words of a span stand on the page images of its PDF.

The text of the index and the letters of the image come from two readings of one page (pypdf's, cleaned, and PDFium's).
They are aligned by their letters and digits alone: spaces, hyphens at line ends, ligatures and accents differ.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.loaders.pdf_images import Letter, OpenPdf, Sheet
from rag.loaders.pdf_matching import Reading, runs
from rag.types import Document, Span

ENOUGH = 0.8
"""Share of a span's letters that must be found on the images; below it, no box is better than a wrong one."""
_GAP = 2.5
"""Line heights between letters beyond which a line has two boxes."""
_SAME_LINE = 0.4
"""Share of the smaller of two letters by which letters of one line overlap across it."""

_STRAY = 200
"""One letter of this many may stand in the margin."""


@dataclass(frozen=True, slots=True)
class PageBox:
    """A rectangle on a page as it is shown, in shares of its width and height, from its upper left."""

    page: int
    """From 1."""
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Located:
    """Where a span stands on its pages."""

    boxes: tuple[PageBox, ...]
    """By page and line; empty where too little of the span was found to be sure."""
    letters: int
    """Letters and digits of the span."""
    found: int
    """How many of them were found on the pages."""
    columns: Mapping[int, tuple[float, float]]
    """Where the text of each of the span's pages begins and ends, in shares of its width: all but a few letters."""


def locate(pdf: OpenPdf, document: Document, span: Span) -> Located:
    """The boxes of `document.text[span]` on the pages of `pdf`, the file that the document was read from.

    Raises `LoadError`: `broken`, where PDFium cannot read a page.
    """
    boxes: list[PageBox] = []
    columns: dict[int, tuple[float, float]] = {}
    letters = found = 0
    for page in document.pages:
        if page.start >= span.end or page.end <= span.start or page.number > pdf.pages:
            continue
        part = Span(max(span.start, page.start) - page.start, min(span.end, page.end) - page.start)
        sheet = pdf.sheet(page.number)
        wanted, matched, lines = _on_page(document.text[page.start : page.end], part, sheet.letters)
        letters, found = letters + wanted, found + matched
        boxes.extend(_box(page.number, line, sheet) for line in lines)
        columns[page.number] = _column(sheet)
    return Located(tuple(boxes) if found and found >= ENOUGH * letters else (), letters, found, columns)


def _on_page(text: str, span: Span, letters: Sequence[Letter]) -> tuple[int, int, list[list[Letter]]]:
    """Letters wanted and found of `text[span]`, and those found among `letters`, by line."""
    written, places = folded(text)
    drawn, indices = folded([letter.text for letter in letters])
    start, end = bisect_left(places, span.start), bisect_left(places, span.end)
    matched = runs(written, start, end, drawn) if start < end else []
    quote = span.of(text)
    lines: list[list[Letter]] = []
    for run in matched:
        first, last = indices[run.at], indices[run.at + run.length - 1]
        if run is matched[0]:
            first -= _marks(reversed(quote[: places[start] - span.start]), reversed(letters[:first]))
        if run is matched[-1]:
            last += _marks(quote[places[end - 1] + 1 - span.start :], letters[last + 1 :])
        lines.extend(_lines(letters[first : last + 1]))
    return end - start, sum(run.length for run in matched), lines


def folded(given: Sequence[str]) -> tuple[Reading, list[int]]:
    """`given` (a text, or characters) without case, accents, ligatures, spaces and signs.

    Also, for each character that is left, its index in `given`.
    """
    kept: list[str] = []
    places: list[int] = []
    openings: set[int] = set()
    inside = False
    for at, sign in enumerate(given):
        plain = _plain(sign)
        if plain and not inside:
            openings.add(len(kept))
        inside = bool(plain)
        kept.extend(plain)
        places.extend([at] * len(plain))
    return Reading("".join(kept), frozenset(openings)), places


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", sign).casefold() if one.isalnum())


def _marks(wanted: Iterable[str], there: Iterable[Letter]) -> int:
    """How many of the `wanted` signs stand `there`, in the same order without a space between."""
    count = 0
    for sign, letter in zip(wanted, there, strict=False):
        if letter.text != sign or sign.isspace():
            break
        count += 1
    return count


def _lines(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """Letters by the lines they stand on, whichever way those run; a wide gap begins a new one."""
    line: list[Letter] = []
    for letter in letters:
        if letter.text.isspace() or not letter.text.isprintable():
            continue
        if line and not _goes_on(line[-1], letter):
            yield line
            line = []
        line.append(letter)
    if line:
        yield line


def _goes_on(one: Letter, other: Letter) -> bool:
    """Whether two letters stand on one line. A letter's box is higher than wide, but where lines run up or down."""
    wide, high = min(one.width, other.width), min(one.height, other.height)
    apart = max(other.left - one.right, one.left - other.right)
    over = max(other.top - one.bottom, one.top - other.bottom)
    if wide > high:
        return apart <= -_SAME_LINE * wide and over <= _GAP * wide
    return over <= -_SAME_LINE * high and apart <= _GAP * high


def _column(sheet: Sheet) -> tuple[float, float]:
    seen = [letter for letter in sheet.letters if letter.text.isalnum()]
    if not seen:
        return 0.0, 1.0
    few = len(seen) // _STRAY
    left, right = sorted(letter.left for letter in seen)[few], sorted(letter.right for letter in seen)[-1 - few]
    return max(left / sheet.width, 0.0), min(right / sheet.width, 1.0)


def _box(page: int, line: Sequence[Letter], sheet: Sheet) -> PageBox:
    left, top = min(letter.left for letter in line), min(letter.top for letter in line)
    right, bottom = max(letter.right for letter in line), max(letter.bottom for letter in line)
    wide, high = sheet.width, sheet.height
    return PageBox(page, left / wide, top / high, (right - left) / wide, (bottom - top) / high)
