"""What the page shows, as HTML, without a browser."""

from dataclasses import replace

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Answer, Citation, Entry, Failure, Hit, Passage, Sentence, Span, Verdict
from rag.web import incoming, ledger, reading, render, room, source, words
from rag.web.markup import Layer, tagged
from rag.web.stages import Progress
from rag.web.uploads import Line
from tests.web_fakes import FakeLibrary, document, harbour

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&${1+1}{{value}}"
COST = "What would the tide gate cost, 48 or 52 million crowns?"


def asked(question: str = COST) -> tuple[FakeLibrary, Answer]:
    library = FakeLibrary(harbour())
    answer = [*library.stream(question)][-1].answer
    assert answer is not None
    return library, answer


def tree(markup: str) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(markup, create_parent="div")


def texts(markup: str, path: str) -> list[str]:
    return [element.text_content() for element in tree(markup).xpath(path)]


def test_every_sentence_carries_its_marks_as_buttons_and_its_verdict_in_a_word() -> None:
    _, answer = asked()
    shown = tree(render.answer(answer))
    marks = shown.xpath("//*[@class='prose']//button[@data-open]")
    assert [mark.text_content() for mark in marks] == ["1", "2", "3"]
    assert marks[0].get("aria-label") == f"Show source 1: {answer.citations[0].title}"
    assert [mark.get("aria-current") for mark in marks] == ["true", None, None]
    assert [word.text_content() for word in shown.xpath("//*[@class='word']")] == ["Supported"] * 3
    assert "48 million crowns" in [bold.text_content() for bold in shown.xpath("//strong")]


def test_the_answer_says_how_its_sentences_were_judged_and_how_long_it_took() -> None:
    facts = texts(render.answer(asked()[1]), "//*[contains(concat(' ', @class, ' '), ' fact ')]")
    assert facts == ["3 sentences supported", "2 documents", words.ALL_QUOTED, "0.16 s"]


def test_words_that_nothing_supports_are_underlined_and_say_so() -> None:
    text = "It would cost 48 million crowns and float."
    verdict = Verdict("partial", 0.6, unsupported=(Span(32, 41),), notes=("“float” is in no source",))
    answer = replace(asked()[1], text=text, short=None, sentences=(Sentence(text, 0, len(text), (1,), verdict),))
    shown = tree(render.answer(answer))
    (lacking,) = shown.xpath("//u")
    assert lacking.text_content() == "and float" and lacking.get("tabindex") == "0"
    (card,) = shown.xpath(f"//*[@id='{lacking.get('aria-describedby')}']")
    assert words.UNSUPPORTED_WORDS in card.text_content() and "“float” is in no source" in card.text_content()
    assert shown.xpath("//*[contains(@class,'verdict--partial')]/@title")[0].startswith("Partly supported (60%)")
    assert texts(render.answer(answer), "//ul[@class='notes']/li") == ["“float” is in no source"]


def test_a_withheld_sentence_is_not_shown_but_its_absence_is() -> None:
    answer = asked()[1]
    first = replace(answer.sentences[0], withheld=True, verdict=Verdict("contradicted", 0.0))
    shown = render.answer(replace(answer, sentences=(first, *answer.sentences[1:])))
    assert first.text not in tree(shown).xpath("//*[@class='prose']")[0].text_content()
    assert words.WITHHELD in tree(shown).text_content()


def test_an_abstention_says_so_gives_its_reason_and_the_nearest_passages() -> None:
    library, answer = asked("Who won the chess tournament in Reykjavik?")
    shown = tree(render.answer(answer)).text_content()
    assert words.ABSTAINED in shown and words.REASONS["weak_evidence"] in shown
    cards = tree(render.answer(answer)).xpath("//button[@class='card']/@data-open")
    panes = tree(source.panel(answer, library.document)).xpath("//article/@data-pane")
    assert cards == panes == ["p1", "p2", "p3", "p4", "p5"]


@pytest.mark.parametrize("reason", list(words.REASONS))
def test_each_reason_has_its_words(reason: str) -> None:
    answer = replace(asked()[1], status="abstained", reason=reason, evidence=(), citations=(), sentences=())
    assert words.REASONS[reason] in tree(render.answer(answer)).text_content()  # type: ignore[index]


