"""What makes a large library fast says the same as the library itself, however it came about. Limits are lowered."""

import shutil
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.stores import by_words, shards, snapshot, vectors
from rag.stores.base import Found, Prepared, Stamp
from rag.stores.database import Database
from rag.stores.local import LocalStore
from rag.types import Document, Passage
from tests.fakes import document

SHARD, LIMIT, DIMENSIONS = 40, 60, 16
RANDOM = np.random.default_rng(7)
VOCABULARY = [
    f"{stem}{ending}" for stem in ("peace", "talk", "grain", "border", "river") for ending in ("", "s", "ing")
]
VOCABULARY += [f"name{number}" for number in range(300)]  # each in few passages: a word in half of them weighs nothing


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "FLAT_LIMIT", LIMIT)
    for module in (shards, by_words):
        monkeypatch.setattr(module, "SHARD", SHARD)


def unit(*shape: int) -> vectors.Vectors:
    rows = RANDOM.normal(size=(*shape, DIMENSIONS)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def prepared(source: str, passages: int, text: str | None = None) -> Prepared:
    """A document whose passages are of random words, with random vectors."""
    texts = [text or " ".join(RANDOM.choice(VOCABULARY, RANDOM.integers(40, 120))) for _ in range(passages)]
    title = " ".join(RANDOM.choice(VOCABULARY, 3))
    made: Document = document(" ".join(texts), source, title)
    cut = [Passage(f"{source}#{at}", made.id, source, title, 0, len(one), one) for at, one in enumerate(texts)]
    return Prepared(made, cut, unit(passages), Stamp(made.sha256))


def filled(folder: Path, documents: int = 30, passages: int = 10) -> LocalStore:
    store = LocalStore(folder)
    store.put([prepared(f"/docs/{at}", passages) for at in range(documents)])
    store.save_snapshot()
    return store


def exact(store: LocalStore, vector: vectors.Vectors, k: int, within: list[str] | None = None) -> list[Found]:
    """By comparing with every vector of the database."""
    held, matrix = store.vectors_of(range(10_000) if within is None else store._numbers_of(within))
    scores = matrix @ vector if len(held) else np.zeros(0)
    return [Found(int(held[at]), float(scores[at])) for at in np.argsort(-scores)[:k]]


def agree(store: LocalStore, words: list[str], k: int, within: list[str] | None = None) -> None:
    """Both engines find as many, the best first, and nothing that the database does not hold."""
    ours, truth = store.matching(words, k, within), Database.matching(store, words, 10_000, within)
    assert len(ours) == min(k, len(truth))
    assert {one.number for one in ours} <= {one.number for one in truth}
    assert [one.score for one in ours] == sorted((one.score for one in ours), reverse=True)


def agree_on_scores(store: LocalStore, words: list[str], k: int) -> None:
    """Scores are within three tenths: tantivy keeps lengths in one byte, and frequencies are those of the shards."""
    true_score = dict(Database.matching(store, words, 10_000, None))
    found = store.matching(words, k, None)
    assert all(one.score == pytest.approx(true_score[one.number], rel=0.3) for one in found)


def check(store: LocalStore) -> None:
    """Finding by meaning and by words holds exactly what the database holds."""
    query = unit()
    everything = exact(store, query, 10_000)
    only = [entry.source for entry in store.entries()][:2]
    for within in (None, only):
        truth = exact(store, query, 10_000, within)
        found = store.nearest(query, 10_000, within)
        assert {one.number for one in found} <= {one.number for one in truth}
        assert within is None or len(found) == len(truth)
        scores = dict(truth)
        assert all(one.score == pytest.approx(scores[one.number], abs=1e-5) for one in found)
        agree(store, ["name3", "name7", "name11"], 12, within)
    assert len(everything) == store.count_passages()


def in_shards(store: LocalStore) -> int:
    return store._by_words.in_use().size


def clusters(store: LocalStore) -> int:
    store.nearest(unit(), 1, None)
    assert store._by_meaning._index is not None
    return store._by_meaning._index.clusters


def test_many_vectors_lie_in_clusters_and_few_do_not(tmp_path: Path) -> None:
    assert clusters(filled(tmp_path / "few", documents=5)) == 0
    assert clusters(filled(tmp_path / "many")) == 17


def test_clusters_find_what_comparing_with_all_finds() -> None:
    centres, noise = unit(30), unit(3000)
    rows = centres[RANDOM.integers(30, size=3000)] + 0.6 * noise
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    index = vectors.VectorIndex.made_for(len(rows), rows)
    index.add(np.arange(len(rows)), rows)
    shares = []
    for query in rows[:100] + 0.2 * unit(100):
        found = [one.number for one in index.search(query, 10)]
        shares.append(len(set(found) & set(np.argsort(-(rows @ query))[:10].tolist())) / 10)
    assert index.clusters and np.mean(shares) >= 0.98


def test_scores_are_true_cosines(tmp_path: Path) -> None:
    store, query = filled(tmp_path), unit()
    scores = dict(exact(store, query, 10_000))
    found = store.nearest(query, 10, None)
    assert len(found) == 10
    assert [one.score for one in found] == pytest.approx([scores[one.number] for one in found], abs=1e-6)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_scope_is_searched_whole(tmp_path: Path) -> None:
    store, within = filled(tmp_path), ["/docs/3", "/docs/29"]
    for query in unit(20):
        found = store.nearest(query, 12, within)
        assert [one.number for one in found] == [one.number for one in exact(store, query, 12, within)]
    assert store.nearest(unit(), 5, []) == [] and store.matching(["talk"], 5, []) == []


def test_both_engines_find_the_same_words(tmp_path: Path) -> None:
    store = filled(tmp_path)
    assert in_shards(store) == 280 and store.count_passages() == 300
    for words in (["name1"], ["peace", "name5"], ["talks", "rivering", "name9", "name11"], ["nowhere"], []):
        agree(store, words, 10)
        agree(store, words, 300)
        agree_on_scores(store, words, 10)
        agree(store, words, 10, ["/docs/2", "/docs/17", "/docs/29"])
    total, counts = store.frequencies(["name1", "talk", "nowher"])
    assert (total, counts) == Database.frequencies(store, ["name1", "talk", "nowher"])


def test_a_word_in_parts_asks_for_all_of_them(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    texts = ["a cease-fire in Kyiv", "fire in the forest", "they cease to be", "the Élysée palace", "停火谈判"]
    store.put([prepared(f"/docs/{at}", SHARD // 5, text) for at, text in enumerate(texts)])
    store.save_snapshot()
    assert in_shards(store) == SHARD
    for word, at in (("cease-fire", 0), ("elysee", 3), ("停", 4)):
        found = store.passages([one.number for one in store.matching([word], SHARD, None)])
        assert {passage.source for passage in found.values()} == {f"/docs/{at}"} and len(found) == SHARD // 5


def test_common_words_are_reckoned_from_the_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.stores.local.RARE", 10)
    store = filled(tmp_path)
    total, (common, rare) = store.frequencies(["talk", "nowher"])
    assert (total, rare) == (300, 0)
    assert common == pytest.approx(Database.frequencies(store, ["talk"])[1][0], rel=0.1)


STEPS = st.lists(st.tuples(st.sampled_from(["put", "remove", "save", "reopen"]), st.integers(0, 12)), max_size=14)


@given(STEPS)
@settings(max_examples=25)
def test_however_it_came_about_every_way_holds_the_library(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("library")
    store, other = LocalStore(folder), LocalStore(folder)
    for action, at in [("put", 0), *steps]:
        if action == "put":
            store.put([prepared(f"/docs/{at}", 15)])
        elif action == "remove":
            store.remove([f"/docs/{at}"])
        elif action == "save":
            store.save_snapshot()
        else:
            store.close()
            store = LocalStore(folder)
        check(store)
        check(other)
    store.close()
    other.close()


def test_a_second_reader_follows_adding_changing_and_removing(tmp_path: Path) -> None:
    writer = filled(tmp_path)
    reader = LocalStore(tmp_path)
    check(reader)
    writer.put([prepared("/docs/new", 5, "uniquely plums"), prepared("/docs/4", 3)])
    check(reader)
    assert len(reader.matching(["plums"], 9, None)) == 5
    writer.remove(["/docs/new", "/docs/5"])
    check(reader)
    assert reader.matching(["plums"], 9, None) == []


def test_what_is_removed_is_gone_at_once(tmp_path: Path) -> None:
    store = filled(tmp_path)
    (gone,) = [prepared("/docs/gone", SHARD, "uniquely plums")]
    store.put([gone])
    store.save_snapshot()
    assert gone.vectors is not None
    store.remove(["/docs/gone"])
    assert store.matching(["plums"], 99, None) == []
    assert {one.number for one in store.nearest(gone.vectors[0], 99, None)} <= {
        one.number for one in exact(store, gone.vectors[0], 10_000)
    }
    check(store)


def test_after_removing_no_file_holds_what_was_removed(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.put([prepared("/docs/gone", SHARD, "uniquely plums")])
    store.save_snapshot()

    def holding() -> int:
        opened = [shards.Shard.open(path) for path in (tmp_path / "lexicon.tantivy").glob("*.*")]
        return sum(shard.searcher.doc_freq("words", "plum") for shard in opened if shard)

    assert holding() > 0
    store.remove(["/docs/gone"])
    store.save_snapshot()
    assert holding() == 0
    saved = snapshot.read(tmp_path / "vectors.faiss")
    assert saved is not None and len(vectors.VectorIndex.from_bytes(saved[1])) == store.count_vectors()


def test_a_small_change_writes_no_snapshot(tmp_path: Path) -> None:
    def files() -> set[int]:
        return {
            path.stat().st_ino for path in (tmp_path / "vectors.faiss", *(tmp_path / "lexicon.tantivy").glob("*.*"))
        }

    store = LocalStore(tmp_path)
    store.put([prepared("/docs/small", 1), *(prepared(f"/docs/{at}", 10) for at in range(30))])
    store.save_snapshot()
    before = files()
    store.put([prepared("/docs/small", 2)])
    store.save_snapshot()
    assert files() == before
    check(LocalStore(tmp_path))
    store.put([prepared("/docs/much", 30)])
    store.save_snapshot()
    assert len(before - files()) == 1  # the vectors' snapshot is another file; of the shards, one was added
    check(LocalStore(tmp_path))


def test_only_one_process_makes_shards(tmp_path: Path) -> None:
    store, other = LocalStore(tmp_path), LocalStore(tmp_path)
    store.put([prepared("/docs/0", SHARD)])
    with store._by_words._alone(wait=False) as alone:
        assert alone
        other.save_snapshot()
        assert in_shards(other) == 0
        check(other)
    other.save_snapshot()
    assert in_shards(store) == SHARD


def test_shards_come_as_ranges_fill_and_old_ones_are_left_alone(tmp_path: Path) -> None:
    store = filled(tmp_path, documents=4)
    first = (tmp_path / "lexicon.tantivy").glob("*.*").__next__().name
    store.put([prepared("/docs/more", SHARD)])
    store.save_snapshot()
    assert in_shards(store) == 2 * SHARD
    assert first in {path.name for path in (tmp_path / "lexicon.tantivy").glob("*.*")}


@pytest.mark.parametrize("damage", ["missing", "torn", "empty folder", "rubbish"])
def test_a_damaged_shard_is_done_without_and_made_again(tmp_path: Path, damage: str) -> None:
    filled(tmp_path).close()
    second = sorted((tmp_path / "lexicon.tantivy").glob("*.*"))[1]
    if damage in ("missing", "empty folder"):
        shutil.rmtree(second)
        if damage == "empty folder":
            second.mkdir()
    else:
        for path in second.iterdir():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if damage == "torn" else b"rubbish")
    store = LocalStore(tmp_path)
    assert in_shards(store) == SHARD
    check(store)
    store.save_snapshot()
    assert in_shards(LocalStore(tmp_path)) == 280
    check(store)


@pytest.mark.parametrize("damage", ["missing", "torn", "flipped"])
def test_a_damaged_vector_snapshot_of_a_large_library_is_made_again(tmp_path: Path, damage: str) -> None:
    filled(tmp_path).close()
    path = tmp_path / "vectors.faiss"
    content = path.read_bytes()
    path.unlink()
    if damage == "torn":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    store = LocalStore(tmp_path)
    check(store)
    assert clusters(store) == 17


def test_a_database_restored_from_a_copy_trusts_no_later_snapshot(tmp_path: Path) -> None:
    """The passages that come now have the numbers of others in the snapshot."""
    filled(tmp_path).close()
    copy = (tmp_path / "library.sqlite").read_bytes()
    store = LocalStore(tmp_path)
    store.put([prepared("/docs/lost", SHARD)])
    store.save_snapshot()
    store.close()
    (tmp_path / "library.sqlite").write_bytes(copy)
    store = LocalStore(tmp_path)
    for at in range(3):
        store.put([prepared(f"/docs/other{at}", SHARD // 2)])
    check(store)
    check(LocalStore(tmp_path))


def test_a_crash_before_the_snapshot_costs_nothing(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.put([prepared(f"/docs/{at}", 10) for at in range(30)])
    store.close()  # nothing saved
    check(LocalStore(tmp_path))
    store = filled(tmp_path / "half")
    store.put([prepared("/docs/new", SHARD)])
    store.close()
    (tmp_path / "half" / "lexicon.tantivy" / ".7.9.1.tmp").mkdir()
    check(LocalStore(tmp_path / "half"))
    again = LocalStore(tmp_path / "half")
    again.save_snapshot()
    check(again)
    assert not list((tmp_path / "half" / "lexicon.tantivy").glob(".*"))


def test_readers_go_on_while_an_index_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path, documents=6)  # just few enough to be compared one by one
    assert clusters(store) == 0
    store.put([prepared(f"/docs/{at}", 10) for at in range(6, 30)])
    check(store)
    building, go_on = threading.Event(), threading.Event()
    made_for = vectors.VectorIndex.made_for.__func__  # type: ignore[attr-defined]

    def slowly(cls: type, size: int, sample: vectors.Vectors) -> vectors.VectorIndex:
        building.set()
        assert go_on.wait(30)
        index: vectors.VectorIndex = made_for(cls, size, sample)
        return index

    monkeypatch.setattr(vectors.VectorIndex, "made_for", classmethod(slowly))
    saving = threading.Thread(target=store.save_snapshot)
    saving.start()
    assert building.wait(30)
    check(store)
    store.put([prepared("/docs/meanwhile", 3)])
    check(store)
    go_on.set()
    saving.join()
    assert clusters(store) > 0
    check(store)
    check(LocalStore(tmp_path))


def test_readers_go_on_while_shards_are_made(tmp_path: Path) -> None:
    store = filled(tmp_path)
    faults: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        reader = LocalStore(tmp_path)
        try:
            while not done.is_set():
                assert len(reader.matching(["talk", "name1"], 10, None)) == 10
                assert len(reader.nearest(unit(), 10, None)) == 10
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for at in range(6):
        store.put([prepared(f"/docs/{at}", 20)])
        store.remove([f"/docs/{at + 10}"])
        store.save_snapshot()
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_library_of_the_first_make_is_taken_over(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.close()
    database = sqlite3.connect(tmp_path / "library.sqlite")
    database.executescript("DROP TABLE removed; DELETE FROM meta WHERE key = 'shards';")
    database.close()
    (tmp_path / "vectors.faiss").write_bytes(b"PINCITE\x01" + b"\0" * 100)
    shutil.rmtree(tmp_path / "lexicon.tantivy")
    check(LocalStore(tmp_path))
