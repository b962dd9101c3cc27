"""Past conversations: kept whole, each user's own, bounded, and forgotten with the documents that they quote."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from rag import Library, Settings
from rag.conversation import turn
from rag.errors import BadInput, LibraryError
from rag.stores.conversations import Conversations
from rag.types import Turn
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document
from tests.web_fakes import FakeLibrary, harbour

HOSTILE = "</script><b>'; DROP TABLE turns; --\x00\u202e\ud800 £ 漢"


def answered(question: str) -> Turn:
    """A turn of the small harbour library."""
    return turn(FakeLibrary(harbour()).chat().ask(question))


COST = answered("What would the tide gate cost the city?")
EELS = answered("What do the eels climb every spring?")


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.sqlite")


def stored(kept: Conversations) -> bytes:
    return b"".join(path.read_bytes() for path in kept.path.parent.glob("conversations.sqlite*"))


def test_nothing_is_there_and_nothing_is_made_until_something_is_kept(kept: Conversations) -> None:
    assert kept.listed("") == [] and kept.turns("c", "") == () and kept.answer("a") is None and kept.judged() == []
    kept.purge(["/docs/one.txt"])
    assert not kept.path.exists()


def test_a_turn_comes_back_as_it_was_with_its_own_evidence(kept: Conversations) -> None:
    first, second = kept.keep("c1", "ada", COST), kept.keep("c1", "ada", EELS)
    assert len(first) >= 20 and first != second
    assert kept.turns("c1", "ada") == (COST, EELS)
    saved = kept.answer(second)
    assert saved and (saved.answer, saved.user, saved.conversation) == (EELS.answer, "ada", "c1")
    (one,) = kept.listed("ada")
    assert (one.id, one.title, one.count) == ("c1", COST.question, 2)
    assert one.begun <= saved.made_at == one.last


def test_the_latest_conversation_comes_first_and_words_find_it(kept: Conversations) -> None:
    kept.keep("c1", "", COST), kept.keep("c2", "", EELS), kept.keep("c1", "", replace(COST, question="And the levy?"))
    assert [one.id for one in kept.listed("")] == ["c1", "c2"]
    assert [one.id for one in kept.listed("", "LEVY gate")] == ["c1"]
    assert [one.id for one in kept.listed("", "climb")] == ["c2"]  # which only the answer says
    kept.rename("c2", "", "Ärgerliche Fische")
    assert [one.id for one in kept.listed("", "ärgerliche")] == ["c2"]
    assert kept.listed("", "% levy") == [] == kept.listed("", '" OR 1=1')


def test_what_is_another_users_is_neither_shown_nor_changed(kept: Conversations) -> None:
    answer = kept.keep("c1", "ada", COST)
    assert kept.listed("bob") == [] and kept.turns("c1", "bob") == () and kept.said("c1", "") == ()
    for change in (
        lambda: kept.keep("c1", "bob", EELS),
        lambda: kept.rename("c1", "bob", "mine"),
        lambda: kept.forget("c1", "bob"),
        lambda: kept.judge(answer, "bob", False, "no"),
    ):
        with pytest.raises(BadInput):
            change()
    assert kept.turns("c1", "ada") == (COST,) and kept.judged() == []
    assert kept.listed("ada")[0].title == COST.question


def test_hostile_text_is_kept_as_text(kept: Conversations) -> None:
    assert COST.answer is not None
    hostile = replace(COST, question=HOSTILE, text=HOSTILE, answer=replace(COST.answer, text=HOSTILE))
    answer = kept.keep(HOSTILE, HOSTILE, hostile)
    (one,) = kept.listed(HOSTILE)
    assert one.title == "</script><b>'; DROP TABLE turns; -- ? £ 漢"
    (back,) = kept.turns(one.id, HOSTILE)
    assert back.question == back.text == HOSTILE.replace("\ud800", "?")
    kept.judge(answer, HOSTILE, False, HOSTILE * 200)
    assert kept.judged()[0].note.startswith("</script>") and len(kept.judged()[0].note) == 2000
    kept.rename(one.id, HOSTILE, HOSTILE * 50)
    assert len(kept.listed(HOSTILE)[0].title) == 200
    assert kept.keep("c2", "", COST)


def test_a_conversation_is_renamed_and_forgotten_to_the_last_byte(kept: Conversations) -> None:
    answer = kept.keep("c1", "", COST)
    kept.rename("c1", "", "  The gate \n and its price ")
    assert kept.listed("")[0].title == "The gate and its price"
    with pytest.raises(BadInput, match="title is empty"):
        kept.rename("c1", "", " \u200b\n")
    assert b"million crowns" in stored(kept)
    kept.forget("c1", "")
    assert kept.listed("") == [] and kept.answer(answer) is None
    assert b"million crowns" not in stored(kept) and b"price" not in stored(kept)
    with pytest.raises(BadInput, match="no longer there"):
        kept.forget("c1", "")


def test_thumbs_can_be_given_changed_and_taken_back(kept: Conversations) -> None:
    first, second = kept.keep("c1", "", COST), kept.keep("c1", "", EELS)
    kept.judge(second, "", True)
    kept.judge(first, "", False, " it is the city's share \n")
    assert [(one.id, one.good, one.note) for one in kept.judged()] == [
        (first, False, "it is the city's share"),
        (second, True, ""),
    ]
    assert [(one.good, one.note) for one in kept.said("c1", "")] == [(False, "it is the city's share"), (True, "")]
    kept.judge(first, "", None, "left over")
    assert [one.id for one in kept.judged()] == [second] and kept.said("c1", "")[0].note == ""
    with pytest.raises(BadInput):
        kept.judge("no such answer", "", True)


def test_the_oldest_answers_make_room_and_the_judged_ones_last(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "conversations.sqlite", most=3)
    judged = kept.keep("old", "ada", COST)
    kept.judge(judged, "ada", True)
    kept.keep("other", "bob", COST)
    for number in range(4):
        kept.keep(f"c{number}", "ada", EELS)
    assert [one.id for one in kept.listed("ada")] == ["c3", "c2", "old"]
    assert [one.id for one in kept.listed("bob")] == ["other"]


def test_where_nothing_is_to_be_kept_nothing_is(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "conversations.sqlite", most=0)
    assert not kept.keeps and kept.keep("c1", "", COST) == "" and not kept.path.exists()


def test_threads_write_at_once(kept: Conversations) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda number: kept.keep(f"c{number % 4}", "", COST), range(40)))
    assert len(answers) == 40 and sorted(one.count for one in kept.listed("")) == [10] * 4


def test_two_processes_write_at_once(kept: Conversations) -> None:
    code = (
        "import sys; from pathlib import Path; from rag.stores.conversations import Conversations;"
        "from rag.types import Turn; kept = Conversations(Path(sys.argv[1]));"
        "[kept.keep('shared', '', Turn(f'{sys.argv[2]} {n}')) for n in range(30)]"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(kept.path), name]) for name in ("a", "b", "c")]
    assert [one.wait(60) for one in started] == [0, 0, 0]
    said = [one.question for one in kept.turns("shared", "")]
    assert len(said) == 90 and [one for one in said if one.startswith("b")] == [f"b {n}" for n in range(30)]


def test_a_file_of_another_version_or_none_at_all_is_one_clear_line(tmp_path: Path) -> None:
    import sqlite3

    kept = Conversations(tmp_path / "conversations.sqlite")
    kept.keep("c1", "", COST)
    with sqlite3.connect(kept.path) as base:
        base.execute("PRAGMA user_version = 9")
    base.close()
    with pytest.raises(LibraryError, match="another version of Pincite; move it away"):
        kept.listed("")
    (tmp_path / "torn.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(LibraryError, match="move this file away"):
        Conversations(tmp_path / "torn.sqlite").keep("c1", "", COST)


# --- with the documents

PEACE = document("Seven envoys met in Geneva on Monday. The lake was calm.", "/docs/peace.txt", "The talks")
LAKE = document("The lake froze over in the hard winter of 1963.", "/docs/lake.txt", "The lake")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    settings = Settings(answer={"confidence": 0.0})  # type: ignore[arg-type]
    with Library(
        tmp_path / "library", settings=settings, embedder=WordHashEmbedder(), reranker=SharedWordsReranker()
    ) as one:
        one.add_documents([PEACE, LAKE])
        yield one


def test_removing_a_document_takes_the_answers_that_quote_it_to_the_last_byte(library: Library) -> None:
    kept = library.conversations
    about_peace = kept.keep("c1", "", turn(library.ask("Who met in Geneva?", sources=[PEACE.source])))
    about_lake = kept.keep("c1", "", turn(library.ask("When did the lake freeze?", sources=[LAKE.source])))
    kept.judge(about_peace, "", True, "envoys, well put")
    assert b"Seven envoys" in stored(kept)
    library.remove(PEACE.source)
    assert b"envoys" not in stored(kept) and b"peace.txt" not in stored(kept)
    assert kept.answer(about_peace) is None and kept.answer(about_lake) is not None and kept.judged() == []
    first, second = kept.said("c1", "")
    assert first.turn == Turn("Who met in Geneva?") and second.turn.answer is not None
    with pytest.raises(BadInput):
        kept.judge(about_peace, "", False)


def test_a_changed_document_takes_nothing_with_it(library: Library) -> None:
    kept = library.conversations
    answer = kept.keep("c1", "", turn(library.ask("Who met in Geneva?")))
    library.add_documents([replace(PEACE, text="Nobody met in Geneva.", sha256="0" * 64)])
    saved = kept.answer(answer)
    assert saved and saved.answer.citations[0].sha256 == PEACE.sha256


def test_a_file_that_vanished_and_is_synced_away_counts_as_removed(tmp_path: Path, library: Library) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "gate.txt").write_text("The gate has eleven steel leaves.")
    library.add(folder)
    answer = library.conversations.keep("c1", "", turn(library.ask("How many leaves has the gate?")))
    (folder / "gate.txt").unlink()
    library.add(folder, sync=True)
    assert library.conversations.answer(answer) is None


def test_settings_can_keep_none(tmp_path: Path) -> None:
    settings = Settings(conversation={"keep": False})  # type: ignore[arg-type]
    with Library(tmp_path / "library", settings=settings, embedder=WordHashEmbedder()) as library:
        assert not library.conversations.keeps
