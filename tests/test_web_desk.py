"""What the page does when asked, against a small library in memory."""

import logging
from collections.abc import Generator

import pytest

from rag.errors import LibraryError
from rag.types import Entry, Step
from rag.web import words
from rag.web.desk import Desk, Holdings
from tests.web_fakes import FakeLibrary, document, harbour


def seat(library: Holdings) -> Desk:
    return Desk(library)


def test_a_question_passes_through_its_stages_and_ends_with_the_answer() -> None:
    told = [*seat(FakeLibrary(harbour())).ask("How much would the tide gate cost?")]
    stages = [
        "Searching 3 documents",
        "Reading 6 passages",
        "Checking 3 sentences",
    ]
    seen = [next((stage for stage in stages if stage in now.answer), None) for now in told]
    assert list(dict.fromkeys(seen)) == [*stages, None]
    assert (
        "data-done" in told[-1].answer
        and 'data-pane="c1"' in told[-1].evidence
        and told[0].box == ""
        and told[-1].box is None
    )


def test_an_abstention_leaves_the_question_in_the_box() -> None:
    told = [*seat(FakeLibrary(harbour())).ask("Who won the chess tournament in Reykjavik?")][-1]
    assert words.ABSTAINED in told.answer and told.box == "Who won the chess tournament in Reykjavik?"


def test_the_scope_limits_the_question() -> None:
    told = [
        *seat(FakeLibrary(harbour())).ask("How much would the tide gate cost?", ["/docs/harbour/council-summary.pdf"])
    ]
    assert "council-summary.pdf" in told[-1].evidence and "courier.md" not in told[-1].evidence
    assert "Searching 1 document" in told[0].answer


def test_an_empty_question_is_one_clear_line() -> None:
    told = [*seat(FakeLibrary(harbour())).ask("   ")][-1]
    assert "the question is empty; write a few words" in told.answer and 'role="alert"' in told.answer


class Broken(FakeLibrary):
    def stream(self, question: str, *, sources: object = None) -> Generator[Step, None, None]:
        raise RuntimeError("/secret/path: disk on fire")
        yield


def test_an_unforeseen_error_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    desk = seat(Broken(harbour()))
    with caplog.at_level(logging.ERROR, "pincite.web"):
        asked = [*desk.ask("How much?")][-1].answer
    assert words.FAULT in asked and "secret" not in asked
    assert len(caplog.records) == 1 and "disk on fire" in caplog.text


def test_the_shelf_changes_when_another_process_changes_the_library() -> None:
    library = FakeLibrary(harbour())
    desk = seat(library)
    before = desk.shelf()
    assert desk.shelf().stamp == before.stamp
    library.put(document("/docs/new.txt", "A new paper", "Words.", "text/plain"))
    after = desk.shelf()
    assert after.stamp != before.stamp and "A new paper" in after.documents
    assert ("A new paper", "/docs/new.txt") in after.choices


def test_a_library_that_cannot_be_read_is_one_clear_line() -> None:
    class Gone(FakeLibrary):
        def documents(self) -> list[Entry]:
            raise LibraryError("the library was moved")

    shelf = Desk(Gone(harbour())).shelf()
    assert "the library was moved" in shelf.documents and "the library was moved" in shelf.welcome


def test_a_follow_up_is_said_to_be_understood_and_earlier_turns_stay_with_their_sources() -> None:
    desk = seat(FakeLibrary(harbour()))
    first = [*desk.ask("How much would the tide gate cost?")][-1]
    assert first.turns is not None and [turn.question for turn in first.turns] == ["How much would the tide gate cost?"]
    told = [*desk.ask("When does it close, with which forecast?", None, first.turns)]
    meant = words.UNDERSTOOD.format(question="When does the tide gate close, with which forecast?")
    assert told[0].past is not None and "How much would the tide gate cost?" in told[0].past
    assert meant not in told[0].answer and all(meant in now.answer for now in told[1:])
    assert 'class="kept" data-turn="1" hidden' in told[-1].evidence and told[-1].evidence.count('data-pane="c1"') == 2
    assert told[-1].turns is not None and len(told[-1].turns) == 2
    assert all(now.turns is None for now in told[:-1]) and all(now.past is None for now in told[1:])


def test_a_fault_ends_neither_the_conversation_nor_its_sources() -> None:
    desk = seat(FakeLibrary(harbour()))
    turns = [*desk.ask("How much would the tide gate cost?")][-1].turns
    assert turns is not None
    told = [*desk.ask("?", None, turns)]
    assert 'role="alert"' in told[-1].answer and told[-1].turns is None
    assert told[0].past is not None and 'data-turn="1" hidden' in told[-1].evidence


def test_what_an_earlier_turn_says_never_becomes_markup() -> None:
    desk = seat(FakeLibrary(harbour()))
    hostile = "How much <script>alert(1)</script> would the tide gate cost?"
    turns = [*desk.ask(hostile)][-1].turns
    assert turns is not None
    told = [*desk.ask("What about the <img src=x onerror=alert(2)> eels?", None, turns)]
    shown = "".join(f"{now.past}{now.answer}{now.evidence}" for now in told)
    assert "<script" not in shown and "<img" not in shown and "&lt;script&gt;" in shown
