"""A PDF as its readers see it: pages drawn as images, and their letters with the boxes they fill.

Drawn by PDFium, which is not safe for threads: one lock guards all of it.
"""

import ctypes
import io
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from math import sqrt
from typing import Any, NamedTuple

from rag.errors import LoadError
from rag.loaders.pdf_geometry import Matrix, apply

LARGEST_IMAGE = 16_000_000
"""Pixels of a page image; a page of odd shape is drawn smaller than asked."""
_FINE = 1_000_000
"""PDFium tells places in whole pixels: of an image this large."""
_FAR = 1000.0
"""Points between the places that tell how a page is turned."""
_ALONE = threading.RLock()


class Letter(NamedTuple):
    """One character and the box of its font around it, in points from the upper left of the page as it is shown."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Sheet(NamedTuple):
    """A page as it is shown, cropped and turned: its size in points and its characters in the order of drawing."""

    width: float
    height: float
    letters: tuple[Letter, ...]


class OpenPdf:
    """A PDF held open in memory. Safe for threads. Raises `LoadError`: `password` or `broken`."""

    def __init__(self, data: bytes, name: str) -> None:
        import pypdfium2
        from pypdfium2.raw import FPDF_ERR_PASSWORD

        self.bytes = len(data)
        with _ALONE:
            try:
                self._pdf = pypdfium2.PdfDocument(data)
                self.pages = len(self._pdf)
                weakref.finalize(self, _close, self._pdf)  # PDFium's own finalizer would not wait for the lock
            except pypdfium2.PdfiumError as error:
                if error.err_code == FPDF_ERR_PASSWORD:
                    raise LoadError("password", f"{name}: protected by a password; its pages are not shown") from None
                raise LoadError("broken", f"{name}: its pages cannot be drawn; they are shown as text") from None

    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of every page as it is shown, in points; 0 where a page cannot be told."""
        import pypdfium2

        found: list[tuple[float, float]] = []
        with _ALONE:
            for number in range(self.pages):
                try:
                    found.append(self._pdf.get_page_size(number))
                except pypdfium2.PdfiumError:
                    found.append((0.0, 0.0))
        return found

    def image(self, number: int, width: int) -> bytes:
        """Page `number`, from 1, as a JPEG `width` pixels wide.

        Raises `IndexError` where there is no such page, and `LoadError`: `broken`.
        """
        with self._page(number) as page:
            wide, high = page.get_size()
            scale = min(width / wide, sqrt(LARGEST_IMAGE / (wide * high)))
            drawn = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
        written = io.BytesIO()
        drawn.save(written, "JPEG", quality=88, subsampling=0)
        return written.getvalue()

    def sheet(self, number: int) -> Sheet:
        """Page `number`, from 1, with its characters. Raises as `image` does."""
        with self._page(number) as page:
            text = page.get_textpage()
            try:
                width, height = page.get_size()
                return Sheet(width, height, tuple(_letters(page, text)))
            finally:
                text.close()

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        from pypdfium2 import PdfiumError

        with _ALONE:
            if not 1 <= number <= self.pages:
                raise IndexError(number)
            try:
                page = self._pdf[number - 1]
                try:
                    yield page
                finally:
                    page.close()
            except PdfiumError:
                raise LoadError("broken", f"page {number} cannot be drawn; read its text instead") from None


def _close(pdf: Any) -> None:
    with _ALONE:
        pdf.close()


def _letters(page: Any, text: Any) -> Iterator[Letter]:
    from pypdfium2 import raw

    place, box = _shown(page), raw.FS_RECTF()
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        raw.FPDFText_GetLooseCharBox(text, index, box)
        one, other = apply(place, box.left, box.bottom), apply(place, box.right, box.top)
        (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        yield Letter(chr(code), left, top, right, bottom)


def _shown(page: Any) -> Matrix:
    """What brings a point of the page's own space to points from the upper left of the page as it is shown."""
    from pypdfium2 import raw

    width, height = page.get_size()

    def shown(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, across, down)
        return across.value / _FINE * width, down.value / _FINE * height

    (e, f), (a, b), (c, d) = shown(0, 0), shown(_FAR, 0), shown(0, _FAR)
    return (a - e) / _FAR, (b - f) / _FAR, (c - e) / _FAR, (d - f) / _FAR, e, f
