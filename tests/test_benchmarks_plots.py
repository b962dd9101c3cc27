"""Plots from canned figures: they are written, say what the figures say, and leave out what is not there."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from evals.benchmarks.drawing import Box, place
from evals.benchmarks.plots import draw, latency, points, quality, throughput

Figures = dict[str, Any]


def system(name: str, speed: float, ratio: float, nq: float) -> Figures:
    ways = [{"way": "dense", "search_ms": 20.0, "ndcg": {"nq": [nq, nq - 0.01, nq + 0.01], "scifact": [0.7, 0.6, 0.8]}}]
    ratios = {"embedded_mb_s": ratio}
    return {"system": name, "embedded_mb_s": speed, "document_mb_s": speed / 2, "ratios": ratios, "ways": ways}


INGEST: Figures = {
    "machine": {"cores": 2},
    "sets": {"scifact": {"documents": 1500, "megabytes": 2.2}, "nq": {"documents": 1596, "megabytes": 1.0}},
    "systems": [
        system("LangChain tutorial", 0.02, 1.0, 0.95),
        system("Pincite bge-small", 0.07, 3.5, 0.96),
        {"system": "txtai", "error": "not installed"},
    ],
}
LATENCY: Figures = {
    "sizes": [
        {"passages": 1_000_345, "search_ms": {"p50": 41.2, "p95": 80.0}},
        {"passages": 5_012, "search_ms": {"p50": 8.1, "p95": 14.0}},
    ]
}
RETRIEVAL: Figures = {
    "sets": {
        "nq": {
            "documents": 1596,
            "rows": [
                {"way": "words (BM25)", "embedder": "bge-small", "ndcg": [0.88, 0.87, 0.89], "ms": None},
                {"way": "words (BM25)", "embedder": "minilm", "ndcg": [0.88, 0.87, 0.89], "ms": None},
                {"way": "meaning", "embedder": "bge-small", "ndcg": [0.94, 0.93, 0.95], "ms": None},
                {"way": "convex, dense 0.50", "embedder": "bge-small", "ndcg": [0.99, 0.98, 1.0], "ms": None},
                {"way": "fused and reranked", "embedder": "bge-small", "ndcg": [0.967, 0.95, 0.98], "ms": 118.0},
            ],
        }
    }
}


def texts(figure: Any) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))


def test_all_plots_are_written_small_and_wide(tmp_path: Path) -> None:
    for name, figures in (("ingest", INGEST), ("latency", LATENCY), ("retrieval", RETRIEVAL)):
        (tmp_path / f"{name}.json").write_text(json.dumps(figures))
    said = draw(tmp_path, tmp_path / "docs")
    assert len(said) == 3
    for name in ("throughput", "latency", "quality"):
        path = tmp_path / "docs" / f"{name}.png"
        assert path.stat().st_size < 120_000
        with Image.open(path) as image:
            assert image.width == 1800


def test_what_has_no_figures_is_skipped_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "latency.json").write_text(json.dumps(LATENCY))
    said = draw(tmp_path, tmp_path)
    assert [line.split()[:2] for line in said if "skipped" in line] == [
        ["throughput.png", "skipped:"],
        ["quality.png", "skipped:"],
    ]
    assert {path.name for path in tmp_path.glob("*.png")} == {"latency.png"}


def test_titles_are_computed() -> None:
    assert "Pincite with bge-small embeds 3.5 times as much text a second as LangChain" in texts(throughput(INGEST))
    assert "A typical search takes 8.1 ms among 5,000 passages and 41 ms among 1 million" in texts(latency(LATENCY))
    shown = texts(quality(INGEST, RETRIEVAL))
    assert "Best on Natural Questions + CLAPNQ: Pincite, bge-small dense, 0.960 in 20 ms" in shown
    assert "bge-small fused and reranked, 0.967 in 118 ms" in texts(quality({}, RETRIEVAL))


def test_another_system_may_be_the_best() -> None:
    systems = [system("Pincite bge-small", 0.02, 0.5, 0.9), system("LangChain tutorial", 0.04, 1.0, 0.95)]
    ingest = {**INGEST, "systems": systems}
    assert "Best on Natural Questions + CLAPNQ: LangChain tutorial, 0.950 in 20 ms" in texts(quality(ingest, {}))
    assert "embeds 0.5 times as much" in texts(throughput(ingest))


def test_points_take_each_way_once() -> None:
    """Systems on the same questions, then single ways; what was only tried is left out."""
    assert [(point.label, point.milliseconds) for point in points(INGEST, RETRIEVAL, "nq")] == [
        ("LangChain tutorial", 20.0),
        ("bge-small dense", 20.0),
        ("words (BM25)", None),
        ("bge-small meaning", None),
    ]
    assert [point.label for point in points({}, RETRIEVAL, "nq")][-1] == "bge-small fused and reranked"
    assert [point.label for point in points(INGEST, {}, "nq")] == ["LangChain tutorial", "bge-small dense"]
    assert [point.label for point in points(INGEST, RETRIEVAL, "scifact")] == ["LangChain tutorial", "bge-small dense"]


def test_points_of_other_documents_are_not_compared() -> None:
    fewer = {"sets": {"nq": {**RETRIEVAL["sets"]["nq"], "documents": 60}}}
    assert points(INGEST, fewer, "nq") == points(INGEST, {}, "nq")


def test_labels_keep_apart_and_inside() -> None:
    room = Box(0, 0, 400, 200)
    spots = [(200.0, 100.0), (205.0, 101.0), (210.0, 99.0), (390.0, 100.0), (10.0, 195.0)]
    boxes = place(spots, [(80.0, 10.0)] * len(spots), room)
    for at, box in enumerate(boxes):
        assert room.left <= box.left < box.right <= room.right
        assert room.bottom <= box.bottom < box.top <= room.top
        assert all(box.overlap(other) == 0 for other in boxes[at + 1 :])
        assert not any(box.left < x < box.right and box.bottom < y < box.top for x, y in spots)


def test_overlap_by_hand() -> None:
    assert Box(0, 0, 4, 3).overlap(Box(3, 1, 9, 9)) == pytest.approx(2)
    assert Box(0, 0, 1, 1).overlap(Box(2, 0, 3, 1)) == 0
