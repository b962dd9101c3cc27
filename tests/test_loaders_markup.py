"""Web pages and e-books: the words a reader sees, block by block."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rag.loaders import parse
from rag.types import Document
from tests import making_files as make

SENTENCE = "The ferry crosses the bay twice a day, and in summer it carries bicycles too. "
ARTICLE = f"""<!doctype html><html><head><title>The ferry</title>
<meta property="article:published_time" content="2022-10-03T08:00:00Z"><script>var secret1 = 1</script></head>
<body><nav><a href="/">Home</a> <a href="/all">Everything</a></nav>
<main><article><h1>The ferry is back</h1><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p>
<h2>Timetable</h2><ul><li>Morning at six<ul><li>Sundays at eight</li></ul></li><li>Evening at nine</li></ul>
<table><tr><th>Harbour</th><th>Fare</th></tr><tr><td>North</td><td>3.50</td></tr></table>
<p hidden>secret2</p><p style="color:red; display: none">secret3</p><p aria-hidden="true">secret4</p>
<p>{SENTENCE * 2}</p></article></main><footer>secret5</footer></body></html>"""


def test_a_page_gives_its_main_text_title_date_and_headings() -> None:
    document = parse(make.raw(ARTICLE, "ferry.html"))
    assert "secret" not in document.text
    assert "Everything" not in document.text
    assert "\n- Morning at six\n- Sundays at eight\n- Evening at nine\n" in document.text
    assert "Harbour: North; Fare: 3.50" in document.text
    shown = [(one.level, document.text[one.start : one.end]) for one in document.headings]
    assert shown[-1] == (2, "Timetable")
    assert (document.title, document.date, document.media_type) == ("The ferry is back", "2022-10-03", "text/html")


def test_a_short_page_is_kept_whole_and_bears_no_made_up_date() -> None:
    body = "<nav>menu</nav><div>Open <b>daily</b>.<br>Closed in May.</div>"
    page = f"<html><head><title>Opening hours</title></head><body>{body}</body></html>"
    document = parse(make.raw(page, "hours.html"))
    assert document.text == "Open daily.\nClosed in May."
    assert (document.title, document.date) == ("Opening hours", None)


def test_text_after_a_dropped_element_stays() -> None:
    assert parse(make.raw("<p>one <script>x</script>two</p>", "a.html")).text == "one two"


def test_the_page_says_in_which_encoding_it_is() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body><p>Переговоры возможны.</p></body></html>'
    assert parse(make.raw(page.encode("cp1251"), "a.html")).text == "Переговоры возможны."


def test_a_served_page_is_a_page_whatever_its_name() -> None:
    document = parse(
        make.raw("<html><body><p>Read me first.</p></body></html>", "README.md", "text/html; charset=utf-8")
    )
    assert (document.text, document.media_type) == ("Read me first.", "text/html")


def test_a_layout_table_is_read_as_text() -> None:
    page = "<table><tr><td><h2>Left words</h2></td><td><p>Right words.</p></td></tr></table>"
    assert parse(make.raw(page, "a.html")).text == "Left words\n\nRight words."


def test_markup_in_text_stays_text() -> None:
    assert parse(make.raw("<p>Write &lt;script&gt; &amp; run</p>", "a.html")).text == "Write <script> & run"


@given(st.text("<>/abp hdiv=\"'&;!-\n", max_size=60))
def test_any_tag_soup_gives_a_document_or_one_clear_refusal(soup: str) -> None:
    read = make.outcome(make.raw(f"<html><p>word</p>{soup}", "a.html"))
    assert isinstance(read, Document)
    assert "word" in read.text


def test_an_e_book_is_read_in_the_order_of_its_spine() -> None:
    chapters = ["<h1>Second</h1><p>He left.</p>", "<h1>First</h1><p>She <i>came</i>.</p>"]
    document = parse(make.raw(make.ebook(chapters), "light.epub"))
    assert document.text == "First\n\nShe came.\n\nSecond\n\nHe left."
    assert (document.title, document.date) == ("The lighthouse", "1927-05-05")
    assert [document.text[one.start : one.end] for one in document.headings] == ["First", "Second"]
    assert document.media_type == "application/epub+zip"


def test_no_entity_of_an_e_book_reaches_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("swordfish")
    entity = f'<!DOCTYPE package [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    document = parse(make.raw(make.ebook(["<p>Words.</p>"], "Light &x;", before=entity), "light.epub"))
    assert "swordfish" not in document.title + document.text
    assert document.title.startswith("Light")
