"""Sentences, words and what a person reads of them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import (
    LONGEST_UNIT,
    count_words,
    heads_table,
    is_heading_like,
    plain,
    shown,
    spaced,
    stems,
    table_header,
    trail,
    units,
    words,
)
from rag.types import Span

ANY_TEXT = st.text(
    alphabet=st.one_of(st.sampled_from("ab.,!? \n\n|-#*1“”’😀語"), st.characters(codec="utf-8")), max_size=400
)
KINDS = st.sampled_from(["text/plain", "text/markdown", "text/html", "application/pdf"])


def sentences(text: str, media_type: str = "text/plain") -> list[str]:
    return [span.of(text) for span in units(text, media_type=media_type)]


@given(ANY_TEXT, KINDS)
def test_units_are_in_order_apart_and_trimmed(text: str, media_type: str) -> None:
    found = units(text, media_type=media_type)
    for span in found:
        assert 0 <= span.start < span.end <= len(text)
        assert span.of(text).strip() == span.of(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


@given(ANY_TEXT, KINDS)
def test_every_word_outside_rules_is_in_a_unit(text: str, media_type: str) -> None:
    covered = set().union(*(range(*span) for span in units(text, media_type=media_type)))
    for line in words(text):
        if not text[line.start].isalnum():
            continue
        assert line.start in covered or "```" in text or text.startswith("---")


def test_abbreviations_quotes_and_emoji_keep_sentences_whole() -> None:
    text = "Dr. Smith left 😀. He said: “I won’t.” It cost $3.5 million, i.e. too much."
    assert sentences(text) == ["Dr. Smith left 😀.", "He said: “I won’t.”", "It cost $3.5 million, i.e. too much."]


def test_a_wrapped_line_goes_on_but_lists_rows_and_headings_stand_alone() -> None:
    text = "# Head\nThe line\ngoes on.\n- one item\n  of two lines\n- two\n| a | b |\n|---|---|\n| 1 | x |"
    assert sentences(text) == [
        "# Head",
        "The line\ngoes on.",
        "- one item\n  of two lines",
        "- two",
        "| a | b |",
        "| 1 | x |",
    ]


def test_front_matter_is_not_quoted() -> None:
    assert sentences("---\ntitle: A\ndate: 2023-12-23\n---\nThe text.\n", "text/markdown") == ["The text."]


def test_rendered_documents_have_one_block_a_line() -> None:
    assert sentences("Region: Kherson; Held: no\nRegion: Luhansk; Held: partly", "text/csv") == [
        "Region: Kherson; Held: no",
        "Region: Luhansk; Held: partly",
    ]


def test_rows_of_figures_in_a_pdf_stand_alone() -> None:
    assert sentences("Total revenue 17,606 15,785\nNet income 4,756 4,822\nThe end.", "application/pdf") == [
        "Total revenue 17,606 15,785",
        "Net income 4,756 4,822",
        "The end.",
    ]


def test_a_sentence_runs_on_over_a_page_break() -> None:
    text = "The committee of seven members said that reports\n\nfrom the front were late. Next."
    assert sentences(text) == ["The committee of seven members said that reports\n\nfrom the front were late.", "Next."]


def test_a_run_without_sentence_ends_is_cut_to_readable_length() -> None:
    text = "word " * 300
    found = units(text)
    assert max(count_words(span.of(text)) for span in found) <= LONGEST_UNIT
    assert sum(count_words(span.of(text)) for span in found) == 300


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**Bold** and [a *link*](http://x.y) `c`", "Bold and a link c"),
        ("## A heading", "A heading"),
        ("| Kherson | 2022 |", "Kherson, 2022"),
        ("- an item", "an item"),
        ("5 * 3 < 4 & a_b_c", "5 * 3 < 4 & a_b_c"),
    ],
)
def test_markdown_is_shown_without_its_marks(source: str, shown: str) -> None:
    assert plain(source, "text/markdown") == shown


def test_plain_text_keeps_its_stars() -> None:
    assert plain("**not** bold\n in text") == "**not** bold in text"


def test_each_chinese_character_counts_as_a_word() -> None:
    assert count_words("停火谈判 talks") == 5
    assert spaced("停火 x").split() == ["停", "火", "x"]


def test_stems_are_those_of_the_full_text_search() -> None:
    assert stems("Putin’s envoys, the cease-fire at the Élysée") == [
        "putin",
        "envoi",
        "the",
        "ceas",
        "fire",
        "at",
        "the",
        "elyse",
    ]


TABLE = "Boats:\n\n| Name | Seats |\n|---|---|\n| Heron | **2** |\n| Gannet | |\n\n| lonely | row |\n"


def row(cells: str) -> Span:
    return Span(TABLE.index(cells), TABLE.index(cells) + len(cells))


def test_a_row_of_a_markdown_table_is_shown_with_its_column_headings() -> None:
    assert shown(TABLE, row("| Heron | **2** |"), "text/markdown") == "Name: Heron; Seats: 2"
    assert shown(TABLE, row("| Gannet | |"), "text/markdown") == "Name: Gannet"
    assert shown(TABLE, row("| Name | Seats |"), "text/markdown") == "Name, Seats"
    assert shown(TABLE, row("| lonely | row |"), "text/markdown") == "lonely, row"
    assert table_header(TABLE, row("| Heron | **2** |")) == row("| Name | Seats |")
    assert table_header(TABLE, Span(0, 6)) is None
    assert [heads_table(TABLE, row(cells)) for cells in ("| Name | Seats |", "| Gannet | |")] == [True, False]


def test_a_heading_without_marks_is_apart_from_its_paragraph_and_known_by_how_it_stands() -> None:
    text = "Causes of the decline\nThe main cause was the mowing of the verges in the month of\nMay, not pesticides.\n"
    found = units(text, media_type="application/pdf")
    assert [span.of(text)[:21] for span in found] == ["Causes of the decline", "The main cause was th"]
    assert [is_heading_like(text, span) for span in found] == [True, False]
    for content in ("Revenue 2023", "- an item", "He left."):
        assert not is_heading_like(content, Span(0, len(content)))


def test_a_heading_that_asks_may_end_like_a_line_that_goes_on() -> None:
    full = "In the fall the envoys travelled to the lake again and again."
    text = f"{full}\nWho is who\nAnna Berg is the keeper.\n{full}\nA man who\nKnows her came."
    found = [span.of(text).replace("\n", " ") for span in units(text, media_type="application/pdf")]
    assert found == [full, "Who is who", "Anna Berg is the keeper.", full, "A man who Knows her came."]


def test_the_headings_in_force() -> None:
    headings = [(1, 0, "Book"), (2, 10, "One"), (3, 20, "Inner"), (2, 30, "Two")]
    assert [trail(headings, at) for at in (5, 25, 30)] == [["Book"], ["Book", "One", "Inner"], ["Book", "Two"]]


def test_a_short_line_that_ends_in_an_article_is_no_heading() -> None:
    text = (
        "At a ceremony Mr. Putin presented the failure of the revolt as proof of the strength of the whole state.\n"
        "Prigozhin was dead, killed in a crash that many attribute to the\nKremlin.\n"
    )
    assert "Prigozhin was dead, killed in a crash that many attribute to the\nKremlin." in [
        span.of(text) for span in units(text, 0, len(text), media_type="application/pdf")
    ]
