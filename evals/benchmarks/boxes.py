"""Citations in PDFs: do they open at the right page, with the right words boxed?

    python -m evals.benchmarks.boxes [--limit N] [--index FOLDER]

FinanceBench's questions are asked of its filings; each citation is located on its page images as the page does it. What
stands under the boxes is then read from the file by PDFium itself, and held against the quote.
"""

import argparse
import ctypes
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pypdfium2
from pypdfium2 import raw
from rich.console import Console

from evals.benchmarks.pools import bench, financebench
from evals.statistics import estimate
from rag import Citation, Library, Located, OpenPdf, locate
from rag.types import Span

RIGHT = 0.9
"""Likeness of the letters under the boxes and those of the quote, from which the right words are boxed."""
_INSET = 0.4
"""Of a line's height, on both of its sides: letters of the lines before and after it reach into its box."""
_EDGE = 0.7
"""Points at both ends of a line that a neighbouring letter may reach into."""
_FINE = 1_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of one citation."""

    citation: Citation
    located: Located
    under: str
    """The text under the boxes."""
    on_page: bool
    """Whether the page that it opens at holds its words as no other page does."""
    seconds: float

    @property
    def likeness(self) -> float:
        """0..1: of the letters under the boxes, in their order, and those of the quote."""
        return SequenceMatcher(None, letters(self.under), letters(self.citation.quote), autojunk=False).ratio()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=100, help="citations, at most")
    parser.add_argument("--index", type=Path, help="where the filings are indexed, or kept from before")
    given = parser.parse_args()
    folder = bench()
    with tempfile.TemporaryDirectory() as spare, Library(given.index or spare) as library:
        console = Console(stderr=True)
        with console.status("indexing the filings"):
            library.add(folder / "qa/financebench/pdfs")
        with console.status("asking"):
            cited = citations(library, folder)
        opened = [one for source in sorted({one.source for one in cited}) for one in _opened(library, source, cited)]
    for line in report(_some(opened, given.limit)):
        print(line)


def citations(library: Library, folder: Path) -> list[Citation]:
    """What answers cite, each stretch once: every question asked of its filing and of all filings, none refused."""
    found: dict[tuple[str, int, int], Citation] = {}
    for asked in financebench(folder):
        for sources in ([f"*{asked.filing}.pdf"], None):
            for citation in library.ask(asked.question, sources=sources, abstain=False).citations:
                found.setdefault((citation.source, citation.start, citation.end), citation)
    return list(found.values())


def letters(text: str) -> str:
    """Letters and digits alone, in one spelling."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", text).casefold() if mark.isalnum())


def under(pdf: pypdfium2.PdfDocument, located: Located) -> str:
    """The text in the boxes, as PDFium tells it of those parts of its pages."""
    read = []
    for box in located.boxes:
        page = pdf[box.page - 1]
        one, other = _point(page, box.left, box.top), _point(page, box.left + box.width, box.top + box.height)
        (left, right), (low, high) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        level = right - left > high - low
        x, y = (_EDGE, _INSET * (high - low)) if level else (_INSET * (right - left), _EDGE)
        read.append(page.get_textpage().get_text_bounded(left + x, low + y, right - x, high - y))
    return " ".join(read)


def page_of(quote: str, pages: Sequence[str]) -> set[int]:
    """The pages, from 1, on which most of the quote's words stand: all of them, as good as one finds on any page."""
    wanted = Counter(_words(quote))
    shares = [sum((wanted & Counter(_words(page))).values()) / max(sum(wanted.values()), 1) for page in pages]
    return {number for number, share in enumerate(shares, 1) if share >= max(0.5, max(shares) - 0.05)}


def report(opened: Sequence[Opened]) -> list[str]:
    """One line per figure."""
    groups = [one.citation.source for one in opened]
    boxed = estimate([float(one.likeness >= RIGHT) for one in opened], groups)
    both = estimate([float(one.on_page and one.likeness >= RIGHT) for one in opened], groups)
    exact = np.mean([letters(one.under) == letters(one.citation.quote) for one in opened])
    took = np.array([one.seconds for one in opened]) * 1000
    return [
        f"citations                        {len(opened)} in {len(set(groups))} filings",
        f"right page                       {estimate([float(one.on_page) for one in opened], groups)}",
        f"right words boxed                {boxed}",
        f"both                             {both}",
        f"  every letter, and no other     {exact:.3f}",
        f"said not to be found             {sum(not one.located.boxes for one in opened)}",
        f"over a page break                {sum(len({box.page for box in one.located.boxes}) > 1 for one in opened)}",
        f"milliseconds, p50 and p95        {np.percentile(took, 50):.0f}, {np.percentile(took, 95):.0f}",
    ]


def _opened(library: Library, source: str, cited: Iterable[Citation]) -> list[Opened]:
    document, data = library.document(source), Path(source).read_bytes()
    shown, own = OpenPdf(data, Path(source).name), pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_bounded() for page in own]
    found = []
    for citation in cited:
        if citation.source != source:
            continue
        began = time.perf_counter()
        located = locate(shown, document, Span(citation.start, citation.end))
        took = time.perf_counter() - began
        opens = located.boxes[0].page if located.boxes else citation.page
        found.append(Opened(citation, located, under(own, located), opens in page_of(citation.quote, pages), took))
    return found


def _some(opened: Sequence[Opened], limit: int) -> list[Opened]:
    """`limit` of them, evenly from all."""
    return [opened[int(at)] for at in np.linspace(0, len(opened) - 1, min(limit, len(opened)))]


def _words(text: str) -> list[str]:
    return [word for word in map(letters, text.split()) if word]


def _point(page: pypdfium2.PdfPage, across: float, down: float) -> tuple[float, float]:
    """Shares of a page as it is shown, to its own units."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDF_DeviceToPage(page, 0, 0, _FINE, _FINE, 0, round(across * _FINE), round(down * _FINE), x, y)
    return x.value, y.value


if __name__ == "__main__":
    main()
