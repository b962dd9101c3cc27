"""Past conversations as the page shows them, and what the desk makes of them."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from rag.conversation import turn
from rag.stores.conversations import Conversations, Kept, Said
from rag.types import Turn
from rag.web import history, words
from rag.web.desk import Desk
from rag.web.house import House
from rag.web.saved import Link
from tests.web_fakes import FakeLibrary, harbour

COST, EELS = "What would the tide gate cost the city?", "What do the eels climb every spring?"
HOSTILE = '"><img src=x onerror=alert(1)>'


def kept(number: int, **fields: object) -> Kept:
    one = Kept(f"c{number}", f"Title {number}", "2026-03-04T09:00:00+00:00", "2026-03-05T09:00:00+00:00", number)
    return replace(one, **fields)  # type: ignore[arg-type]


def library_with(*questions: str) -> FakeLibrary:
    """A library of which somebody has asked these, in one conversation."""
    library = FakeLibrary(harbour())
    for question in questions:
        library.conversations.keep("c1", "ada", turn(library.chat().ask(question)))
    return library


def test_a_row_says_when_and_how_much_and_marks_the_one_that_is_open() -> None:
    shown = history.listing([kept(1), kept(2)], "c2")
    assert "1 question · 5 March 2026" in shown and "2 questions · 5 March 2026" in shown
    assert shown.count("aria-current") == 1 and shown.index("aria-current") > shown.index("c1")
    assert "data-many" not in shown and "data-many" in history.listing([kept(n) for n in range(history.MANY)], "")


def test_what_people_wrote_is_only_text() -> None:
    parts = [
        history.listing([kept(1, id=HOSTILE, title=HOSTILE, last=HOSTILE)], ""),
        history.listing([], "", HOSTILE),
        history.thumbs(HOSTILE, False, f"</textarea>{HOSTILE}"),
        history.heard(HOSTILE, HOSTILE),
        history.fault(HOSTILE),
    ]
    assert all("<img" not in part and part.count("</textarea>") <= 1 for part in parts)


def test_a_long_list_ends_somewhere_and_an_empty_one_explains_itself() -> None:
    shown = history.listing([kept(n) for n in range(history.SHOWN + 3)], "")
    assert shown.count("<li") == history.SHOWN and "3 older ones are not shown" in shown
    assert words.PAST_NONE in history.listing([], "")
    off = history.listing([], "", keeps=False)
    assert words.PAST_OFF in off and words.PAST_NONE not in off


def test_thumbs_say_what_was_pressed_and_show_the_note_only_then() -> None:
    fresh, bad = history.thumbs("a1"), history.thumbs("a1", False, "too short")
    assert fresh.count('aria-pressed="false"') == 2 and '<div class="reasoning" hidden>' in fresh
    assert bad.count('aria-pressed="true"') == 1 and bad.index('"true"') > bad.index(words.GOOD)
    assert "too short</textarea>" in bad and 'reasoning" hidden' not in bad
    assert history.thumbs("") == ""


def test_thumbs_stand_below_the_turns_they_belong_to() -> None:
    said = [Said(f"a{n}", "", Turn(f"Question {n}?", answer=None)) for n in range(3)]
    answered = replace(said[2], turn=turn(FakeLibrary(harbour()).chat().ask(COST)), good=True)
    said[2] = answered
    last = [said[1].turn, answered.turn]
    assert history.below(said, last) == ["", history.thumbs("a2", True)]
    assert history.below(said, [Turn("Something else?")]) == [] == history.below((), last)


def test_a_kept_answer_has_thumbs_and_one_that_is_not_has_none() -> None:
    desk = Desk(FakeLibrary(harbour()))
    with_link = [*desk.ask(COST, keep=lambda _: Link("default", "a1"))][-1]
    without = [*desk.ask(COST, keep=lambda _: None)][-1]
    assert 'class="judging" data-answer="a1"' in with_link.answer and "judging" not in without.answer


def test_a_conversation_is_opened_again_with_each_turns_own_evidence() -> None:
    library = library_with(COST, EELS)
    first, second = library.conversations.said("c1", "ada")
    library.conversations.judge(first.id, "ada", False, "no")
    told, question = Desk(library).reopened("c1", "ada", partial(Link, "default"))
    assert question == EELS and told.box == "" and told.turns == (first.turn, second.turn)
    assert told.past and COST in told.past and EELS not in told.past and f'data-answer="{first.id}"' in told.past
    assert 'aria-pressed="true"' in told.past and "Answered on" in told.answer and EELS in told.answer
    assert 'data-turn="1" hidden' in told.evidence and 'data-turn="now"' in told.evidence
    assert told.link == Link("default", second.id)


def test_another_users_conversation_is_not_there() -> None:
    told, question = Desk(library_with(COST)).reopened("c1", "bob", partial(Link, "default"))
    assert words.PAST_GONE in told.answer and question == "" and COST not in f"{told.past}{told.answer}{told.evidence}"


def test_where_the_last_answer_is_gone_the_questions_stand_above() -> None:
    library = library_with(COST, EELS)
    library.remove("/docs/harbour/letter.eml")
    told, _ = Desk(library).reopened("c1", "ada", partial(Link, "default"))
    assert told.answer == "" and told.past and words.ANSWER_GONE in told.past and EELS in told.past
    assert told.link is None


def test_a_house_keeps_the_conversations_of_each_library_apart(tmp_path: Path) -> None:
    library = library_with(COST)
    house = House(library, tmp_path, name="first")
    assert house.conversations("first") is library.conversations


def test_a_history_that_cannot_be_read_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = FakeLibrary(harbour())
    (tmp_path / "torn.sqlite").write_bytes(b"not a database" * 100)
    monkeypatch.setattr(FakeLibrary, "conversations", Conversations(tmp_path / "torn.sqlite"))
    told, _ = Desk(library).reopened("c1", "", partial(Link, "default"))
    assert "move this file away" in told.answer and 'role="alert"' in told.answer
