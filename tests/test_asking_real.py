"""A real chat model on this machine answers from real documents over loopback; skipped where none was pulled."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag import Answer, Library, Settings
from rag.models.local import server

MODEL = "local:qwen2.5-0.5b"
ASKED = "How many men did Shoigu say Russia could mobilize?"
NOWHERE = "Who won the chess tournament of Riga?"


@pytest.fixture(scope="module")
def library(real: Settings, seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("seeds") / "library", settings=real) as opened:
        opened.add(seeds)
        yield opened


def sound(answer: Answer, library: Library) -> bool:
    """Whether every quote stands where it says, and what is shown is supported or marked."""
    for citation in answer.citations:
        assert library.document(citation.source).text[citation.start : citation.end] == citation.quote
    labels = {one.verdict.label for one in answer.sentences if not one.withheld}
    return labels <= {"supported", "partial", "unsupported"}


def test_it_answers_with_what_the_documents_bear_out(library: Library) -> None:
    answer = library.ask(ASKED, model=MODEL)
    assert answer.status == "answered" and "25 million" in answer.text and sound(answer, library)
    assert answer.usage and answer.usage["input_tokens"] > 200 and answer.usage["output_tokens"] > 2
    assert answer.written is not None and answer.seconds["write"] > 0


def test_the_answer_holds_what_the_quotes_hold(library: Library) -> None:
    for question in ("In which part of Ukraine is Luhansk?", "Since when has Putin been signalling?"):
        quoted, written = library.ask(question, abstain=False), library.ask(question, abstain=False, model=MODEL)
        assert sound(written, library)
        for sentence in quoted.sentences:
            assert sentence.text in written.text or written.model == MODEL


def test_it_invents_nothing_where_the_documents_do_not_say(library: Library) -> None:
    answer = library.ask(NOWHERE, model=MODEL)
    assert answer.status == "abstained" and not answer.sentences and answer.usage is None
    assert sound(library.ask(NOWHERE, abstain=False, model=MODEL), library)


def test_a_follow_up_is_understood_and_answered(library: Library) -> None:
    chat = library.chat(model=MODEL)
    chat.ask("How long did Grigory Yavlinsky's meeting with Putin last?")
    answer = chat.ask("What did he offer to do?")
    assert answer.understood and "Yavlinsky" in answer.understood and sound(answer, library)


def test_a_reader_who_leaves_takes_the_reply_along_and_the_next_one_is_answered(library: Library) -> None:
    with closing(library.stream(ASKED, model=MODEL)) as steps:
        assert next(steps).stage == "search"
    assert "25 million" in library.ask(ASKED, model=MODEL).text


def test_any_server_that_speaks_as_openai_does_gives_the_same_answer(
    real: Settings, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.served("qwen2.5-0.5b", real)
    monkeypatch.setenv("OPENAI_API_KEY", address.key)
    answers = {"base_url": address.url, "cache": 10, "quotes": True}
    elsewhere = real.model_copy(update={"answer": real.answer.model_copy(update=answers)})
    with Library(library.path, settings=elsewhere) as other:
        first = other.ask(ASKED, model="openai:qwen2.5-0.5b")
        again = other.ask(ASKED, model="openai:qwen2.5-0.5b")
    assert first.text == library.ask(ASKED, model=MODEL).text == again.text
    assert first.usage and first.usage["input_tokens"] and again.usage == {"input_tokens": 0, "output_tokens": 0}
