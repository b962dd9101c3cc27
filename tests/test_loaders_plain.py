"""Text in any encoding keeps its characters; Markdown its source; e-mail its headers and text."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LoadError
from rag.loaders import parse
from rag.types import Document
from tests import making_files as make

RUSSIAN = (
    "Президент сказал, что переговоры возможны, если будет прекращён огонь. "
    "Журналисты спросили его, когда это случится, но он не ответил и вышел из зала."
)
JAPANESE = "政府は火曜日、新しい橋を来年三月に開通させると発表した。地元の住民は長い間この橋を待っていた。" * 2
POLISH = (
    "Burmistrz powiedział, że most będzie otwarty w przyszły wtorek; wszyscy mieszkańcy są zaproszeni na święto łąki."
)
FRENCH = "L’été dernier, les élèves ont visité le château près de la forêt, où ils ont été reçus très chaleureusement."


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1))
def test_utf8_text_keeps_every_character(text: str) -> None:
    read = make.outcome(make.raw(text, "a.txt"))
    if isinstance(read, Document):
        assert read.text == text.removeprefix("\ufeff")
    else:  # white space, or mostly control characters: no text
        assert read.kind in ("empty", "unsupported")


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1).filter(str.strip))
def test_letters_are_never_refused(text: str) -> None:
    assert parse(make.raw("A line. " + text, "a.txt")).text == "A line. " + text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        ("The café’s owner said “no”.", "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (RUSSIAN, "utf-16-le"),
        ("Plain words without a mark.", "utf-16-le"),
    ],
)
def test_older_encodings_are_recognised(text: str, encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" and text == RUSSIAN else b""
    assert parse(make.raw(mark + text.encode(encoding), "a.txt")).text == text


def test_byte_order_marks_go_and_line_ends_become_one_character() -> None:
    assert parse(make.raw(codecs.BOM_UTF8 + b"one\r\ntwo", "a.txt")).text == "one\ntwo"
    assert parse(make.raw("one two".encode("utf-16"), "a.txt")).text == "one two"


def test_a_nul_becomes_the_replacement_character() -> None:
    assert parse(make.raw("forty characters of text and one\x00nul", "a.log")).text.count("\ufffd") == 1


def test_utf8_with_a_broken_byte_is_still_utf8() -> None:
    text = parse(make.raw(RUSSIAN.encode() + b"\xff", "a.txt")).text
    assert text == RUSSIAN + "\ufffd"


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n" + bytes(64), b"\x00\x01\x02\x03" * 50])
def test_what_is_not_text_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(LoadError, match=r"^thing\.txt: ") as caught:
        parse(make.raw(data, "thing.txt"))
    assert caught.value.kind == "unsupported"


def test_text_that_opens_like_an_image_is_text() -> None:
    assert parse(make.raw("BMW sold more cars in May.", "a.txt")).text.startswith("BMW")


def test_white_space_is_empty() -> None:
    with pytest.raises(LoadError) as caught:
        parse(make.raw(" \n\t\n", "a.txt"))
    assert caught.value.kind == "empty"


def test_titles_and_dates_of_texts() -> None:
    named = parse(make.raw("The bridge is open\n\nPublished on 14 March 2023\n\nIt opened today.", "x.txt"))
    assert (named.title, named.date) == ("The bridge is open", "2023-03-14")
    over = parse(make.raw("THE BRIDGE: A TIMELINE\nCity desk\nCompiled 23 December 2023\n\nIt opened.", "x.txt"))
    assert (over.title, over.date) == ("THE BRIDGE: A TIMELINE", "2023-12-23")
    wrapped = "Report of the city council on everything that it did in the year ended\n14 March 2023\nand later."
    assert parse(make.raw(wrapped, "x.txt")).date is None
    unnamed = parse(make.raw("It opened today. Nobody came.", "old_bridge.txt"))
    assert (unnamed.title, unnamed.date) == ("old bridge", None)


def test_language_is_told_from_enough_words_only() -> None:
    assert parse(make.raw(RUSSIAN, "a.txt")).language == "ru"
    assert parse(make.raw(FRENCH + " " + FRENCH, "a.txt")).language == "fr"
    assert parse(make.raw("Too short.", "a.txt")).language is None


def test_markdown_keeps_its_source_and_knows_its_headings() -> None:
    front = '---\ntitle: "On bees"\ndate: 2023-03-14\n---\n'
    text = front + "# Bees *in* winter\n\nText.\n\nThe end\n-------\n\n```\n# no heading\n```\n"
    document = parse(make.raw(text, "bees.md"))
    assert document.text == text
    assert (document.title, document.date, document.media_type) == ("On bees", "2023-03-14", "text/markdown")
    assert [(h.level, text[h.start : h.end]) for h in document.headings] == [(1, "Bees *in* winter"), (2, "The end")]


def test_markdown_without_front_matter_is_named_by_its_first_heading() -> None:
    document = parse(make.raw("# Bees *in* winter\n\n*October 3, 2022*\n\nText.", "bees.md"))
    assert (document.title, document.date) == ("Bees in winter", "2022-10-03")


@given(st.text("# ab\n\r-=>`*\t1.", max_size=80).filter(str.strip))
def test_headings_of_any_markdown_lie_in_the_text(text: str) -> None:
    document = parse(make.raw(text, "a.md"))
    for heading in document.headings:
        assert document.text[heading.start : heading.end].strip()


def test_mail_opens_with_its_headers() -> None:
    document = parse(make.raw(make.mail(), "letter.eml"))
    assert document.text.startswith("From: Zoë Müller <zoe@example.org>\nTo: ben@example.org\nDate: Tue, 14 Mar 2023")
    assert "\n\nThe bridge opened today.\nNo one was hurt; the café stays shut.\n" in document.text
    assert (document.title, document.date, document.media_type) == (
        "The bridge is open",
        "2023-03-14",
        "message/rfc822",
    )
    assert document.metadata["attachments"] == "plan.pdf"


def test_mail_in_html_is_rendered() -> None:
    assert "The bridge opened today." in parse(make.raw(make.mail(html=True), "letter.eml")).text
