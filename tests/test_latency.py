"""The latency benchmark's own arithmetic and its synthetic library; its figures are measured, never tested."""

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from evals.benchmarks import latency, synthetic
from evals.benchmarks.latency import _profiled, _spread, recall_at_10, table
from evals.benchmarks.synthetic import Synthesiser, spliced
from rag import Library, Settings
from tests.fakes import SharedWordsReranker, WordHashEmbedder, document

REAL = [
    document(f"Apples {n} grow here. Pears {n} do not. Nobody asked.", f"/docs/{n}", f"Title {n}") for n in range(30)
]


def test_spliced_documents_are_other_ones_of_the_same_words() -> None:
    first, second = islice(spliced(REAL, seed=3), 2)
    assert first == next(spliced(REAL, seed=3)) and first != next(spliced(REAL, seed=4))
    assert first.source != second.source and first.sha256 != second.sha256
    known = {word.rstrip(".") for made in REAL for word in made.text.split()}
    assert {word.rstrip(".") for word in first.text.split()} <= known
    assert synthetic.WORDS * 0.8 < len(first.text.split()) < synthetic.WORDS * 1.2
    shares = [text.count("Nobody") / len(text.split()) for text in (first.text, " ".join(made.text for made in REAL))]
    assert shares[0] == pytest.approx(shares[1], rel=0.2)


def test_moved_vectors_are_near_real_ones_and_always_the_same() -> None:
    made_by = Synthesiser(WordHashEmbedder())
    real = made_by.embed_passages([made.text for made in REAL])
    assert np.array_equal(real, WordHashEmbedder().embed_passages([made.text for made in REAL]))
    made_by.moving = True
    moved = made_by.embed_passages([f"synthetic {n}" for n in range(50)])
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    assert np.array_equal(moved[:5], made_by.embed_passages([f"synthetic {n}" for n in range(5)]))
    nearest = (moved @ real.T).max(axis=1)
    assert (nearest > 0.5).all() and (nearest < 0.9999).any()


def test_stages_are_told_by_their_functions() -> None:
    def nearest() -> int:
        return sum(range(200_000))

    def search() -> int:
        return nearest()

    spent = _profiled(search)
    assert spent["vectors"] > 0 and spent["words"] == 0


def test_spread_by_hand() -> None:
    """Of 1 to 5 ms the median is 3; the 95th percentile lies .8 of the way from 4 to 5."""
    spread = _spread([0.001, 0.002, 0.003, 0.004, 0.005])
    assert (spread["p50"], spread["p95"]) == (pytest.approx(3.0), pytest.approx(4.8))


def test_recall_is_against_every_vector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "embedder", WordHashEmbedder)
    with Library(tmp_path, settings=Settings(), embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add_documents(REAL)
        assert recall_at_10(tmp_path, library, ["Apples 3", "Pears 4"]) == 1.0
        monkeypatch.setattr(latency, "embedder", lambda: _Opposite())
        assert recall_at_10(tmp_path, library, ["Apples 3"]) < 0.9


class _Opposite(WordHashEmbedder):
    def embed_question(self, text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return -super().embed_question(text)


def test_a_loop_and_a_batch_ask_the_same(tmp_path: Path) -> None:
    with Library(tmp_path, embedder=WordHashEmbedder(), reranker=SharedWordsReranker()) as library:
        library.add_documents(REAL)
        took = latency.together(library, ["Apples 3", "Pears 4"])
    assert took.keys() == {"loop_ms", "batch_ms"} and min(took.values()) > 0


def test_a_column_for_each_size() -> None:
    spread = {"p50": 1.0, "p95": 2.0}
    row = {
        "passages": 5000,
        "real": 4000,
        "search_ms": spread,
        "first_search_ms": spread,
        "stages_ms": dict.fromkeys(latency.STAGES, spread),
        "ask_ms": {"search": spread, "total": spread},
        "batch": {"loop_ms": 90.0, "batch_ms": 60.0},
        "recall_at_10": 0.99,
        **dict.fromkeys(("first_hit_s", "resident_mb", "peak_mb", "disk_mb", "build_s"), 1.0),
    }
    lines = table([row, {**row, "passages": 100_000}])
    assert lines[0].split() == ["passages", "5,000", "100,000"]
    assert all(line.count("1.0, 2.0") == 2 for line in lines if "vectors" in line or "p95" in line)
    assert any(line.count("90, 60 (1.50x)") == 2 for line in lines)
    json.dumps(row)
