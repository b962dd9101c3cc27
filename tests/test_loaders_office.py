"""Office documents and tables become lines that read on their own."""

import datetime
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LoadError
from rag.loaders import parse
from rag.loaders.drafts import Writer
from rag.types import Document
from tests import making_files as make


def headings(document: Document) -> list[tuple[int, str]]:
    return [(one.level, document.text[one.start : one.end]) for one in document.headings]


def test_word_keeps_its_order_headings_items_and_rows() -> None:
    document = parse(make.raw(make.word(), "orchard.docx"))
    assert document.text == (
        "The orchard in 2022\n\n14 March 2022\n\nThe orchard has forty trees. Most of them are old.\n\n"
        "What was picked\n\n- Apples from the north side\n- Pears from the south side\n\n"
        "Fruit: Apple; Crates: 12; Kept: partly\nFruit: Pear; Crates: 7"
    )
    assert headings(document) == [(1, "The orchard in 2022"), (2, "What was picked")]
    assert (document.title, document.date) == ("Orchard report", "2022-03-14")


def test_slides_are_pages_that_open_with_their_titles() -> None:
    document = parse(make.raw(make.slides(), "bees.pptx"))
    assert headings(document) == [(1, "Bees in winter"), (1, "Bees in spring"), (1, "Slide 3")]
    assert [document.text[page.start : page.end].strip() for page in document.pages] == [
        "Bees in winter\n\n- They cluster\n- They eat honey\n\nSay that the cluster is warm.",
        "Bees in spring\n\nThey fly",
        "Slide 3\n\nHive: North; Weight: 31 kg",
    ]
    assert document.title == "Bees in winter"


def test_sheets_name_every_cell_by_its_column() -> None:
    book = make.workbook(
        {
            "Towns": [
                ("Region", "People", "Since"),
                ("Kherson", 3.0, datetime.date(2022, 9, 30)),
                ("Odesa", 2.5, None),
            ],
            "Secret": [("a", "b")],
            "Bare": [(1, 2), (3, 4)],
        },
        hidden=["Secret"],
    )
    document = parse(make.raw(book, "towns.xlsx"))
    assert document.text == (
        "Towns\n\nRegion: Kherson; People: 3; Since: 2022-09-30\nRegion: Odesa; People: 2.5\n\nBare\n\n1; 2\n3; 4"
    )
    assert headings(document) == [(1, "Towns"), (1, "Bare")]
    assert document.metadata["hidden_sheets"] == "Secret"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_in_text_are_read_by_any_delimiter(delimiter: str) -> None:
    rows = [("Region", "Claimed", "Held"), ("Kherson", "2022", "partly"), ("Luhansk", "2022", "yes")]
    text = "\n".join(delimiter.join(row) for row in rows)
    document = parse(make.raw(text, "regions.csv"))
    assert document.text == "Region: Kherson; Claimed: 2022; Held: partly\nRegion: Luhansk; Claimed: 2022; Held: yes"
    assert (document.title, document.media_type) == ("regions", "text/csv")


def test_quoted_cells_keep_their_delimiters_and_lose_their_line_ends() -> None:
    document = parse(make.raw('Name,Said\n"Ross, Ann","first\nsecond"\n', "a.csv"))
    assert document.text == "Name: Ross, Ann; Said: first second"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=5), max_size=6))
def test_every_cell_below_the_headings_is_written_on_its_row(rows: list[list[str]]) -> None:
    writer = Writer()
    writer.table([["Name", "Town", "Since"], *rows], headed=True)
    lines = writer.text.split("\n")
    filled = [shown for row in rows if any(shown := [" ".join(cell.split()) for cell in row])]
    for line, row in zip(lines, filled or [["Name", "Town", "Since"]], strict=True):
        assert all(cell in line for cell in row)


@given(st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "item"]), st.text(max_size=12)), max_size=12))
def test_headings_lie_where_the_writer_says(blocks: list[tuple[str, str]]) -> None:
    writer = Writer()
    written: list[str] = []
    for kind, text in blocks:
        if kind == "heading":
            writer.heading(2, text)
            written += [" ".join(text.split()).replace("\x00", "\ufffd")] if text.split() else []
        else:
            getattr(writer, kind)(text)
    assert [writer.text[one.start : one.end] for one in writer.headings] == written
    assert writer.length == len(writer.text)


def test_a_zipped_file_that_is_no_document_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(LoadError, match="unpack it") as caught:
        parse(make.raw(file.getvalue(), "a.zip"))
    assert caught.value.kind == "unsupported"


def test_a_zip_bomb_is_refused_unread() -> None:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(51):
            part.write(bytes(10_000_000))
    with pytest.raises(LoadError) as caught:
        parse(make.raw(file.getvalue(), "a.docx"))
    assert caught.value.kind == "too_large"


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.epub"])
def test_damaged_documents_say_so(name: str) -> None:
    whole = {"a.docx": make.word, "a.pptx": make.slides, "a.epub": lambda: make.ebook(["<p>x</p>"])}
    data = whole.get(name, lambda: make.workbook({"a": [(1, 2)]}))()
    with pytest.raises(LoadError) as caught:
        parse(make.raw(data[: len(data) // 2], name))
    assert caught.value.kind == "broken"
    assert "\n" not in str(caught.value)
