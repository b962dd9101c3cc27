"""The arithmetic of the benchmark of boxes: it must see a wrong page, a wrong box and a missing one."""

from dataclasses import replace

import pypdfium2
import pytest

from evals.benchmarks.boxes import Opened, letters, page_of, report, under
from evals.benchmarks.opening import report as opening
from evals.benchmarks.paint import Load
from evals.benchmarks.paint import report as painting
from rag import Citation, locate
from tests.inking import Leaf, cite, inked, paragraph, read

GATE = "The gate would close about twelve times a year."
OTHER = "Nothing will be built before the season ends."


def opened(*, rotation: int = 0) -> Opened:
    data = inked(Leaf(paragraph(50, 300, "The board met.", GATE, OTHER), rotation))
    document, pdf = read(data)
    span = cite(document, GATE)
    located = locate(pdf, document, span)
    citation = Citation(1, document.source, document.sha256, "x", *span, span.of(document.text), 1)
    return Opened(citation, located, under(pypdfium2.PdfDocument(data), located), True, 0.02)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_text_under_the_boxes_is_read_from_the_file(rotation: int) -> None:
    one = opened(rotation=rotation)
    assert letters(one.under) == letters(GATE) and one.likeness == 1


def test_boxes_on_the_line_below_are_seen_to_be_wrong() -> None:
    one = opened()
    boxes = tuple(replace(box, top=box.top + 14 / 400) for box in one.located.boxes)
    data = inked(Leaf(paragraph(50, 300, "The board met.", GATE, OTHER)))
    wrong = replace(one, under=under(pypdfium2.PdfDocument(data), replace(one.located, boxes=boxes)))
    assert letters(wrong.under).startswith("nothingwillbebuilt") and wrong.likeness < 0.6


def test_the_right_page_is_the_one_that_holds_the_words() -> None:
    pages = ["The gate and the year.", f"As was said: {GATE} So it was.", OTHER]
    assert page_of(GATE, pages) == {2}
    assert page_of(GATE, [*pages, GATE]) == {2, 4}
    assert page_of("Words of no page at all", pages) == set()


def test_the_report_counts_pages_and_words_apart() -> None:
    good = opened()
    lines = report([good, replace(good, on_page=False), replace(good, under=""), good])
    assert [line[33:38] for line in lines[1:4]] == ["0.750", "0.750", "0.500"]
    assert opening(300, 540_000, [100.0, 300.0, None])[1].endswith("3, 1 never came")


def test_the_report_of_loads_tells_the_first_one_apart() -> None:
    """Of 900, 300, 500: the middle is 500, and .95 lies .9 of the way from 500 to 900, at 860."""
    loads = [Load(painted, painted + 200, 60, 600_000) for painted in (900.0, 300.0, 500.0)]
    told = [line.split("  ")[-1].strip() for line in painting(loads)]
    assert told == ["60, 600", "900", "500, 860, 900 of 3", "700"]
