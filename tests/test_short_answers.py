"""The few words of a quote that answer: which they are, and where they are shown in bold."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from rich.console import Console

from rag import Answer, Library
from rag.answering.short import standing, tidied, told, where
from rag.cli import show
from rag.cli.verify import examine, read
from rag.models.verifying import Verifier
from rag.types import Document, Sentence, Span, Verdict
from rag.web import render
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document
from tests.reading_fakes import Fixed, KindFinder, fit, ship

BRIDGE = document(
    "The bridge of Narvik was opened in 1987 by the mayor. The mayor of Narvik, born in 1931, left in 1987.",
    "/docs/bridge.txt",
    "The bridge",
)
OPENED = "When was the bridge of Narvik opened?"
SURE = {"short": 5.0}


def ask(
    folder: Path, verifier: Verifier, question: str, documents: Sequence[Document] = (BRIDGE,), abstain: bool = True
) -> Answer:
    with Library(
        folder / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker(), verifier=verifier
    ) as library:
        library.add_documents(documents)
        found = library.ask(question, abstain=abstain)
        if found.sentences:
            assert all(check.ok for check in examine(read(found.to_json()), library))
        return found


def bold(markup: str) -> list[str]:
    return [str(one.text_content()) for one in lxml.html.fragment_fromstring(markup, "div").xpath("//q|//strong")]


# --- the words


@pytest.mark.parametrize(
    ("text", "found", "meant"),
    [
        ("opened in 1987, they say", "1987,", "1987"),
        ("in the 1990s it rained", "1990", "1990s"),
        ("it cost $5,000.50 more", "000", "$5,000.50"),
        ("some 41% agreed", "41", "41%"),
        ("He met Chernov there", "Cher", "Chernov"),
        ("in Paris (France) then", "(France)", "France"),
        ("in Paris (France) then", "Paris (France)", "Paris (France)"),
        ("in Paris (France) then", "(France", "France"),
        ("called “Hey Jude”.", "“Hey Jude”.", "Hey Jude"),
        ("the “Hey Jude” song", "“Hey Jude” song", "“Hey Jude” song"),
        ("came to the U.S. early", "the U.S.", "the U.S."),
        ("It was Anna Berg.", "Anna Berg.", "Anna Berg"),
        ("from 2010-2015 only", "2010", "2010"),
        ("nothing but – marks", "– ", ""),
    ],
)
def test_words_found_are_made_whole_and_bared_of_marks(text: str, found: str, meant: str) -> None:
    at = text.index(found)
    assert tidied(text, Span(at, at + len(found))).of(text) == meant


def test_words_stand_only_where_they_are_not_cut_out_of_others() -> None:
    assert standing("The 19870 of 1987, and 1987", "1987") == Span(13, 17)
    assert standing("The 19870", "1987") is None and standing("The 1987", "") is None
    assert standing("It cost $5 (so)", "$5") == Span(8, 10)


def told_in(*texts: str, short: str | None, question: str = OPENED, withheld: int = -1) -> Answer:
    sentences, start = [], 0
    for at, text in enumerate(texts):
        sentences.append(Sentence(text, start, start + len(text), (), Verdict("supported", 1.0), at == withheld))
        start += len(text) + 1
    return Answer(question, "answered", None, 0.9, " ".join(texts), short, tuple(sentences), (), ())


def test_of_two_sentences_that_have_them_the_one_about_the_question_shows_them() -> None:
    texts = ("The mayor left in 1987.", "The bridge was opened in 1987, in 1987 indeed.", "It closed in 1987.")
    assert where(told_in(*texts, short="1987")) == (1, Span(25, 29))
    assert where(told_in(*texts, short="1987", withheld=1)) == (0, Span(18, 22))
    assert where(told_in(*texts, short=None)) is None and where(told_in(*texts, short="198")) is None
    meant = replace(told_in(*texts, short="1987", question="And he?"), understood="When did the mayor leave?")
    assert where(meant) == (0, Span(18, 22))


def test_words_are_a_short_answer_only_in_the_sentence_they_were_found_in() -> None:
    answer = told_in("The mayor left in 1987.", "The bridge was opened in 1987.", short=None)
    assert told(answer, 1, "1987") == "1987"
    assert told(answer, 0, "1987") is None  # it would be shown in the other
    assert told(answer, 0, "mayor") == "mayor"


@pytest.mark.parametrize(("words", "kept"), [("opened in 1987", True), ("was opened in 1987", False), ("", False)])
def test_a_short_answer_is_clearly_shorter(words: str, kept: bool) -> None:
    """Three of the five words are 60%."""
    answer = told_in("Bridge was opened in 1987.", short=None, question="What happened?")
    assert told(answer, 0, words) == (words if kept else None)


def test_whether_something_is_so_has_no_short_answer() -> None:
    answer = told_in("The bridge was opened in 1987.", short=None)
    assert told(answer, 0, "1987") and told(replace(answer, question="Was it opened in a war?"), 0, "1987") is None
    assert told(replace(answer, question="And it?", understood="Did it open?"), 0, "1987") is None


# --- asked


def test_a_sure_reader_gives_the_short_answer_and_changes_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, fit())
    plain = ask(tmp_path / "plain", KindFinder(), OPENED)
    ship(monkeypatch, fit(thresholds=SURE))
    answer = ask(tmp_path / "short", KindFinder(), OPENED)
    assert plain.short is None and answer.short == "1987"
    changed = {name for name, value in answer.to_dict().items() if value != plain.to_dict()[name]}
    assert changed <= {"short", "seconds"}


@pytest.mark.parametrize(
    ("thresholds", "short"), [({}, None), ({"short": 9.5}, None), ({"short": 9.0}, "1987"), ({"short": -20.0}, "1987")]
)
def test_a_short_answer_takes_a_reader_that_is_sure_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thresholds: dict[str, float], short: str | None
) -> None:
    ship(monkeypatch, fit("answerable", thresholds=thresholds))
    assert ask(tmp_path, Fixed("1987", 9.0), OPENED).short == short


def test_the_words_are_looked_for_where_the_reader_is_surest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where that is no sentence that is quoted, there is no short answer."""
    ship(monkeypatch, fit(thresholds=SURE))
    aside = document("Long ago a ferry crossed to Narvik; the bridge came in 1902.", "/docs/ferry.txt", "Ferry")
    answer = ask(tmp_path / "aside", Fixed("1902"), OPENED, (BRIDGE, aside))
    assert "1902" not in answer.text and answer.short is None
    assert ask(tmp_path / "quoted", Fixed("the mayor"), OPENED, (BRIDGE, aside)).short == "the mayor"


