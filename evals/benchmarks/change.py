"""What a change costs: a library of many small files, indexed again after none, one or all of them were touched.

    python -m evals.benchmarks.change [--files 10000] [--pdfs FOLDER]

The files hold real sentences (Natural Questions, CLAPNQ). Their vectors come from a hash of the text, not from a model,
so that only the bookkeeping is timed. With `--pdfs`, reading every PDF in a folder is timed too, here alone and by
several processes.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.pools import bench, natural_questions
from rag import IngestReport, Library, Settings

SENTENCES = 8
"""In each file."""


class HashEmbedder:
    """Vectors at once: the bytes of a text's hash, at unit length. They mean nothing, and cost next to nothing."""

    fingerprint = "hash:1"
    dimensions = 384
    languages: frozenset[str] | None = None

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        digests = b"".join(hashlib.shake_128(text.encode()).digest(self.dimensions) for text in texts)
        rows = np.frombuffer(digests, np.uint8).reshape(len(texts), self.dimensions).astype(np.float32) - 127.5
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def embed_question(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self.embed_passages([text])[0]
        return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--pdfs", type=Path, help="also time how long the PDFs in this folder take to read")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _changes(Path(folder), given.files)
    if given.pdfs:
        _pdfs(sorted(given.pdfs.glob("*.pdf")))


def _changes(folder: Path, count: int) -> None:
    docs = folder / "docs"
    files = write(docs, count)
    with Library(folder / "library", embedder=HashEmbedder()) as library:
        _timed(f"{count:,} files, from nothing", lambda: library.add(docs))
        _timed("again, unchanged", lambda: library.add(docs))
        _timed("again, unchanged, by `pincite index` from its start", lambda: _command(docs, library.path))
        files[count // 2].write_text(files[0].read_text() + " One sentence more.")
        _timed("one file changed", lambda: library.add(docs))
        (docs / "new.txt").write_text("A file that was not there before. It has two sentences.")
        _timed("one file added", lambda: library.add(docs))
        files[1].unlink()
        _timed("one file vanished, with sync", lambda: library.add(docs, sync=True))
        _timed("one document removed", lambda: library.remove(str(files[2])))
        for file in files[3:]:
            os.utime(file)
        _timed("all rewritten with the same content", lambda: library.add(docs))


def write(folder: Path, count: int) -> list[Path]:
    """`count` text files in folders of a hundred, each of other sentences, or of the same ones in another order."""
    text = " ".join(document.text for document in natural_questions(bench()).documents)
    sentences = re.findall(r"[A-Z][^.!?]{40,300}[.!?](?= )", text)
    files = [folder / f"{number // 100:04}" / f"{number:06}.txt" for number in range(count)]
    for number, file in enumerate(files):
        file.parent.mkdir(parents=True, exist_ok=True)
        step = 1 + number * SENTENCES // len(sentences)
        chosen = [sentences[(number * SENTENCES + place * step) % len(sentences)] for place in range(SENTENCES)]
        file.write_text(" ".join(chosen))
    return files


def _command(docs: Path, library: Path) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "rag.cli", "index", str(docs), "--index", str(library)],
        env=os.environ | {"PINCITE_EMBEDDER": HashEmbedder.fingerprint},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def _pdfs(files: Sequence[Path]) -> None:
    """Largest first: reading one, then reading all, with one process and with one per core."""
    files = sorted(files, key=lambda file: -file.stat().st_size)
    for name, some in ((files[0].name, files[:1]), (f"{len(files)} PDFs", files)):
        for threads in (1, 0):
            with tempfile.TemporaryDirectory() as folder:
                settings = Settings.load(threads=threads)
                with Library(folder, embedder=HashEmbedder(), settings=settings) as library:
                    adding = lambda library=library, some=some: library.add(*some)  # noqa: E731
                    _timed(f"{name}, {'one process' if threads else f'{os.cpu_count()} processes'}", adding)


def _timed(name: str, work: Callable[[], Any]) -> None:
    began = time.perf_counter()
    outcome = work()
    seconds = time.perf_counter() - began
    shown = str(outcome) if isinstance(outcome, IngestReport | str) else ""
    print(f"{name:55}{seconds:9.2f} s   {shown}", flush=True)


if __name__ == "__main__":
    main()
