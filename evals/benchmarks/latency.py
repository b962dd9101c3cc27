"""How long a search and an answer take, stage by stage, as a library grows.

    python -m evals.benchmarks.latency [--sizes 5000,100000,1000000] [--folder DIR] [--json FILE]

Passages are real as far as they go (Natural Questions, CLAPNQ, SciFact: 5,000 of them). Beyond that they are synthetic:
real sentences spliced at random with every seventh word exchanged for another place's, so that words keep their
frequencies, and instead of embedding such a text its vector is a real one moved towards or away from the difference of
two others, a + s·(b − c) with s from .3 to .9, at length 1, so that noise has the directions that real vectors have.
Questions are real, and are embedded for real.

A library is built once for each size and found again in DIR. Each is measured by itself: every question is searched for
twice, since what it needs may have to come from the disk the first time, and the stages are told on a third pass by a
profiler, which makes them a little slower than they are.
"""

import argparse
import cProfile
import datetime
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from evals.benchmarks.pools import Pool, bench, natural_questions, scifact
from evals.benchmarks.synthetic import WORDS, Synthesiser, Vectors, spliced
from rag import Answer, Document, Library, embedder

CONSOLE = Console(stderr=True)
SIZES = (5_000, 100_000, 1_000_000)
QUESTIONS = 200
ASKED = 50
WARM_UP = 20
CHUNK = 20_000
"""Passages added, or read, at a time."""
WORDS_OF_PASSAGE = 125
REAL = 5_000
"""Passages of real documents, at most a few more."""
STAGES = {
    "embed the question": "embed_question",
    "vectors": "nearest",
    "words": "matching",
    "cosines of what words found": "cosines",
    "passages": "passages",
    "fusion": "fuse",
}
"""What a search does, by the function that does it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="passages, with commas")
    parser.add_argument("--folder", type=Path, help="where libraries are kept; without it they are made anew")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)  # a fresh process that measures its memory
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(fresh(given.alone, _questions(_real(bench()))[:WARM_UP])))
        return
    pool = _real(bench())
    folder = given.folder or Path(tempfile.mkdtemp())
    made_by = Synthesiser(embedder())
    try:
        rows = [measured(folder / str(size), size, pool, made_by) for size in map(int, given.sizes.split(","))]
    finally:
        if given.folder is None:
            shutil.rmtree(folder)
    for line in table(rows):
        print(line)
    if given.json:
        machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
        date = datetime.date.today().isoformat()
        given.json.write_text(json.dumps({"date": date, "machine": machine, "sizes": rows}, indent=2) + "\n")


def measured(folder: Path, size: int, pool: Pool, made_by: Synthesiser) -> dict[str, Any]:
    """Every figure for a library of `size` passages."""
    made = folder / "built.json"
    if not made.exists():
        made.write_text(json.dumps(build(folder, size, pool, made_by)))
    questions = _questions(pool)
    alone = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "evals.benchmarks.latency", "--alone", str(folder)], stdout=subprocess.PIPE, check=True
    )
    CONSOLE.log(f"searching among {size:,} passages")
    with Library(folder, embedder=made_by) as library:
        for question in questions[:WARM_UP]:
            library.search(question, rerank=False)
        searches = [partial(library.search, question, rerank=False) for question in questions]
        first = [_seconds(search) for search in searches]
        took = [_seconds(search) for search in searches]
        stages = [_profiled(search) for search in searches]
        recall = recall_at_10(folder, library, questions[:: len(questions) // ASKED])
        answers = [library.ask(question, abstain=False) for question in questions[:ASKED]]
        batch = together(library, questions[:ASKED])
    return {
        **json.loads(made.read_text()),
        **json.loads(alone.stdout),
        "search_ms": _spread(took),
        "first_search_ms": _spread(first),
        "stages_ms": {name: _spread([stage[name] for stage in stages]) for name in STAGES},
        "ask_ms": _asked(answers),
        "batch": batch,
        "recall_at_10": recall,
        "disk_mb": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6,
    }


def build(folder: Path, size: int, pool: Pool, made_by: Synthesiser) -> dict[str, Any]:
    """Make the library; how many passages it has and how many seconds that took."""
    shutil.rmtree(folder, ignore_errors=True)
    began, held, made_by.moving = time.perf_counter(), 0, False
    with Library(folder, embedder=made_by) as library:

        def add(documents: Sequence[Document]) -> int:
            library.add_documents(documents)
            total = sum(entry.passages for entry in library.documents())
            CONSOLE.log(f"{total:,} of {size:,} passages, {time.perf_counter() - began:.0f} s")
            return total

        for documents in _chunks(pool.documents, 100):
            if held < min(size, REAL):
                held = add(documents)
        real, made_by.moving = held, True
        source = spliced(pool.documents, seed=size)
        while held < size:
            held = add(_about(source, min(CHUNK, size - held)))
    return {"passages": held, "real": real, "build_s": time.perf_counter() - began}


def fresh(folder: Path, questions: Sequence[str]) -> dict[str, Any]:
    """What a process that has just started sees: seconds to the first hit, models included, and its memory after."""
    began = time.perf_counter()
    with Library(folder, embedder=embedder()) as library:
        library.search(questions[0], rerank=False)
        first = time.perf_counter() - began
        for question in questions:
            library.search(question, rerank=False)
        return {"first_hit_s": first, "resident_mb": _memory("VmRSS"), "peak_mb": _memory("VmHWM")}


def together(library: Library, questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds a question, asked one after the other and as one batch; each twice, the quicker counts."""
    loop, batch = [], []
    for _ in range(2):
        loop.append(_seconds(lambda: [library.ask(question, abstain=False) for question in questions]))
        batch.append(_seconds(partial(library.batch, questions, abstain=False)))
    return {"loop_ms": 1000 * min(loop) / len(questions), "batch_ms": 1000 * min(batch) / len(questions)}


