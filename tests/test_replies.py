"""What chat models replied is kept where wanted, is asked for once, and goes with the documents it rests on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag import Library, Settings
from rag.errors import LibraryError, ModelError
from rag.models.chat import Message
from rag.stores.replies import Replies, hashed
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document
from tests.scripted_chat import ScriptedChat

MET = "Seven envoys met in Geneva on Monday."
PEACE = document(f"{MET} Nobody signed the pact. The lake was calm that day.", "/docs/peace.txt", "The peace talks")
LAKE = document("The lake froze over in the hard winter of 1963.", "/docs/lake.txt", "The lake")
ASKED = "Who met in Geneva on Monday?"
SAID = f"In Geneva, seven envoys met on Monday [{{n:{MET}}}]."


class Kept:
    """A library that keeps replies, asked through one scripted chat model."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "library"
        self.chat = ScriptedChat([SAID])
        monkeypatch.setattr("rag.models.chat.speaker", lambda *_: self.chat)
        with self.opened() as library:
            library.add_documents([PEACE, LAKE])

    def opened(self, cache: int = 10, **answer: object) -> Library:
        settings = Settings(answer={"confidence": 0.0, "cache": cache, **answer})  # type: ignore[arg-type]
        return Library(self.folder, settings=settings, embedder=WordHashEmbedder(), reranker=SharedWordsReranker())

    def ask(self, question: str = ASKED, cache: int = 10) -> str:
        with self.opened(cache) as library:
            return str(library.ask(question, model="scripted:one"))

    @property
    def bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.glob("replies.sqlite*"))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return Kept(tmp_path, monkeypatch)


def test_nothing_is_kept_unless_it_is_wanted(kept: Kept) -> None:
    kept.ask(cache=0), kept.ask(cache=0)
    assert len(kept.chat.asked) == 2 and not kept.bytes


def test_the_same_is_asked_once_and_costs_nothing_again(kept: Kept) -> None:
    first = kept.ask()
    with kept.opened() as library:
        answer = library.ask(ASKED, model="scripted:one")
    assert str(answer) == first == "In Geneva, seven envoys met on Monday. [1]"
    assert len(kept.chat.asked) == 1 and answer.usage == {"input_tokens": 0, "output_tokens": 0}
    assert answer.model == "scripted:one"


def test_another_question_or_another_evidence_is_another_reply(kept: Kept) -> None:
    kept.ask(), kept.ask("Which envoys met in Geneva on Monday?")
    with kept.opened() as library:
        library.add_documents([document("Three envoys met in Geneva on Friday.", "/docs/three.txt", "More talks")])
    kept.ask()
    assert len(kept.chat.asked) == 3


def test_removing_a_document_purges_what_rests_on_it_to_the_last_byte(kept: Kept) -> None:
    kept.ask()
    assert b"seven envoys met" in kept.bytes
    with kept.opened(cache=0) as library:  # also where no more are kept
        library.remove(PEACE.source)
    assert kept.bytes and b"seven envoys met" not in kept.bytes and b"peace" not in kept.bytes


def test_a_changed_document_purges_what_rests_on_it(kept: Kept) -> None:
    kept.ask()
    with kept.opened() as library:
        library.add_documents([document("Two envoys met.", PEACE.source, PEACE.title)])
    assert b"seven envoys met" not in kept.bytes


def test_what_was_removed_meanwhile_is_not_kept(kept: Kept) -> None:
    with kept.opened() as library:
        library.ask(ASKED)  # the models and the index are open

        def removing(_: Sequence[Message]) -> str:
            with kept.opened() as other:
                other.remove(LAKE.source)
            return SAID

        kept.chat.replies = [removing]
        library.ask(ASKED, model="scripted:one")
    assert b"seven envoys met" not in kept.bytes


def test_a_reply_that_broke_off_is_not_kept(kept: Kept) -> None:
    kept.chat.fault = ModelError("gone")
    kept.ask(), kept.ask()
    assert len(kept.chat.asked) == 2 and b"seven envoys met" not in kept.bytes


def test_those_longest_unused_make_room(tmp_path: Path) -> None:
    replies = Replies(tmp_path / "replies.sqlite", 2)
    for key in "abc":
        replies.put(key, key.upper(), [f"/{key}"])
        replies.get("a")
    assert [replies.get(key) for key in "abc"] == ["A", None, "C"]


def test_several_threads_keep_replies_at_once(tmp_path: Path) -> None:
    replies = Replies(tmp_path / "replies.sqlite", 100)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: replies.put(str(n), f"reply {n}", ["/one", f"/{n}"]), range(40)))
    assert [replies.get(str(n)) for n in range(40)] == [f"reply {n}" for n in range(40)]
    replies.forget(["/one"])
    assert not any(replies.get(str(n)) for n in range(40))


def test_a_damaged_file_holds_up_nothing_and_goes_at_the_next_purge(kept: Kept) -> None:
    (kept.folder / "replies.sqlite").write_bytes(b"this is no database, but it may hold words" * 100)
    assert kept.ask() == kept.ask() and len(kept.chat.asked) == 2
    with kept.opened() as library:
        library.remove(PEACE.source)
    assert not (kept.folder / "replies.sqlite").exists()


def test_a_purge_that_fails_says_what_to_do(tmp_path: Path) -> None:
    replies = Replies(tmp_path, 2)  # a folder
    with pytest.raises(LibraryError, match="delete it"):
        replies.forget(["/one"])


def test_no_text_is_taken_for_a_part_of_another() -> None:
    assert hashed("a", "bc") != hashed("ab", "c") != hashed("abc") and hashed("a", "bc") == hashed("a", "bc")