def test_the_panel_highlights_exactly_the_quote_of_each_citation_and_opens_the_first() -> None:
    library, answer = asked()
    shown = tree(source.panel(answer, library.document))
    for citation in answer.citations:
        pane = shown.xpath(f"//article[@data-pane='c{citation.marker}']")[0]
        assert "".join(mark.text_content() for mark in pane.xpath(".//mark")) == citation.quote
        assert (pane.get("hidden") is None) == (citation.marker == 1)


def test_the_panel_names_title_file_date_and_page() -> None:
    library, answer = asked()
    where = texts(source.panel(answer, library.document), "//article[@data-pane='c2']//p[@class='where']")
    assert where == ["council-summary.pdf · 30 May 2024 · page 1"]


def test_page_ends_are_noted_between_the_words_not_in_them() -> None:
    report = harbour()[1]
    shown = tree(reading.body(report, Span(0, len(report.text)), Span(0, 0)))
    assert shown.xpath("//span[@class='leaf']/@data-page") == ["2"]
    assert "page" not in shown.text_content()
    late = replace(report, pages=(report.pages[0], replace(report.pages[1], start=report.pages[1].start - 1)))
    again = tree(reading.body(late, Span(0, len(report.text)), Span(0, 0)))
    assert again.xpath("//span[@class='leaf']/@data-page") == ["2"]


def test_a_source_that_changed_or_went_shows_the_cited_words_and_says_so() -> None:
    library, answer = asked()
    cited = answer.citations[0]
    library.put(document(cited.source, cited.title, "Rewritten.", "text/markdown"))
    changed = tree(source.panel(answer, library.document)).xpath("//article")[0]
    library.remove(cited.source)
    gone = tree(source.panel(answer, library.document)).xpath("//article")[0]
    for pane, note in ((changed, words.CHANGED), (gone, words.GONE)):
        assert note in pane.text_content() and pane.xpath(".//mark")[0].text_content() == cited.quote


def test_a_long_document_is_cut_where_paragraphs_end() -> None:
    text = "\n\n".join(f"Paragraph {number} " + "word " * 60 for number in range(60))
    at = text.index("Paragraph 30")
    shown = reading.window(text, Span(at, at + 12))
    assert text[shown.start :].startswith("Paragraph") and text[shown.end :].startswith("\n\nParagraph")
    assert shown.start < at < shown.end and shown.end - shown.start < 2 * reading.REACH + 20


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 60), st.integers(0, 80))
def test_a_window_always_holds_its_span(text: str, start: int, length: int, reach: int) -> None:
    span = Span(min(start, len(text)), min(start + length, len(text)))
    long = text + "\n" * (reading.WHOLE + 1)
    shown = reading.window(long, span, reach)
    assert 0 <= shown.start <= span.start <= span.end <= shown.end <= len(long)


PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)
RANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


@given(PRINTABLE, RANGES)
def test_however_layers_overlap_the_text_comes_out_whole(text: str, ranges: list[tuple[int, int]]) -> None:
    layers = [
        Layer(Span(min(pair), max(pair)), tag)
        for pair, tag in zip(ranges, ("mark", "strong", "em", "code", "small", "u"), strict=False)
    ]
    shown = tree("<b>.</b>" + tagged(text, Span(0, len(text)), layers))  # the parser drops blanks at the very start
    assert shown.text_content() == f".{text}"
    for layer in layers:
        assert "".join(shown.xpath(f"//{layer.tag}//text()")) == layer.span.of(text)


def test_markdown_is_read_without_its_marks_yet_keeps_every_character() -> None:
    courier = harbour()[0]
    shown = tree(reading.body(courier, Span(0, len(courier.text)), Span(0, 0)))
    unseen = "".join(shown.xpath("//span[@class='unseen']//text()"))
    assert "**" in unseen and "](https://example.org/survey)" in unseen and "# " in unseen
    assert shown.xpath("//h3")[0].text_content() == "# Harbour board weighs the new tide gate"
    assert "tide gate" in [bold.text_content() for bold in shown.xpath("//strong")]


def hostile_answer(suffix: str) -> tuple[FakeLibrary, Answer]:
    text = f"{HOSTILE} The gate costs {HOSTILE} crowns."
    one = document(
        f"/docs/{HOSTILE}{suffix}", HOSTILE, text, "text/markdown" if suffix == ".md" else "text/plain", date=HOSTILE
    )
    citation = Citation(1, one.source, one.sha256, one.title, 0, len(text), text, 1, HOSTILE)
    verdict = Verdict("partial", 0.5, unsupported=(Span(0, 9),), notes=(HOSTILE,))
    sentence = Sentence(text, 0, len(text), (1, 9), verdict)
    passage = Passage("p", one.id, one.source, one.title, 0, len(text), text, HOSTILE)
    hits = (Hit(passage, 1, 0.5, "fused"),)
    return FakeLibrary([one]), Answer(HOSTILE, "answered", None, 0.5, text, HOSTILE, (sentence,), (citation,), hits)