def recall_at_10(folder: Path, library: Library, questions: Sequence[str]) -> float:
    """The share of the ten passages nearest in truth, by comparing with every vector, that the dense way has."""
    embeds = embedder()
    asked = np.stack([embeds.embed_question(question) for question in questions])
    best: list[list[tuple[float, str]]] = [[] for _ in questions]
    for names, vectors in _vectors(folder / "library.sqlite"):
        for row, scores in zip(best, asked @ vectors.T, strict=True):
            near = np.argsort(-scores)[:10]
            row[:] = sorted([*row, *((float(scores[at]), names[at]) for at in near)], reverse=True)[:10]
    shares = []
    for question, row in zip(questions, best, strict=True):
        hits = library.search(question, 1000, rerank=False)
        found = {hit.passage.id for hit in hits if hit.ranks.get("dense", 99) <= 10}
        shares.append(len(found & {name for _, name in row}) / len(row))
    return float(np.mean(shares))


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """One line per figure, one column per size."""

    def line(name: str, figure: Callable[[dict[str, Any]], str]) -> str:
        return f"{name:34}" + "".join(f"{figure(row):>18}" for row in rows)

    def times(row: dict[str, Any], within: str, stage: str | None = None) -> str:
        spread = row[within] if stage is None else row[within][stage]
        return f"{spread['p50']:.1f}, {spread['p95']:.1f}"

    return [
        line("passages", lambda row: f"{row['passages']:,}"),
        line("  of them real", lambda row: f"{row['real']:,}"),
        line("search, ms: p50, p95", partial(times, within="search_ms")),
        line("  when first asked", partial(times, within="first_search_ms")),
        *(line(f"  {stage}", partial(times, within="stages_ms", stage=stage)) for stage in STAGES),
        line("ask, ms: p50, p95", partial(times, within="ask_ms", stage="total")),
        *(
            line(f"  {stage}", partial(times, within="ask_ms", stage=stage))
            for stage in rows[0]["ask_ms"]
            if stage != "total"
        ),
        line("several questions: loop, batch, ms", _several),
        line("recall@10 of the dense way", lambda row: f"{row['recall_at_10']:.3f}"),
        line("fresh process: first hit, s", lambda row: f"{row['first_hit_s']:.2f}"),
        line("  resident memory, then peak, MB", lambda row: f"{row['resident_mb']:.0f}, {row['peak_mb']:.0f}"),
        line("on disk, MB", lambda row: f"{row['disk_mb']:.0f}"),
        line("building, s", lambda row: f"{row['build_s']:.0f}"),
    ]


def _several(row: dict[str, Any]) -> str:
    loop, batch = row["batch"]["loop_ms"], row["batch"]["batch_ms"]
    return f"{loop:.0f}, {batch:.0f} ({loop / batch:.2f}x)"


def _real(folder: Path) -> Pool:
    """Natural Questions with CLAPNQ first, then SciFact."""
    asked, more = natural_questions(folder), scifact(folder)
    return Pool((*asked.documents, *more.documents), asked.questions)


def _questions(pool: Pool) -> list[str]:
    asked = [item.question for item in pool.questions if item.set == "nq"]
    return asked[:: len(asked) // QUESTIONS][:QUESTIONS]


def _chunks(documents: Sequence[Document], size: int) -> Iterator[Sequence[Document]]:
    return (documents[at : at + size] for at in range(0, len(documents), size))


def _about(source: Iterator[Document], passages: int) -> list[Document]:
    """Documents of about so many passages in all."""
    return [next(source) for _ in range(max(1, round(passages * WORDS_OF_PASSAGE / WORDS)))]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _profiled(work: Callable[[], object]) -> dict[str, float]:
    """Seconds in each stage; where a function calls one of its name, the outer counts."""
    with cProfile.Profile() as profile:
        work()
    spent = dict.fromkeys(STAGES, 0.0)
    names = {function: stage for stage, function in STAGES.items()}
    for entry in profile.getstats():
        stage = names.get(getattr(entry.code, "co_name", ""))
        if stage:
            spent[stage] = max(spent[stage], entry.totaltime)
    return spent


def _asked(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    return {stage: _spread([answer.seconds[stage] for answer in answers]) for stage in answers[0].seconds}


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    p50, p95 = np.percentile(np.asarray(seconds) * 1000, [50, 95])
    return {"p50": float(p50), "p95": float(p95)}


def _memory(field: str) -> float:
    """Megabytes, as Linux counts them for this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(field))


def _vectors(path: Path) -> Iterator[tuple[list[str], Vectors]]:
    """All passages' names and vectors, straight from the file."""
    rows = sqlite3.connect(path).execute(
        "SELECT passage_id, vector FROM vectors JOIN passages ON passages.id = vectors.passage ORDER BY passages.id"
    )
    while some := rows.fetchmany(CHUNK):
        yield [row[0] for row in some], np.frombuffer(b"".join(row[1] for row in some), "<f4").reshape(len(some), -1)


if __name__ == "__main__":
    main()
