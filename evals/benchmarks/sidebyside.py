"""One system at a time, alone in a process: what it took, what it really read, and how well it found."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from evals.benchmarks.environments import QUIET, RIVALS, interpreter, minilm
from evals.benchmarks.pools import Asked, Pool
from evals.metrics import ndcg_at
from evals.statistics import estimate
from rag import Document

WIDTH = 384
"""Of a token's vector, in both encoders."""


class Failed(Exception):
    """A system could not be measured; the message is its last word."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One system with its model."""

    name: str
    script: str
    """`rivals/with_<script>.py`."""
    limit: int
    """Tokens, special ones included, that its encoder reads of a text."""
    layers: int
    precision: str
    embedder: str | None = None
    """Pincite's own choice of model; None for all-MiniLM-L6-v2 as its authors gave it."""


CONTENDERS = (
    Contender("LangChain tutorial", "langchain", limit=256, layers=6, precision="fp32"),
    Contender("LlamaIndex", "llamaindex", limit=256, layers=6, precision="fp32"),
    Contender("Haystack", "haystack", limit=256, layers=6, precision="fp32"),
    Contender("txtai", "txtai", limit=512, layers=6, precision="fp32"),  # the tokenizer's limit, not the model's
    Contender("Pincite bge-small", "pincite", limit=512, layers=12, precision="int8", embedder="bge-small"),
    Contender("Pincite minilm", "pincite", limit=256, layers=6, precision="int8", embedder="minilm"),
)


@dataclass(frozen=True, slots=True)
class Read:
    """What an encoder read of the texts that it was given."""

    pieces: int
    bytes_given: int
    bytes_read: int
    """Within the encoder's limit; text that overlaps counts as often as it was read."""
    operations: float
    """Multiplications and additions in its matrices and its attention."""

    @property
    def truncated(self) -> float:
        """Share of the bytes that the encoder never saw."""
        return 1 - self.bytes_read / self.bytes_given if self.bytes_given else 0.0


def subset(pool: Pool, documents: int, questions: int) -> Pool:
    """The same documents every time: those that the first questions are about, filled up in the order of their hashes.

    Questions are every k-th of those whose documents are all inside, about `questions` of them.
    """
    kept: set[str] = set()
    for asked in pool.questions[:questions]:
        if len(kept | asked.gold) <= max(1, documents // 2):
            kept |= asked.gold
    rest = sorted({document.source for document in pool.documents} - kept, key=_hash)
    kept.update(rest[: max(0, documents - len(kept))])
    inside = [asked for asked in pool.questions if asked.gold <= kept]
    chosen = inside[:: max(1, len(inside) // questions)][:questions]
    return Pool(tuple(document for document in pool.documents if document.source in kept), tuple(chosen))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def measured(contender: Contender, pools: dict[str, Pool], environments: Path) -> dict[str, Any]:
    """One system's figures: cold start on one document, speed on the first pool, quality on all of them.

    Raises `NotInstalled` and `Failed`.
    """
    python = Path(sys.executable) if contender.embedder else interpreter(contender.script, environments)
    model = minilm(python)
    first = next(iter(pools.values()))
    alone = Pool(
        first.documents[:1], (Asked(first.documents[0].title, (), frozenset({first.documents[0].source}), ""),)
    )
    cold = _child(contender, python, model, alone)
    runs = {name: _child(contender, python, model, pool) for name, pool in pools.items()}
    run = next(iter(runs.values()))
    read = reading(run.pop("pieces"), Tokenizer.from_file(str(model / "tokenizer.json")), contender)
    given = sum(size(document) for document in first.documents)
    return {
        "system": contender.name,
        "precision": contender.precision,
        "versions": run["versions"],
        "cold_s": cold["first_hit_s"],
        "index_s": run["index_s"],
        "embedded_mb_s": read.bytes_read / 1e6 / run["index_s"],
        "document_mb_s": given / 1e6 / run["index_s"],
        "passages": read.pieces,
        "passages_s": read.pieces / run["index_s"],
        "truncated": read.truncated,
        "tera_operations_s": read.operations / 1e12 / run["index_s"],
        "peak_mb": run["peak_mb"],
        "ways": [
            {
                "way": way,
                "search_ms": float(np.percentile(found["milliseconds"], 50)),
                "ndcg": {name: scored(runs[name]["ways"][way]["rankings"], pools[name].questions) for name in pools},
            }
            for way, found in run["ways"].items()
        ],
    }


def _child(contender: Contender, python: Path, model: Path, pool: Pool) -> dict[str, Any]:
    """Run one system once, in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "work").mkdir()
        lines(place / "documents.jsonl", [_given(document) for document in pool.documents])
        lines(
            place / "questions.jsonl",
            [{"text": asked.question, "gold": sorted(asked.gold)} for asked in pool.questions],
        )
        job = {
            "documents": str(place / "documents.jsonl"),
            "questions": str(place / "questions.jsonl"),
            "figures": str(place / "figures.json"),
            "folder": str(place / "work"),
            "model": contender.embedder or str(model),
            "started": time.time(),
        }
        (place / "job.json").write_text(json.dumps(job), encoding="utf-8")
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PINCITE_", "PYTHON"))}
        done = subprocess.run(  # noqa: S603
            [python, RIVALS / f"with_{contender.script}.py", place / "job.json"],
            env=own | QUIET,
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed((done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1])
        figures: dict[str, Any] = json.loads((place / "figures.json").read_text(encoding="utf-8"))
        return figures


def _given(document: Document) -> dict[str, str]:
    return {"id": document.source, "title": document.title, "text": document.text}


def size(document: Document) -> int:
    """Bytes of a document: its title, a line break and its text."""
    return len(f"{document.title}\n{document.text}".encode())


def lines(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """JSON lines."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def reading(pieces: Sequence[str], tokenizer: Tokenizer, contender: Contender) -> Read:
    """What of `pieces` went through the encoder."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    given = read = 0
    lengths = []
    for piece, encoding in zip(pieces, tokenizer.encode_batch(list(pieces)), strict=True):
        given += len(piece.encode())
        read += bytes_within(piece, encoding.offsets, contender.limit)
        lengths.append(min(len(encoding.offsets), contender.limit))
    return Read(len(pieces), given, read, operations(lengths, contender.layers))


def bytes_within(text: str, offsets: Sequence[tuple[int, int]], limit: int) -> int:
    """UTF-8 bytes up to the end of the last token within the limit.

    `offsets` are the tokens' characters, [CLS] first and [SEP] last; of a longer text the encoder keeps the first
    `limit` − 2 between these two.
    """
    return len(text.encode()) if len(offsets) <= limit else len(text[: offsets[limit - 2][1]].encode())


def operations(lengths: Sequence[int], layers: int) -> float:
    """Operations of a BERT encoder on texts of so many tokens, a multiplication and an addition being two.

    A layer has four matrices of WIDTH² and two of 4 · WIDTH²; its attention compares all pairs of tokens and adds up
    what they carry: 2 · 2 · WIDTH for every pair.
    """
    tokens, pairs = float(sum(lengths)), float(sum(length**2 for length in lengths))
    return layers * (2 * 12 * WIDTH**2 * tokens + 4 * WIDTH * pairs)


def scored(rankings: Sequence[Sequence[str]], asked: Sequence[Asked]) -> list[float | None]:
    """Mean nDCG@10 and its 95% interval."""
    gains = [ndcg_at(10, ranked, item.gold) for ranked, item in zip(rankings, asked, strict=True)]
    figure = estimate(gains, [item.group for item in asked])
    return [figure.value, figure.low, figure.high]
