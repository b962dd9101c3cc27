"""The benchmarks' own arithmetic; their figures are measured, never tested."""

from pathlib import Path

import pytest

from evals.benchmarks.pools import Asked, bench, financebench, natural_questions, scifact, some, squad
from evals.benchmarks.retrieval import misses, score
from evals.benchmarks.tried import convex, reading, reciprocal_ranks
from evals.metrics import ndcg_at, share_within
from rag import Hit, Passage, Settings


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


def test_reading_by_hand() -> None:
    """Reranked as .4 fused + .6 read: reading alone is what is left of .6 fused, and its weight can be chosen again."""
    weight = Settings().retrieval.reading_weight
    fused, read = {"a": 0.9, "b": 0.5}, {"a": 0.2, "b": 0.8}
    hits = []
    for name in "ab":
        mixed = (1 - weight) * fused[name] + weight * read[name]
        hits.append(Hit(hit(name).passage, 1, 0, "rerank", {}, {"fused": fused[name], "rerank": mixed}))
    assert order(reading(0.1)(hits)) == "ab"
    assert order(reading(0.9)(hits)) == "ba"


def test_ndcg_by_hand() -> None:
    """One gold at rank 3: 1 ÷ log2(4) = .5. Two gold at 1 and 3: (1 + .5) ÷ (1 + 1 ÷ log2(3)) = 1.5 ÷ 1.6309."""
    assert ndcg_at(10, ["a", "b", "c"], {"c"}) == 0.5
    assert ndcg_at(10, ["a", "b", "c"], {"a", "c"}) == pytest.approx(1.5 / 1.63093, abs=1e-5)
    assert ndcg_at(2, ["a", "b", "c"], {"c"}) == 0.0
    assert share_within(2, ["a", "b", "c"], {"a", "c"}) == 0.5


def test_a_row_by_hand() -> None:
    """Gold at ranks 1 and 3: nDCG (1 + .5) ÷ 2, hit@1 a half; nothing found is a miss."""
    asked = [Asked("q", (), frozenset({gold}), "nq") for gold in "ac"]
    row = score("e", "way", [["a", "b"], ["a", "b", "c"]], asked, [0.01, 0.03])
    assert (row.ndcg.value, row.hit1.value, row.recall100.value) == (0.75, 0.5, 1.0)
    assert row.ms == pytest.approx(20)
    assert score("e", "way", [[], []], asked).ndcg.value == 0.0


def test_a_miss_may_hold_the_answer_all_the_same() -> None:
    asked = [
        Asked("right", ("x",), frozenset({"a"}), "nq"),
        Asked("wrong, but it says x", ("X",), frozenset({"b"}), "nq"),
        Asked("wrong", ("y",), frozenset({"b"}), "nq"),
        Asked("unanswerable", (), frozenset({"b"}), "nq"),
    ]
    assert misses([[HITS[0]]] * 4, asked) == (2, 1)


def test_some_questions_are_spread_over_all() -> None:
    asked = [Asked(str(at), (), frozenset({"a"}), "nq") for at in range(10)]
    assert [item.question for item in some(asked, 3)] == ["0", "3", "6", "9"]
    assert some(asked, None) == some(asked, 50) == asked


def test_without_data_a_benchmark_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_BENCH", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match=r"skipped: .* PINCITE_BENCH"):
        bench()


def test_public_sets_are_read_whole() -> None:
    try:
        folder = bench()
    except SystemExit as absent:
        pytest.skip(str(absent))
    for pool in (natural_questions(folder), squad(folder), scifact(folder)):
        sources = {document.source for document in pool.documents}
        assert len(sources) == len(pool.documents) > 500
        assert all(asked.gold <= sources for asked in pool.questions)
        assert any(not asked.answers for asked in pool.questions)
    assert all(min(asked.pages) >= 1 for asked in financebench(folder))
