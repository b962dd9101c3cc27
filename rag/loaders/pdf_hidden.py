"""Text that a PDF page keeps from its readers: tiny, off the page, or in no ink over bare paper.

The drawing instructions of the page are followed as far as that takes (ISO 32000-2, chapters 8 and 9). Where something
is painted behind or over a text, or where its colour cannot be told, the text stays: so the words that were read from a
scan, which lie unseen on its picture, stay too.
"""

from typing import Any

from rag.loaders.pdf_pen import Operations, Pen

_SHOWS = {b"Tj": b"", b"TJ": b"", b"'": b"T*", b'"': b"T*"}
"""What shows text, and what is left of it when that is taken out."""
_MOST_LOOKS = 5_000_000
"""Comparisons of texts with boxes; a page with more is kept as it is."""


def without_hidden(operations: Operations, page: Any) -> tuple[Operations, bool]:
    """The drawing instructions of `page` without those that show text to no reader, and whether there were any."""
    pen = Pen(page).follow(operations, shapes=False)
    hidden = set(pen.out_of_sight)
    if pen.white or pen.clear:
        hidden |= _inkless(Pen(page).follow(operations))
    if not hidden:
        return operations, False
    kept: Operations = []
    for at, (operands, operator) in enumerate(operations):
        if at not in hidden:
            kept.append((operands, operator))
        elif _SHOWS[operator]:
            kept.append(([], _SHOWS[operator]))
    return kept, True


def _inkless(pen: Pen) -> set[int]:
    """Which instructions show text in no ink, and nothing painted behind or over it."""
    bare = pen.white
    if not pen.pictures and len(pen.clear) < pen.shown / 2:  # else it was read from a scan
        bare = bare + pen.clear
    if len(bare) * len(pen.painted) > _MOST_LOOKS:
        return set()
    return {at for at, x, y in bare if not any(box.holds(x, y) for box in pen.painted)}
