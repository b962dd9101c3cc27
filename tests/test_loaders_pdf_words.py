"""Where cited words stand on page images: told by the ink that the boxes hold, in pages of every awkward kind."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LoadError
from rag.loaders.pdf_images import OpenPdf
from rag.loaders.pdf_matching import runs
from rag.loaders.pdf_words import folded, locate
from rag.types import Document, Page, Span
from tests.inking import Leaf, Line, assert_boxed, cite, inked, paragraph, read

BEFORE = "The harbour board met on Monday to weigh a tide gate."
GATE = "The gate would close about twelve times a year."
AFTER = "Nothing will be built before the season has ended."


def test_words_on_one_line_get_one_box_in_shares_of_the_page() -> None:
    located = assert_boxed(inked(Leaf([*paragraph(50, 300, BEFORE, f"*{GATE}*", AFTER)])), GATE)
    (box,) = located.boxes
    assert box.page == 1
    assert box.left == pytest.approx(50 / 500, abs=0.005)
    assert box.top <= (400 - 286 - 9) / 400 and box.top + box.height >= (400 - 286) / 400
    assert box.height < 14 / 400


def test_a_quote_over_lines_has_a_box_for_each() -> None:
    lines = paragraph(50, 300, f"{BEFORE} *The gate*", "*would close about twelve times*", f"*a year.* {AFTER}")
    assert len(assert_boxed(inked(Leaf(lines)), "The gate would close".split(" would")[0], "a year.").boxes) == 3


def test_a_word_broken_at_a_line_end_is_boxed_on_both_lines() -> None:
    lines = paragraph(50, 300, "What they built there was an *infra-*", "*structure of steel* and of stone.", AFTER)
    data = inked(Leaf(lines))
    assert "infrastructure of steel" in read(data)[0].text
    located = assert_boxed(data, "infrastructure of steel")
    assert len(located.boxes) == 2


def test_columns_are_not_crossed() -> None:
    left = [f"In the year {year} the eels climb" for year in range(1990, 2000)]
    right = [f"Ships of {weight} tons pay the levy" for weight in range(20, 30)]
    left[3:5] = ["and of *the ladder that they*", "*climb in April every year* now"]
    lines = [*paragraph(40, 340, *left), *paragraph(270, 340, *right)]
    located = assert_boxed(inked(Leaf(lines)), "the ladder that", "every year")
    assert len(located.boxes) == 2


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_of_a_repeated_sentence_the_cited_one_is_boxed(nth: int) -> None:
    said = [f"*{GATE}*" if place == nth else GATE for place in range(3)]
    lines = paragraph(50, 340, said[0], BEFORE, said[1], AFTER, said[2])
    assert_boxed(inked(Leaf(lines)), GATE, nth=nth)


@pytest.mark.parametrize("nth", [0, 1, 2, 3])
def test_of_sentences_with_nothing_else_around_them_the_order_tells(nth: int) -> None:
    lines = paragraph(50, 340, *(f"*{GATE}*" if place == nth else GATE for place in range(4)))
    assert_boxed(inked(Leaf(lines)), GATE, nth=nth)


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_figure_that_stands_in_several_rows_is_boxed_in_its_own(nth: int) -> None:
    rows = [("Berths", "2,019"), ("Leaves", "2,019"), ("Homes", "2,019")]
    lines = [
        line
        for number, (name, count) in enumerate(rows)
        for line in (
            Line(50, 300 - 20 * number, name),
            Line(250, 300 - 20 * number, f"*{count}*" if number == nth else count),
        )
    ]
    assert_boxed(inked(Leaf(lines)), "2,019", nth=nth)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (30.0, 60.0, 480.0, 390.0)])
def test_turned_and_cropped_pages_are_boxed_as_they_are_shown(
    rotation: int, crop: tuple[float, float, float, float] | None
) -> None:
    assert_boxed(inked(Leaf(paragraph(50, 300, BEFORE, f"*{GATE}*", AFTER), rotation, crop)), GATE)


@pytest.mark.parametrize("turned", [90.0, 270.0])
def test_lines_that_run_up_or_down_are_boxed(turned: float) -> None:
    start = 40 if turned == 90 else 360
    lines = [
        Line(x, start, text, turned=turned)
        for x, text in ((100, BEFORE), (130, f"*{GATE}*"), (160, AFTER))
    ]  # fmt: skip
    located = assert_boxed(inked(Leaf(lines)), GATE)
    assert len(located.boxes) == 1 and located.boxes[0].height > located.boxes[0].width


def test_a_quote_over_a_page_break_is_boxed_on_both_pages() -> None:
    data = inked(
        Leaf(paragraph(50, 100, BEFORE, "*The gate would close about*")),
        Leaf(paragraph(50, 350, "*twelve times a year* in all weathers, they say.", AFTER)),
    )
    located = assert_boxed(data, "The gate would", "a year")
    assert [box.page for box in located.boxes] == [1, 2]


def test_the_marks_around_the_words_are_boxed_with_them() -> None:
    lines = paragraph(50, 300, BEFORE, "Of the cost the city bears *(60%)* by itself,", AFTER)
    assert_boxed(inked(Leaf(lines)), "(60%)")


def test_running_heads_that_the_text_lost_do_no_harm() -> None:
    pages = []
    for word in ("one", "two", "three", "four"):
        told = f"*{GATE}*" if word == "two" else GATE
        lines = paragraph(50, 300, f"Here begins {word}.", f"On {word} it says:", told, f"So {word}.", f"Not {word}?")
        pages.append(Leaf([Line(50, 380, "The Quay Courier, all the news"), *lines]))
    data = inked(*pages)
    assert "Courier" not in read(data)[0].text
    assert {box.page for box in assert_boxed(data, GATE, nth=1).boxes} == {2}


def test_words_that_are_not_there_get_no_box() -> None:
    _, pdf = read(inked(Leaf(paragraph(50, 300, BEFORE, AFTER))))
    other = "Eleven steel leaves rest on the bed of the river and rise with the surge."
    document = Document("d", "/shelf/x.pdf", "0", "x", other, "application/pdf", pages=(Page(1, 0, len(other)),))
    located = locate(pdf, document, Span(0, len(other)))
    assert located.boxes == () and located.letters > 50 and located.found < 0.8 * located.letters


def test_small_differences_between_the_readings_cost_little() -> None:
    data = inked(Leaf(paragraph(50, 300, BEFORE, f"*{GATE}*", AFTER)))
    document, pdf = read(data)
    damaged = document.text.replace("about twelve", "ab0ut twelve")
    changed = Document("d", "/shelf/x.pdf", "0", "x", damaged, "application/pdf", pages=document.pages)
    located = locate(pdf, changed, cite(changed, "The gate would", "a year."))
    assert located.boxes and 0.85 < located.found / located.letters < 1


def test_a_pdf_under_a_password_is_told_in_one_line() -> None:
    with pytest.raises(LoadError, match=r"sealed.pdf: protected by a password; its pages are not shown") as told:
        OpenPdf(inked(Leaf(paragraph(50, 300, BEFORE)), password="oyster"), "sealed.pdf")
    assert told.value.kind == "password"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 and no more", b"hello" * 100])
def test_what_is_no_pdf_is_told_in_one_line(data: bytes) -> None:
    with pytest.raises(LoadError, match=r"x.pdf: its pages cannot be drawn") as told:
        OpenPdf(data, "x.pdf")
    assert told.value.kind == "broken" and "\n" not in str(told.value)


def test_pages_are_counted_from_one() -> None:
    _, pdf = read(inked(Leaf(paragraph(50, 300, BEFORE))))
    for number in (0, 2, -1):
        with pytest.raises(IndexError):
            pdf.image(number, 200)
        with pytest.raises(IndexError):
            pdf.sheet(number)


def test_many_threads_draw_and_read_at_once() -> None:
    data = inked(*(Leaf(paragraph(50, 300, f"Page {number}. {BEFORE}", GATE)) for number in range(8)))
    _, pdf = read(data)
    alone = [pdf.image(number, 200) for number in range(1, 9)]
    faults: list[str] = []

    def work(shift: int) -> None:
        for step in range(8):
            number = (step + shift) % 8 + 1
            own = OpenPdf(data, "x.pdf")
            if pdf.image(number, 200) != alone[number - 1] or len(own.sheet(number).letters) < 80:
                faults.append(f"page {number}")

    threads = [threading.Thread(target=work, args=(shift,)) for shift in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


WORDS = st.lists(
    st.sampled_from("the gate of steel and tide closes in April 2025 for 48 days".split()), min_size=1, max_size=40
)


@given(words=WORDS, data=st.data())
def test_any_stretch_is_found_whole_where_only_spaces_and_hyphens_differ(words: list[str], data: st.DataObject) -> None:
    written, _ = folded(" ".join(words))
    drawn, _ = folded("-\n".join(words).upper())
    start = data.draw(st.sampled_from(sorted(written.openings)))
    end = data.draw(st.sampled_from([*(at for at in sorted(written.openings) if at > start), len(written.text)]))
    assert [tuple(run) for run in runs(written, start, end, drawn)] == [(0, start, end - start)]


@given(
    shown=st.lists(st.sampled_from("alpha beta gamma delta 12 7 a".split()), max_size=25),
    wanted=st.lists(st.sampled_from("alpha beta gamma delta 12 7 a".split()), min_size=1, max_size=12),
)
def test_runs_never_overlap_and_are_the_same_in_both_readings(shown: list[str], wanted: list[str]) -> None:
    written, _ = folded(" ".join(wanted))
    drawn, _ = folded(" ".join(shown))
    found = runs(written, 0, len(written.text), drawn)
    for start, at, length in found:
        assert length > 0 and written.text[start : start + length] == drawn.text[at : at + length]
    for which in (0, 1):
        ends = sorted((run[which], run[which] + run.length) for run in found)
        assert all(one[1] <= other[0] for one, other in pairwise(ends))
