"""A library that cannot be opened says so in every room, in one clear line."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Library
from rag.errors import LibraryError
from rag.web.explorer import Explorer
from rag.web.filtering import Wanted
from rag.web.house import House
from rag.web.saved import Link
from rag.web.uploads import Upload
from tests.test_web_library import text

WHY = "cannot be used as a library"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "indexes" / "broken").mkdir(parents=True)
    (tmp_path / "indexes" / "broken" / "library.sqlite").write_text("no library at all " * 99)
    with Library(tmp_path / "indexes" / "default") as first:
        house = House(first, tmp_path / "runs")
        yield house
        house.close()


def test_a_question_to_it_is_answered_by_why(house: House) -> None:
    desk = house.desk("broken")
    for want in (Wanted(), Wanted(kinds=("PDF",))):
        *_, last = desk.ask("What of the eels?", ["a.txt"], want=want)
        assert WHY in text(last.answer) and last.box == "What of the eels?"
    told, question = desk.reopened("one", "", lambda id: Link("broken", id))
    assert WHY in text(told.answer) and question == ""
    assert WHY in text(desk.remaining(("a.txt",), Wanted()))


def test_looking_around_in_it_tells_why(house: House) -> None:
    explorer = Explorer(house.held("broken"), "broken")
    found, shown = explorer.search("eels")
    assert found == () and WHY in text(shown)
    for told in (explorer.welcome(), explorer.timeline(), explorer.document("a.txt")):
        assert WHY in text(told)
    with pytest.raises(LibraryError, match=WHY):
        explorer.atlas()


def test_documents_dropped_on_it_are_told_as_failed(house: House, tmp_path: Path) -> None:
    (tmp_path / "sent.txt").write_text("The eels climb.")
    house.keeper("broken").add([Upload("eels.txt", tmp_path / "sent.txt")])
    for _ in range(2000):
        if not house.keeper("broken").intake.busy:
            break
        threading.Event().wait(0.005)
    (line,) = house.keeper("broken").intake.lines()
    assert line.state == "failed" and WHY in line.detail and not (tmp_path / "sent.txt").exists()
    assert WHY in text(house.keeper("broken").told())


def test_once_it_is_mended_it_opens(house: House, tmp_path: Path) -> None:
    assert house.keeper("broken").found("eels") and WHY in text(house.keeper("broken").found("eels"))
    (tmp_path / "indexes" / "broken" / "library.sqlite").unlink()
    Library(tmp_path / "indexes" / "broken").close()
    assert WHY not in text(house.keeper("broken").found("eels")) and house.held("broken").documents() == []
