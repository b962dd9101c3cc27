"""The benchmarks' own arithmetic; their figures are measured, never tested."""

from pathlib import Path

import pytest

from evals.benchmarks.pools import Asked, bench, natural_questions, squad
from evals.benchmarks.retrieval import _place, _row, convex, reciprocal_ranks
from rag import Hit, Passage


def hit(source: str, dense: tuple[int, float] | None = None, lexical: tuple[int, float] | None = None) -> Hit:
    ways = {"dense": dense, "lexical": lexical}
    ranks = {way: found[0] for way, found in ways.items() if found}
    scores = {way: found[1] for way, found in ways.items() if found}
    return Hit(Passage(source, source, source, source, 0, 1, "x"), 1, 0.0, "fused", ranks, scores)


HITS = [hit("a", (1, 0.9), (3, 1.0)), hit("b", (2, 0.7), (1, 4.0)), hit("c", (3, 0.5)), hit("d", None, (2, 2.0))]


def order(ranked: list[Hit]) -> str:
    return "".join(found.passage.source for found in ranked)


def test_reciprocal_ranks_by_hand() -> None:
    """b: 1/62 + 1/61 = .0325, a: 1/61 + 1/63 = .0323, d: 1/62 = .0161, c: 1/63 = .0159."""
    assert order(reciprocal_ranks(1.0)(HITS)) == "badc"


def test_convex_by_hand() -> None:
    """Dense .9, .7, .5 become 1, .5, 0; BM25 by 4. At .65: a .65 + .0875, b .325 + .35, d .175, c 0."""
    assert order(convex(0.65)(HITS)) == "abdc"
    assert order(convex(0.5)(HITS)) == "badc"


def test_a_row_by_hand() -> None:
    """Gold at ranks 1 and 3: (1 + 1/log2(4)) ÷ 2 = .75, hit@1 a half. A document counts once, at its best passage."""
    twice = [HITS[0], HITS[0], HITS[1], HITS[2]]
    assert (_place(twice, "c"), _place(twice, "z")) == (3, None)
    row = _row("way", [twice, twice], [Asked("q", ("x",), "a", "nq"), Asked("q", ("x",), "c", "nq")])
    assert row.startswith("way") and "0.750" in row and row.endswith("0.5000")


def test_without_data_a_benchmark_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_BENCH", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match=r"skipped: .* PINCITE_BENCH"):
        bench()


def test_public_sets_are_read_whole() -> None:
    try:
        folder = bench()
    except SystemExit as absent:
        pytest.skip(str(absent))
    for pool in (natural_questions(folder), squad(folder)):
        sources = {document.source for document in pool.documents}
        assert len(sources) == len(pool.documents) > 500
        assert all(asked.gold in sources for asked in pool.questions)
        assert any(not asked.answers for asked in pool.questions)
