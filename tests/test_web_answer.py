"""The faces of an answer, as HTML: judged, differing, silent, denying, written by a model."""

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Answer, Citation, Conflict, Hit, Passage, Side, Step, Verdict
from rag.web import render, stages, words
from rag.web.desk import Desk
from rag.web.saved import Link
from rag.web.stages import Progress
from tests.web_answer_fakes import (
    COST,
    DENIED,
    DOUBTFUL,
    ENDLESS,
    INVENTED,
    LACKING,
    LEFT_OUT,
    MISSING,
    MODEL,
    SILENT,
    WRITTEN,
    Staged,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&${1+1}{{value}}"


def asked(question: str) -> Answer:
    answer = [*Staged().stream(question)][-1].answer
    assert answer is not None
    return answer


def tree(markup: str) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(markup, create_parent="div")


def having(name: str) -> str:
    return f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"


def texts(whole: lxml.html.HtmlElement, path: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in whole.xpath(path)]


def test_each_sentence_is_told_by_a_class_an_icon_and_a_word() -> None:
    shown = tree(render.answer(asked(DOUBTFUL)))
    sentences = shown.xpath("//span[contains(@class, 'sentence--')]")
    assert [one.get("class") for one in sentences] == ["sentence sentence--partial", "sentence sentence--unsupported"]
    for sentence, word in zip(sentences, ("Partly supported", "Not supported"), strict=True):
        assert sentence.xpath(f".{having('word')}")[0].text_content() == word
        assert len(sentence.xpath(f".{having('verdict')}//svg")) == 1


def test_the_card_of_a_mark_has_title_page_date_quote_and_verdict() -> None:
    found = asked(COST)
    shown = tree(render.answer(found))
    second = shown.xpath(f"{having('prose')}//button[@data-open='c2']")[0]
    (card,) = shown.xpath(f"//*[@id='{second.get('data-peek')}']")
    assert second.get("aria-describedby") == card.get("id") and card.get("role") == "tooltip"
    said = card.text_content()
    assert found.citations[1].title in said and "page 1 · 30 May 2024" in said and "Supported" in said
    assert card.xpath(".//blockquote")[0].text_content() == " ".join(found.citations[1].quote.split())


def test_every_mark_on_the_page_has_a_card_of_its_own() -> None:
    desk = Desk(Staged())
    turns = [*desk.ask(DOUBTFUL)][-1].turns
    assert turns is not None
    told = [*desk.ask(COST, None, turns)]
    page = tree(f"{told[0].past}{told[-1].answer}")
    ids = page.xpath("//*[@id]/@id")
    wanted = page.xpath("//*[@data-peek]/@data-peek")
    assert len(set(ids)) == len(ids) and set(wanted) == set(ids) and len(wanted) > 6


def test_what_is_missing_of_a_sentence_is_said_where_its_words_are_underlined() -> None:
    shown = tree(render.answer(asked(DOUBTFUL)))
    first, second = shown.xpath("//u")
    assert first.text_content() == LACKING and second.text_content() == INVENTED[:-1]
    said = shown.xpath(f"//*[@id='{first.get('aria-describedby')}']")[0].text_content()
    assert words.UNSUPPORTED_WORDS in said and MISSING in said and first.get("tabindex") == "0"


def test_sides_stand_beside_each_other_with_their_words_dates_and_ages() -> None:
    shown = tree(render.answer(asked(COST)))
    sides = shown.xpath(having("side"))
    assert [texts(side, f".{having('value')}") for side in sides] == [["48 million crowns1"], ["52 million crowns2"]]
    assert [texts(side, ".//mark") for side in sides] == [["48 million crowns"], ["52 million crowns"]]
    assert [texts(side, f".{having('age')}") for side in sides] == [[words.OLDER], [words.NEWER]]
    assert texts(sides[1], ".//cite") == ["Tide gate: summary for the council"]
    assert "30 May 2024" in sides[1].text_content() and "page 1" in sides[1].text_content()
    assert words.CONFLICTS_MORE in shown.text_content()


@pytest.mark.parametrize("dates", [(None, "2024-05-30"), ("2024-05-30", "2024-05-30"), ("spring", "2024-05-30")])
def test_without_two_dates_no_side_is_called_the_newer(dates: Sequence[str | None]) -> None:
    found = asked(COST)
    cited = [replace(one, date=day) for one, day in zip(found.citations, dates, strict=False)]
    shown = tree(render.answer(replace(found, citations=(*cited, *found.citations[2:]))))
    assert not shown.xpath(having("age"))


PLAIN = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Co", "Cn")), max_size=60)


@given(PLAIN, PLAIN)
def test_the_words_of_a_side_are_marked_where_they_stand_and_nothing_is_lost(quote: str, value: str) -> None:
    found = asked(COST)
    cited = replace(found.citations[0], source="/docs/a.txt", quote=quote)
    conflict = Conflict("about", (Side(value, (1,)), Side("other", ())))
    shown = tree(render.answer(replace(found, citations=(cited,), sentences=(), conflicts=(conflict,))))
    told = shown.xpath(f"{having('side')}//blockquote")[0]
    assert told.text_content() == " ".join(quote.split())
    for mark in told.xpath(".//mark"):
        assert mark.text_content().casefold().split() == value.removesuffix("…").casefold().split()


def test_silence_says_why_what_is_nowhere_and_what_brought_each_passage() -> None:
    shown = tree(render.answer(asked(SILENT)))
    assert texts(shown, having("verdictless")) == [words.ABSTAINED]
    reasons = texts(shown, having("reason"))
    assert reasons == [words.REASONS["weak_evidence"], f"{words.NOWHERE} won, chess, tournament, Reykjavik."]
    first = shown.xpath(having("card"))[0]
    came = texts(first, f".{having('came')}/span")
    assert came == ["Has eels", "Nearest in meaning (0.70)", "2nd by its words"]
    assert "eels" in texts(first, f".{having('excerpt')}//strong")
    assert all(one.get("data-open") for one in shown.xpath(having("card")))


def test_a_passage_far_from_its_beginning_is_shown_where_it_has_the_words() -> None:
    found = asked(SILENT)
    text = "Nothing of note here. " * 40 + "Then the eels came up the river."
    one = replace(found.evidence[0].passage, text=text)
    shown = tree(render.answer(replace(found, evidence=(replace(found.evidence[0], passage=one),))))
    assert "the eels came up" in shown.xpath(having("excerpt"))[0].text_content()


def test_a_false_premise_stands_beside_what_the_documents_say() -> None:
    shown = tree(render.answer(asked(DENIED)))
    assert texts(shown, having("verdictless")) == [words.DENIED]
    assert texts(shown, having("assumed")) == [DENIED] and texts(shown, f"{having('assumed')}/mark") == [
        "twelve leaves"
    ]
    (said,) = shown.xpath(f"{having('premise')}//dd[2] | {having('premise')}/div[2]/dd")
    assert texts(said, ".//strong") == ["eleven"]
    assert "eleven steel leaves" in said.text_content() and "30 May 2024" in said.text_content()
    assert said.xpath(".//button/@data-open") == ["c1"]


def test_what_a_model_wrote_says_so_and_its_quotes_are_quotes() -> None:
    shown = tree(render.answer(asked(WRITTEN)))
    (quote,) = shown.xpath("//q")
    assert quote.text_content().startswith("The council's own engineers") and quote.get("title") == words.WORD_FOR_WORD
    assert f"Written by {MODEL}" in texts(shown, having("fact"))
    assert texts(shown, f"{having('notes')}/li") == [LEFT_OUT]
    made = texts(shown, f"{having('made')}//dd")
    assert (
        "1,812 read, 64 written" in made
        and "searching 0.20 s · reading 0.30 s" in made[2]
        and "writing 4.1 s" in made[2]
    )


def test_an_answer_of_quotes_alone_has_no_quotation_marks() -> None:
    shown = tree(render.answer(asked(COST)))
    assert not shown.xpath("//q") and words.ALL_QUOTED in texts(shown, having("fact"))


def test_a_kept_answer_has_its_link_and_its_files_and_another_has_neither() -> None:
    found = asked(COST)
    shown = tree(render.answer(found, link=Link("my files", "x-1")))
    assert shown.xpath("//section/@data-link") == ["?answer=x-1&library=my+files"]
    assert shown.xpath("//a[@download]/@href") == [f"answers/my%20files/x-1.{kind}" for kind in ("html", "json", "md")]
    bare = tree(render.answer(found))
    assert not bare.xpath("//a | //*[@data-link] | //*[@data-copy-link]")


def test_an_answer_given_earlier_says_when_and_what_has_changed() -> None:
    shown = tree(render.answer(asked(COST), since=["Answered on 4 March 2026.", HOSTILE]))
    assert texts(shown, f"{having('since')}/li") == ["Answered on 4 March 2026.", HOSTILE]


# --- stages


def test_the_stages_are_told_one_after_the_other_and_writing_only_where_a_model_writes() -> None:
    hits = asked(COST).evidence
    progress = Progress(3)
    rows = [texts(tree(stages.row(progress)), "//li")]
    for step in (Step("search", hits), Step("read", hits), Step("verify", hits, asked(COST))):
        progress = progress.after(step)
        rows.append(texts(tree(stages.row(progress)), "//li"))
    assert rows == [
        ["Searching 3 documents…", "Read", "Check"],
        ["Searched", "Reading 6 passages…", "Check"],
        ["Searched", "Read", "Writing…", "Check"],
        ["Searched", "Read", "Written", "Checking 3 sentences against what they cite…"],
    ]
    assert tree(stages.row(progress)).xpath("//li[@aria-current='step']/text()")[0].startswith("Checking")


def test_a_sign_that_the_model_still_writes_leaves_what_is_shown_as_it_is() -> None:
    hits = asked(COST).evidence
    written = Progress(3).after(Step("read", hits)).after(Step("read", hits, asked(COST)))
    assert written.answer is not None and written.after(Step("read", hits)) == written


def test_closing_the_answer_under_way_ends_the_work() -> None:
    library = Staged()
    asking = Desk(library).ask(ENDLESS)
    for _ in range(4):
        next(asking)
    assert library.closed == 0
    asking.close()  # type: ignore[attr-defined]
    assert library.closed == 1


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    def keep(turn: object) -> Link:
        raise OSError("disk full")

    told = [*Desk(Staged()).ask(COST, None, (), keep)][-1]
    assert "data-done" in told.answer and told.link is None and "disk full" in caplog.text


# --- data stays data


def hostile() -> list[Answer]:
    cited = Citation(1, f"/d/{HOSTILE}", HOSTILE, HOSTILE, 0, 9, HOSTILE, 1, HOSTILE)
    passage = Passage("p", "d", f"/d/{HOSTILE}", HOSTILE, 0, len(HOSTILE), HOSTILE, HOSTILE)
    whole = replace(
        asked(DOUBTFUL), question=HOSTILE, understood=HOSTILE, citations=(cited,), model=HOSTILE, judge=HOSTILE,
        usage={"input_tokens": 1}, notes=(HOSTILE,), evidence=(Hit(passage, 1, 0.5, "fused", {"dense": 1}),),
        conflicts=(Conflict(HOSTILE, (Side(HOSTILE, (1,)), Side(HOSTILE, (1, 7))), HOSTILE),),
    )  # fmt: skip
    sentences = tuple(
        replace(one, verdict=replace(one.verdict, notes=(HOSTILE,)), citations=(1, 7)) for one in whole.sentences
    )
    whole = replace(whole, sentences=sentences)
    lead = f"The question takes “{HOSTILE}” for granted; the documents say otherwise: "
    text = lead + HOSTILE
    said = replace(sentences[0], text=HOSTILE, start=len(lead), end=len(text), verdict=Verdict("supported", 1.0))
    denied = replace(whole, status="abstained", reason="false_premise", text=text, sentences=(said,), conflicts=())
    silent = replace(whole, status="abstained", reason="weak_evidence", sentences=(), citations=(), conflicts=())
    return [whole, denied, silent]


@pytest.mark.parametrize("answer", hostile(), ids=["answered", "denied", "silent"])
def test_nothing_written_by_others_becomes_an_element(answer: Answer) -> None:
    for markup in (
        render.answer(answer, link=Link(HOSTILE, HOSTILE), since=[HOSTILE]),
        render.step(HOSTILE, Progress(1, "write", 1, answer, HOSTILE, True)),
        render.stopped(HOSTILE),
    ):
        shown = tree(markup)
        assert not shown.xpath("//script | //img | //iframe") and "alert(1)" in shown.text_content()
        names = {name for element in shown.iter() for name in element.attrib}
        assert not [name for name in names if name.startswith("on") or name == "src"]
        assert all(link.startswith("answers/%3Cscript") for link in shown.xpath("//@href"))


def test_no_name_of_a_text_is_used_twice() -> None:
    source = Path(words.__file__).read_text(encoding="utf-8")
    names = Counter(
        name.id
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for name in ast.walk(statement)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    )
    assert [name for name, count in names.items() if count > 1] == []