@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_nothing_written_by_others_becomes_an_element(suffix: str) -> None:
    library, answer = hostile_answer(suffix)
    abstained = replace(answer, status="abstained", reason="weak_evidence", sentences=(), citations=())
    entry = replace(library.documents()[0], language=HOSTILE, media_type=HOSTILE)
    shown = [
        render.answer(answer), render.answer(abstained), render.fault(HOSTILE, HOSTILE),
        render.step(HOSTILE, Progress(1)),
        render.welcome(1, [HOSTILE]), source.panel(answer, library.document), source.panel(abstained, library.document),
        room.documents([entry]), ledger.ledger([Failure(HOSTILE, HOSTILE, at=HOSTILE)]), room.notice(HOSTILE),
        incoming.intake([Line(HOSTILE, "failed", HOSTILE)], busy=False),
    ]  # fmt: skip
    for markup in shown:
        whole = tree(markup)
        assert not whole.xpath("//script | //img | //a | //iframe")
        assert not [
            name
            for element in whole.iter()
            for name in element.attrib
            if name.startswith("on") or name in ("src", "href")
        ]
        assert "alert(1)" in whole.text_content() or "alert(1)" in markup


def test_the_list_of_documents_says_what_each_is_and_asks_before_removing() -> None:
    entries: list[Entry] = FakeLibrary(
        [*harbour(), replace(harbour()[2], source="/x/l.txt", language="cy")]
    ).documents()
    shown = tree(room.documents(entries))
    assert (
        shown.xpath("//li//p[@class='where']")[0].text_content()
        == "council-summary.pdf PDF 30 May 2024 2 pages 2 passages English added 1 June 2024"
    )
    assert shown.xpath("//button[@data-remove]/@data-remove") == [
        "/docs/harbour/council-summary.pdf", "/docs/harbour/courier.md", "/x/l.txt", "/docs/harbour/letter.eml",
    ]  # fmt: skip
    assert all(ask.get("hidden") is not None for ask in shown.xpath("//*[@class='sure']"))
    assert texts(room.documents(entries), "//p[@class='only']") == [words.WORDS_ONLY]


def test_the_ledger_says_what_went_wrong_and_since_when() -> None:
    shown = tree(ledger.ledger([Failure("/docs/scan.pdf", "no text layer", at="2024-05-28T10:12:00Z")])).text_content()
    assert "scan.pdf" in shown and "no text layer" in shown and "since 28 May 2024" in shown
    assert ledger.ledger([]) == ""


def test_an_empty_library_explains_itself_and_only_the_seeds_have_examples() -> None:
    assert words.EMPTY_LIBRARY in tree(render.welcome(0, ())).text_content()
    assert tree(render.welcome(0, ())).xpath("//button[@data-room]")
    seeds = [replace(entry, source=f"/home/me/seeds/{entry.title}") for entry in FakeLibrary(harbour()).documents()]
    assert room.is_seeds(seeds) and not room.is_seeds(FakeLibrary(harbour()).documents()) and not room.is_seeds([])


def test_documents_of_the_same_title_are_told_apart_in_the_scope() -> None:
    entries = FakeLibrary(harbour()).documents()
    twins = [entries[0], replace(entries[0], source="/docs/harbour/copy.md")]
    assert [label for label, _ in room.choices(twins)] == [
        "Harbour board weighs the new tide gate (courier.md)", "Harbour board weighs the new tide gate (copy.md)",
    ]  # fmt: skip


def test_a_row_of_a_table_stands_by_itself() -> None:
    text = "What: gates; Number: 1\nWhat: leaves; Number: 11"
    table = document("/docs/figures.csv", "figures", text, "text/csv")
    shown = tree(reading.body(table, Span(0, len(text)), Span(23, len(text))))
    assert [row.text_content() for row in shown.xpath("//p[@class='row']")] == text.split("\n")
    assert shown.xpath("//mark")[0].text_content() == "What: leaves; Number: 11"