def test_silence_denial_lists_and_yes_or_no_have_no_short_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, fit(thresholds={"short": -20.0}))
    finder = Fixed("Narvik")
    silent = ask(tmp_path / "silent", finder, "Who won the chess olympiad of Narvik in Havana?")
    assert silent.status == "abstained" and silent.short is None and not finder.read
    denied = ask(tmp_path / "denied", Fixed("by the mayor"), "Who opened the bridge of Narvik by the mayor in 1950?")
    assert denied.reason == "false_premise" and denied.short is None
    so = ask(tmp_path / "so", Fixed("the mayor"), "Was the bridge of Narvik opened in 1987?")
    assert so.status == "answered" and "the mayor" in so.text and so.short is None
    towns = document(
        "The towns with a bridge:\n\n- Narvik by the sea\n- Bodø by the sea\n",
        "/docs/towns.md",
        "Towns",
        media_type="text/markdown",
    )
    listed = ask(tmp_path / "listed", finder, "Which towns with a bridge are by the sea?", (towns,), abstain=False)
    assert "Narvik" in listed.text and len(listed.sentences) > 1 and listed.short is None


def test_a_short_answer_comes_with_the_whole_answer_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, fit(thresholds=SURE))
    with Library(
        tmp_path / "library", embedder=WordHashEmbedder(), reranker=SharedWordsReranker(), verifier=KindFinder()
    ) as library:
        library.add_documents([BRIDGE])
        *before, last = [step.answer for step in library.stream(OPENED) if step.answer]
    assert before and all(one.short is None for one in before) and last.short == "1987"


# --- shown


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Both sentences are quoted, and both have the year."""
    ship(monkeypatch, fit(thresholds=SURE))
    first, second = "was opened in 1987 by the mayor.", "The mayor, born in 1931, opened the Narvik bridge in 1987."
    text = f"The bridge of Narvik {first} {second}"
    found = ask(tmp_path, KindFinder(), "When was the bridge of Narvik opened by the mayor?", [document(text)])
    assert found.text == text and found.short == "1987"
    return found


def test_the_page_sets_the_words_in_bold_once_in_their_sentence(answer: Answer) -> None:
    assert bold(render.answer(answer)) == ["1987"]
    assert re.search(r"opened in <strong[^>]*>1987</strong> by", render.answer(answer))
    assert bold(render.answer(replace(answer, short="198"))) == []
    other = replace(answer, short="1931")
    assert re.search(r"born in <strong[^>]*>1931</strong>, opened", render.answer(other))


def terminal(answer: Answer, monkeypatch: pytest.MonkeyPatch, *, styled: bool) -> str:
    stream = io.StringIO()
    out = Console(file=stream, width=400, force_terminal=styled, color_system="standard" if styled else None)
    monkeypatch.setattr(show, "console", lambda **_: out)
    show.show_answer(answer)
    return stream.getvalue().split("\n\n")[0].rstrip()


def test_a_terminal_shows_the_words_in_bold_and_a_file_shows_the_same_text(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert re.findall(r"\x1b\[1m(.*?)\x1b\[0m", terminal(answer, monkeypatch, styled=True)) == ["1987"]
    assert "opened in \x1b[1m1987\x1b[0m by" in terminal(answer, monkeypatch, styled=True)
    assert terminal(answer, monkeypatch, styled=False) == str(answer)
    late = terminal(replace(answer, short="1931"), monkeypatch, styled=True)
    assert "[1] The mayor, born in \x1b[1m1931\x1b[0m, opened" in late
    none = terminal(replace(answer, short=None), monkeypatch, styled=True)
    assert re.findall(r"\x1b\[1m(.*?)\x1b\[0m", none) == [str(answer)]


def test_what_a_document_says_steers_no_terminal_beside_a_short_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = told_in("The bridge \x1b[31mwas opened in 1987 \x1b[5mby\x1b[0m him.", short="1987")
    assert terminal(hostile, monkeypatch, styled=True) == "The bridge was opened in \x1b[1m1987\x1b[0m by him."
