"""The first story: what is embedded again and what is not, the order of a report, and reading by several processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag import Library
from rag.loaders import workers
from rag.types import IngestReport, Progress
from tests.fakes import WordHashEmbedder, document
from tests.test_loaders_workers import FAULTY, ROOT, long_pdf

TALKS = " ".join(f"The envoy number {n} from Odesa spoke for {n} hours about the harbour." for n in range(60))


@dataclass(frozen=True)
class Counting(WordHashEmbedder):
    """Remembers every passage that it embedded."""

    embedded: list[str] = field(default_factory=list)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return super().embed_passages(texts)

    def taken(self) -> list[str]:
        taken = list(self.embedded)
        self.embedded.clear()
        return taken


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    place = tmp_path / "docs"
    place.mkdir()
    return place


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, however little there is to read and however few cores."""
    monkeypatch.setattr("rag.loaders.ahead._WORTH_IT", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def vectors(library: Library) -> dict[str, tuple[float, ...]]:
    rows = library._store._db.execute("SELECT p.text, v.vector FROM vectors v JOIN passages p ON p.id = v.passage")
    return {text: tuple(np.frombuffer(vector, "<f4")) for text, vector in rows}


# --- what was embedded before


def test_a_changed_file_embeds_only_its_changed_passages(docs: Path) -> None:
    embedder = Counting()
    file = docs / "talks.txt"
    file.write_text(TALKS)
    with Library(docs / "../library", embedder=embedder) as library:
        library.add(docs)
        first = embedder.taken()
        assert len(first) >= 4 and len(set(first)) == len(first)
        file.write_text(TALKS.replace("number 59", "number fifty-nine"))
        assert library.add(docs).updated
        (again,) = embedder.taken()
        assert "fifty-nine" in again
        held = vectors(library)
    with Library(docs / "../fresh", embedder=WordHashEmbedder()) as fresh:
        fresh.add(docs)
        assert vectors(fresh) == held


def test_the_same_text_is_embedded_once_in_the_life_of_a_library(docs: Path) -> None:
    embedder = Counting()
    twins = [document(TALKS, f"/docs/{name}.txt") for name in "ab"]
    with Library(docs / "library", embedder=embedder) as library:
        library.add_documents(twins)
        whole = embedder.taken()
        assert len(set(whole)) == len(whole)
        library.add_documents([document(TALKS, "/docs/c.txt")])
        library.remove("/docs/a.txt", "/docs/b.txt")
        library.add_documents([document(TALKS, "/docs/d.txt")])
        assert embedder.taken() == []
        (count,) = library._store._db.execute("SELECT count(*) FROM vectors").fetchone()
        assert count == 2 * len(whole)
        hits = library.search("envoy number 7", k=5, rerank=False)
        assert {hit.passage.source for hit in hits} == {"/docs/c.txt", "/docs/d.txt"}


def test_removing_the_last_document_with_a_text_forgets_its_vectors(docs: Path) -> None:
    embedder = Counting()
    with Library(docs / "library", embedder=embedder) as library:
        library.add_documents([document(TALKS)])
        whole = embedder.taken()
        library.remove("/docs/one.txt")
        assert vectors(library) == {}
        library.add_documents([document(TALKS)])
        assert embedder.taken() == whole


def test_another_title_is_another_text(docs: Path) -> None:
    """The embedder sees the title too, so a vector made under another one would not do."""
    embedder = Counting()
    with Library(docs / "library", embedder=embedder) as library:
        library.add_documents([document("Seven envoys met.", "/a", "Geneva")])
        library.add_documents([document("Seven envoys met.", "/b", "Odesa")])
        assert len(embedder.taken()) == 2


def test_a_library_without_digests_is_upgraded_where_it_stands(docs: Path) -> None:
    embedder = Counting()
    with Library(docs / "library", embedder=embedder) as library:
        library.add_documents([document(TALKS)])
        before, whole = vectors(library), embedder.taken()
        database = library._store._db
        database.execute("DROP INDEX vectors_by_digest")
        database.execute("ALTER TABLE vectors DROP COLUMN digest")
        database.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    with Library(docs / "library", embedder=embedder) as library:
        assert vectors(library) == before
        assert library.add_documents([document(TALKS)]).unchanged
        library.add_documents([document(TALKS, "/docs/two.txt")])
        assert embedder.taken() == whole
        library.add_documents([document(TALKS, "/docs/three.txt")])
        assert embedder.taken() == []


def test_files_rewritten_with_the_same_content_are_noted_at_once(docs: Path) -> None:
    for name in "abc":
        (docs / f"{name}.txt").write_text(f"Words of {name}.")
    with Library(docs / "../library", embedder=WordHashEmbedder()) as library:
        library.add(docs)
        generation = library.generation()
        for name in "abc":
            os.utime(docs / f"{name}.txt", ns=(1, 1))
        assert len(library.add(docs).unchanged) == 3
        assert {stamp.mtime_ns for stamp in library._store.stamps().values()} == {1}
        assert library.generation() == generation


def test_a_library_among_its_documents_does_not_read_its_own_files(docs: Path) -> None:
    (docs / "vectors.txt").write_text("Vectors have a length and a direction.")
    (docs / "lexicon.tantivy").mkdir()
    (docs / "lexicon.tantivy" / "meta.json").write_text("not a document")
    with Library(docs / "../docs", embedder=WordHashEmbedder()) as library:
        assert [Path(source).name for source in library.add(docs).added] == ["vectors.txt"]
        assert library.add_bytes(b"Seven envoys met.", "kept.txt").added
        assert str(library.add(docs)) == "1 unchanged"


# --- several processes


def filled(docs: Path) -> Path:
    (docs / "a.txt").write_text("Words that stand here.")
    (docs / "b.pdf").write_bytes(long_pdf(3))
    (docs / "c.pdf").write_bytes(b"%PDF-1.7 rubbish")
    (docs / "d.html").write_text("<html><body><p>Seven envoys met in Geneva.</p></body></html>")
    (docs / "e.pdf").write_bytes(long_pdf(5))
    (docs / "f.md").write_text("# Fruit\n\nApples are red.")
    return docs


def names(report: IngestReport) -> tuple[str, str]:
    failed = (failure.source for failure in report.failed)
    added, lost = (" ".join(Path(source).name for source in sources) for sources in (report.added, failed))
    return added, lost


def test_several_processes_give_the_library_that_one_gives(
    docs: Path, monkeypatch: pytest.MonkeyPatch, several: None
) -> None:
    filled(docs)
    told: list[Progress] = []
    with Library(docs / "../many", embedder=WordHashEmbedder()) as many:
        report = many.add(docs, progress=told.append)
        assert names(report) == ("a.txt b.pdf d.html e.pdf f.md", "c.pdf")
        assert {step.total for step in told} == {6} and max(step.done for step in told) == 6
        monkeypatch.setattr("os.cpu_count", lambda: 1)
        with Library(docs / "../one", embedder=WordHashEmbedder()) as one:
            assert names(one.add(docs)) == names(report)
            assert [failure.error for failure in one.failures()] == [failure.error for failure in many.failures()]
            for entry in one.documents():
                assert one.document(entry.source) == many.document(entry.source)
            assert vectors(one) == vectors(many)


def test_a_file_that_stops_its_process_is_a_row_of_the_ledger(
    docs: Path, monkeypatch: pytest.MonkeyPatch, several: None
) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", FAULTY)
    for name in ("a.pdf", "deadly.pdf", "z.pdf"):
        (docs / name).write_bytes(long_pdf(2))
    with Library(docs / "../library", embedder=WordHashEmbedder()) as library:
        assert names(library.add(docs)) == ("a.pdf z.pdf", "deadly.pdf")
        (failure,) = library.failures()
        assert failure.kind == "broken" and "stops the program" in failure.error
        monkeypatch.undo()
        assert names(library.add(docs)) == ("deadly.pdf", "") and library.failures() == []


def test_it_works_in_a_thread_beside_others(docs: Path, several: None) -> None:
    filled(docs)
    reports: list[IngestReport] = []
    with Library(docs / "../library", embedder=WordHashEmbedder()) as library:
        threads = [threading.Thread(target=lambda: reports.append(library.add(docs))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [names(report)[1] for report in reports] == ["c.pdf", "c.pdf"]
        assert len(library.documents()) == 5


def test_stopping_half_way_ends_the_processes_and_keeps_whole_documents(
    docs: Path, several: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.indexing.BATCH", 1)
    filled(docs)

    def stop(progress: Progress) -> None:
        if progress.stage == "stored":
            raise KeyboardInterrupt

    with Library(docs / "../library", embedder=WordHashEmbedder()) as library:
        with pytest.raises(KeyboardInterrupt):
            library.add(docs, progress=stop)
        assert not any(thread.name == "pincite-reader" for thread in threading.enumerate())
        assert [Path(entry.source).name for entry in library.documents()] == ["a.txt"]
        assert all(check.ok for check in library.health())
        assert names(library.add(docs)) == ("b.pdf d.html e.pdf f.md", "c.pdf")


SCRIPT = """
import os, resource, sys
sys.path.insert(0, {root!r})
from rag import Library
from rag.loaders import ahead
from tests.fakes import WordHashEmbedder
ahead._WORTH_IT = 1
os.cpu_count = lambda: 2
print("begins")
report = Library({library!r}, embedder=WordHashEmbedder()).add({docs!r})
print(report, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > 0)
"""


@pytest.mark.parametrize("way", ["a script", "standard input"])
def test_a_script_without_a_guard_is_run_once(way: str, docs: Path, tmp_path: Path) -> None:
    filled(docs)
    text = SCRIPT.format(root=str(ROOT), library=str(tmp_path / "library"), docs=str(docs))
    (tmp_path / "script.py").write_text(text)
    command = [sys.executable, "-" if way == "standard input" else str(tmp_path / "script.py")]
    given = text if way == "standard input" else ""
    done = subprocess.run(command, input=given, capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert (done.stdout, done.stderr) == ("begins\n5 added, 1 failed True\n", "")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are found in /proc")
def test_the_keyboard_stops_the_command_in_one_line(docs: Path, tmp_path: Path) -> None:
    (docs / "long.pdf").write_bytes(long_pdf(7) + b" " * 400_000)
    (docs / "short.pdf").write_bytes(long_pdf(2) + b" " * 100_000)
    library = tmp_path / "library"
    program = "import os; os.cpu_count = lambda: 2; from rag.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", program, "index", str(docs), "--index", str(library)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, process_group=0)
    tasks = Path(f"/proc/{process.pid}/task")
    found: set[str] = set()
    while not found and process.poll() is None:
        found = {pid for task in tasks.glob("*/children") for pid in _read(task).split()}
    assert found
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "pincite: stopped; what was stored so far is kept\n")
    ends = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").is_dir() for pid in found) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").is_dir() for pid in found)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
