"""PDF: pages tile the text, running heads go, broken words are joined."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LoadError
from rag.loaders import fetch, find, parse
from rag.loaders.pdf_cleaning import clean
from rag.loaders.pdf_layout import choose
from rag.types import Document
from tests import making_files as make

BENCH = Path(os.environ.get("PINCITE_BENCH", Path(__file__).parents[1] / ".." / "shared" / "bench"))
SAMPLES = BENCH / "loaders" / "pypdf_resources"
TOPICS = ("harbour", "railway", "orchard", "library")


def pages() -> list[list[str]]:
    return [
        [
            f"City report {number}",
            f"The {topic} was built by hand over long years",
            f"and the {topic} stands.",
            f"{number}",
        ]
        for number, topic in enumerate(TOPICS, 1)
    ]


def test_pages_tile_the_text_without_their_running_heads() -> None:
    document = parse(make.raw(make.pdf(pages(), title="Four buildings"), "city.pdf"))
    assert [document.text[page.start : page.end] for page in document.pages][1] == (
        "The railway was built by hand over long years\nand the railway stands.\n\n"
    )
    assert [page.number for page in document.pages] == [1, 2, 3, 4]
    assert "City report" not in document.text
    assert (document.title, document.media_type, document.metadata) == ("Four buildings", "application/pdf", {})


@given(st.lists(st.text("ab-A. \n1ﬁ\u00ad", max_size=30), max_size=6))
def test_page_spans_tile_any_text(texts: list[str]) -> None:
    text, spans = clean(texts)
    assert [page.number for page in spans] == list(range(1, len(texts) + 1))
    assert [page.start for page in spans] == [0, *(page.end for page in spans)][: len(spans)]
    assert (spans[-1].end if spans else 0) == len(text)
    assert "\u00ad" not in text
    assert "ﬁ" not in text


def test_words_broken_at_line_ends_are_joined_as_the_document_writes_them() -> None:
    lines = "A long-term plan of the gov-|ernment, long-|term and inhabi-|tants. Mid-|March record-|breaking, a record"
    text, _ = clean([lines.replace("|", "\n") + " breaking"])
    assert text == (
        "A long-term plan of the government, long-term and inhabitants. Mid-\nMarch record-breaking, a record breaking"
    )


def test_a_sentence_or_a_word_that_runs_over_the_page_stays_whole() -> None:
    texts = ["The talks were held in secret and", "lasted a week, said inhabi-", "tants of the town.", "They ended."]
    text, spans = clean(texts)
    assert text == "The talks were held in secret and\nlasted a week, said inhabitants of the town.\n\nThey ended."
    assert text[spans[2].start : spans[2].end] == "tants of the town.\n\n"


def test_left_and_right_running_heads_go_and_a_page_of_nothing_else_stays() -> None:
    heads = [("The siege", "A diary")[number % 2] + f" {number}" for number in range(8)]
    text, _ = clean([f"{head}\nNight {word} was calm." for head, word in zip(heads, "abcdefgh", strict=True)])
    assert "siege" not in text
    assert "diary" not in text
    assert clean([f"Image {number}" for number in range(4)])[0].count("Image") == 4


def test_columns_are_read_one_after_the_other() -> None:
    left = [f"left column words number {word}" for word in "abcdefghij"]
    right = [f"right column words number {word}" for word in "abcdefghij"]
    laid_out = "\n".join(f"{one}     {other}" for one, other in zip(left, right, strict=True))
    assert choose("\n".join(left + right), laid_out) == "\n".join(left + right)


def test_the_layout_mends_its_split_words_but_takes_no_glued_ones() -> None:
    assert choose("the wellbeing of all", "the wellbein g of all") == "the wellbeing of all"
    laid_out = "operating offices are here\nin the city of Paris"
    assert choose("oper\nating officesare herein the ci\nty of Paris", laid_out) == laid_out


def test_outline_entries_are_headings_where_they_stand() -> None:
    made = make.pdf(pages(), outline=[("The railway", 2), ("Not to be found", 3)])
    document = parse(make.raw(made, "city.pdf"))
    assert [document.text[one.start : one.end] for one in document.headings] == ["The railway"]
    assert document.title == "city"


def test_a_locked_file_asks_for_its_password_and_opens_with_it() -> None:
    locked = make.raw(make.pdf(pages(), password="sesame"), "locked.pdf")
    with pytest.raises(LoadError, match="--password") as caught:
        parse(locked)
    assert caught.value.kind == "password"
    with pytest.raises(LoadError, match="does not open it"):
        parse(locked, password="wrong")
    assert "harbour" in parse(locked, password="sesame").text


def test_scanned_pages_are_told_apart() -> None:
    with pytest.raises(LoadError, match="ocrmypdf") as caught:
        parse(make.raw(make.pdf([[], []]), "scan.pdf"))
    assert caught.value.kind == "no_text_layer"
    some = parse(make.raw(make.pdf([["Words here."], []]), "half.pdf"))
    assert some.metadata["pages_without_text"] == "2"
    assert some.pages[1].start == some.pages[1].end


@given(st.data())
def test_a_damaged_pdf_is_read_or_refused_in_one_line(data: st.DataObject) -> None:
    whole = bytearray(make.pdf([["Some words on a page."]]))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    read = make.outcome(make.raw(bytes(whole), "a.pdf"))
    assert isinstance(read, Document) or "\n" not in str(read)


def test_every_sample_of_pypdf_is_read_or_refused() -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"no sample PDFs at {SAMPLES}; set PINCITE_BENCH")
    refused: dict[str, str] = {}
    for source in find(SAMPLES):
        read = make.outcome(fetch(source, max_bytes=50_000_000))
        if not isinstance(read, Document):
            refused[Path(source).name] = read.kind
            continue
        assert read.text.strip()
        assert not read.pages or read.pages[-1].end == len(read.text)
        assert all(read.text[one.start : one.end].strip() for one in read.headings)
    assert set(refused.values()) == {"no_text_layer", "password"}
    assert refused["encrypted-file.pdf"] == "password"
