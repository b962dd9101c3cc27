"""PDFs in which the words to be cited are red, so that what their boxes hold can be seen on the image of the page."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from rag.loaders import parse
from rag.loaders.pdf_images import OpenPdf
from rag.loaders.pdf_words import Located, locate
from rag.types import Document, Span
from tests.making_files import raw

WIDE = 1000
"""Pixels of the images that are looked at."""


@dataclass(frozen=True)
class Line:
    """Words on a page, in points from its lower left; those between asterisks are red."""

    x: float
    y: float
    text: str
    size: float = 11
    turned: float = 0
    """Degrees, against the clock."""


@dataclass(frozen=True)
class Leaf:
    """A page of 500 by 400 points."""

    lines: Sequence[Line]
    rotation: int = 0
    crop: tuple[float, float, float, float] | None = None


def paragraph(x: float, y: float, *lines: str, size: float = 11) -> list[Line]:
    return [Line(x, y - 14 * number, line, size) for number, line in enumerate(lines)]


def inked(*leaves: Leaf, password: str | None = None) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(500, 400), encrypt=password)
    for leaf in leaves:
        canvas.setPageRotation(leaf.rotation)
        canvas.setCropBox(leaf.crop or (0, 0, 500, 400))
        for line in leaf.lines:
            canvas.saveState()
            canvas.translate(line.x, line.y)
            canvas.rotate(line.turned)
            text = canvas.beginText(0, 0)
            text.setFont("Helvetica", line.size)
            for number, part in enumerate(line.text.split("*")):
                text.setFillColorRGB(0.9 if number % 2 else 0, 0, 0)
                text.textOut(part)
            canvas.drawText(text)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def read(data: bytes) -> tuple[Document, OpenPdf]:
    return parse(raw(data, "inked.pdf")), OpenPdf(data, "inked.pdf")


def cite(document: Document, first: str, last: str = "", nth: int = 0) -> Span:
    """From the `nth` place of `first` to the end of the next `last`."""
    start = -1
    for _ in range(nth + 1):
        start = document.text.index(first, start + 1)
    return Span(start, document.text.index(last or first, start) + len(last or first))


def held(pdf: OpenPdf, located: Located) -> tuple[float, float]:
    """The share of all red ink that lies in the boxes, and the share of black ink among that in the boxes."""
    red = red_held = black_held = 0
    for number in range(1, pdf.pages + 1):
        pixels = np.asarray(Image.open(io.BytesIO(pdf.image(number, WIDE))).convert("RGB")).astype(int)
        high, wide = pixels.shape[:2]
        inside = np.zeros((high, wide), bool)
        for box in located.boxes:
            if box.page == number:
                top, left = int(box.top * high), int(box.left * wide)
                bottom, right = round((box.top + box.height) * high), round((box.left + box.width) * wide)
                inside[top : bottom + 1, left : right + 1] = True
        is_red = (pixels[..., 0] - pixels[..., 1:].max(axis=-1)) > 90
        is_black = pixels.max(axis=-1) < 110
        red += is_red.sum()
        red_held += (is_red & inside).sum()
        black_held += (is_black & inside).sum()
    return float(red_held / max(red, 1)), float(black_held / max(black_held + red_held, 1))


def assert_boxed(data: bytes, first: str, last: str = "", nth: int = 0) -> Located:
    """The boxes of these words hold the red ink, all of it and no other."""
    document, pdf = read(data)
    located = locate(pdf, document, cite(document, first, last, nth))
    whole, other = held(pdf, located)
    assert located.found == located.letters and whole > 0.98 and other < 0.02, (whole, other, located)
    return located
