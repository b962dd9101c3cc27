"""SQLite is the truth, the FAISS snapshot follows it, and a crash loses nothing that was committed."""

import os
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunking import context, passages
from rag.errors import LibraryError
from rag.stores import snapshot
from rag.stores.base import Prepared, Stamp
from rag.stores.local import LocalStore
from rag.types import Document, Failure, Heading, Page
from tests.fakes import WordHashEmbedder, document

EMBEDDER = WordHashEmbedder()
TOPICS = [
    "apples grow on trees",
    "pears are sweet",
    "25 million men",
    "a cease-fire in Kyiv",
    "the Élysée palace",
    "停火谈判",
]


def prepared(made: Document, with_vectors: bool = True) -> Prepared:
    cut = passages(made)
    vectors = EMBEDDER.embed_passages([context(passage) for passage in cut]) if with_vectors else None
    return Prepared(made, cut, vectors, Stamp(made.sha256, 1, 2))


def put(store: LocalStore, *texts: str) -> None:
    store.put([prepared(document(f"{text}.", f"/docs/{at}.txt", f"Title {at}")) for at, text in enumerate(texts)])


def sources_of(store: LocalStore, numbers: list[int]) -> list[str]:
    held = store.passages(numbers)
    return [held[number].source for number in numbers]


def test_a_document_comes_back_as_it_went_in(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    made = document(
        "Head\n\nOne 😀 two.\fThree é.",
        language="en",
        date="2023-12-23",
        pages=(Page(1, 0, 17), Page(2, 17, 25)),
        headings=(Heading(1, 0, 4),),
        metadata={"author": "nobody"},
    )
    store.put([prepared(made)])
    assert store.document(made.source) == made
    assert store.document("/else") is None
    (entry,) = store.entries()
    assert (entry.pages, entry.passages, entry.characters) == (2, 1, len(made.text))
    assert store.stamps() == {made.source: Stamp(made.sha256, 1, 2)}


def test_both_ways_of_finding_agree_with_the_obvious(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    put(store, *TOPICS)
    by_meaning = store.nearest(EMBEDDER.embed_question("sweet pears"), 3, None)
    by_words = store.matching(["pear"], 3, None)
    assert sources_of(store, [by_meaning[0].number]) == ["/docs/1.txt"]
    assert sources_of(store, [found.number for found in by_words]) == ["/docs/1.txt"]
    assert by_words[0].score > 0
    assert sources_of(store, [found.number for found in store.matching(["elysee"], 3, None)]) == ["/docs/4.txt"]
    assert sources_of(store, [found.number for found in store.matching(["停"], 3, None)]) == ["/docs/5.txt"]
    assert store.matching(['"', "title NOT"], 3, None) == []
    assert store.frequencies(["pear", "grow", "nowher"]) == (6, [1, 1, 0])


def test_finding_keeps_within_the_given_sources(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    put(store, *TOPICS)
    within = ["/docs/0.txt", "/docs/2.txt"]
    found = store.nearest(EMBEDDER.embed_question("sweet pears"), 10, within)
    assert sorted(sources_of(store, [one.number for one in found])) == within
    assert store.matching(["pear"], 10, within) == []
    assert store.nearest(EMBEDDER.embed_question("pears"), 10, []) == []


def test_the_index_equals_brute_force(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    put(store, *(f"word{n} and word{n * 7 % 50} or word{n * 3 % 50}" for n in range(50)))
    rows = sqlite3.connect(tmp_path / "library.sqlite").execute("SELECT passage, vector FROM vectors").fetchall()
    matrix = np.stack([np.frombuffer(row[1], np.float32) for row in rows])
    for n in range(0, 50, 5):
        query = EMBEDDER.embed_question(f"word{n} word{n + 1}")
        scores = matrix @ query
        found = store.nearest(query, 10, None)
        assert np.allclose([one.score for one in found], np.sort(scores)[::-1][:10], atol=1e-5)


@given(st.lists(st.tuples(st.sampled_from(["put", "remove", "snapshot", "reopen"]), st.integers(0, 5)), max_size=25))
@settings(max_examples=25)
def test_however_it_came_about_the_index_holds_exactly_the_library(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("library")
    store, expected = LocalStore(folder), {}
    for version, (action, at) in enumerate(steps):
        source = f"/docs/{at}.txt"
        if action == "put":
            expected[source] = f"{TOPICS[at]} version{version}."
            store.put([prepared(document(expected[source], source))])
        elif action == "remove":
            expected.pop(source, None)
            store.remove([source])
        elif action == "snapshot":
            store.save_snapshot()
        else:
            store.close()
            store = LocalStore(folder)
    for source, text in expected.items():
        best = store.nearest(EMBEDDER.embed_question(text), 1, None)[0].number
        assert store.passages([best])[best].source == source and store.passages([best])[best].text == text
        term = text.rsplit(" ", 1)[1].rstrip(".")
        assert sources_of(store, [found.number for found in store.matching([term], 9, None)]) == [source]
    assert len(store.nearest(EMBEDDER.embed_question("x"), 99, None)) == len(expected)
    assert len(
        store.matching(["version1", "version2", "apples", "pears", "men", "kyiv", "palace", "停"], 99, None)
    ) == len(expected)
    store.close()


@pytest.mark.parametrize("damage", ["missing", "torn", "rubbish", "flipped"])
def test_a_damaged_snapshot_is_made_again_from_the_truth(tmp_path: Path, damage: str) -> None:
    store = LocalStore(tmp_path)
    put(store, *TOPICS)
    store.save_snapshot()
    store.close()
    path = tmp_path / "vectors.faiss"
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "flipped":
        path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "torn" else b"rubbish")
    assert damage == "missing" or snapshot.read(path) is None
    assert len(LocalStore(tmp_path).nearest(EMBEDDER.embed_question("pears"), 99, None)) == len(TOPICS)


def test_an_older_snapshot_is_caught_up(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    put(store, *TOPICS)
    store.save_snapshot()
    store.remove(["/docs/0.txt"])
    store.put([prepared(document("only plums now.", "/docs/1.txt"))])
    store.close()
    again = LocalStore(tmp_path)
    best = again.nearest(EMBEDDER.embed_question("plums"), 99, None)
    assert len(best) == len(TOPICS) - 1
    assert sources_of(again, [best[0].number]) == ["/docs/1.txt"]


def test_a_reader_notices_what_another_store_committed(tmp_path: Path) -> None:
    writer, reader = LocalStore(tmp_path), LocalStore(tmp_path)
    assert reader.nearest(EMBEDDER.embed_question("pears"), 5, None) == []
    put(writer, *TOPICS)
    assert len(reader.nearest(EMBEDDER.embed_question("pears"), 99, None)) == len(TOPICS)
    writer.remove(["/docs/1.txt"])
    assert len(reader.nearest(EMBEDDER.embed_question("pears"), 99, None)) == len(TOPICS) - 1


def test_a_fault_half_way_leaves_the_library_as_it_was(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    put(store, "apples")
    before = (store.generation(), store.entries())

    def broken():  # type: ignore[no-untyped-def]
        yield prepared(document("pears.", "/docs/0.txt"))
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        store.put(broken())
    assert (store.generation(), store.entries()) == before
    assert len(store.matching(["apples"], 5, None)) == 1 and store.matching(["pears"], 5, None) == []


def test_a_killed_writer_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    script = f"""
        import os
        from pathlib import Path
        from tests.test_store import LocalStore, prepared, put
        from tests.fakes import document
        store = LocalStore(Path({str(tmp_path)!r}))
        put(store, "apples")
        def dying():
            yield prepared(document("pears.", "/docs/9.txt"))
            os._exit(9)
        store.put(dying())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert done.returncode == 9
    store = LocalStore(tmp_path)
    assert [entry.source for entry in store.entries()] == ["/docs/0.txt"]
    assert all(check.ok for check in store.check())


def test_the_ledger_keeps_failures_and_forgets_them_when_the_file_is_read(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.fail(Failure("/docs/0.txt", "broken", "broken", "2026-01-01T00:00:00+00:00"))
    assert [failure.source for failure in store.failures()] == ["/docs/0.txt"]
    put(store, "apples")
    assert store.failures() == []


def test_documents_without_vectors_are_found_by_words_only(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.put([prepared(document("мир и война."), with_vectors=False)])
    assert store.nearest(EMBEDDER.embed_question("мир"), 5, None) == []
    assert len(store.matching(["мир"], 5, None)) == 1
    assert store.entries()[0].searched == "words only"
    assert all(check.ok for check in store.check())


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    put(store, *TOPICS)
    faults: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(20):
                found = store.nearest(EMBEDDER.embed_question("pears"), 3, None)
                assert found and store.matching(["pear"], 3, None)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        put(store, *TOPICS)
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"this is not a database, it only looks like one" * 100)
    with pytest.raises(LibraryError, match="pincite doctor"):
        LocalStore(tmp_path)
