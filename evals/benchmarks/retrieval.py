"""Ways of finding side by side: words, meaning, and how the two are fused, on Natural Questions with CLAPNQ.

    python -m evals.benchmarks.retrieval [--limit N]

nDCG@10 and hit@1 of the passage that holds the answer, among all passages of both sets.
"""

import argparse
import math
import tempfile
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import track

from evals.benchmarks.pools import Asked, bench, natural_questions
from evals.statistics import estimate
from rag import Hit, Library

Ranking = Callable[[Sequence[Hit]], list[Hit]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, help="only every n-th question, so that about LIMIT are asked")
    limit = parser.parse_args().limit
    pool = natural_questions(bench())
    asked = pool.questions[:: max(1, len(pool.questions) // limit)] if limit else pool.questions
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder, Library(folder) as library:
        with console.status(f"indexing {len(pool.documents)} passages"):
            library.add_documents(pool.documents)
        found = [
            library.search(item.question, 1000)
            for item in track(asked, "searching", console=console, disable=not console.is_terminal)
        ]
    print(f"{len(asked)} questions, {len(pool.documents)} passages")
    print(f"{'way':28}{'nDCG@10, 95% interval':>28}{'hit@1':>9}")
    for name, ranking in WAYS.items():
        print(_row(name, [ranking(hits) for hits in found], asked))


def _row(name: str, rankings: Sequence[Sequence[Hit]], asked: Sequence[Asked]) -> str:
    places = [_place(ranked, item.gold) for ranked, item in zip(rankings, asked, strict=True)]
    gains = [1 / math.log2(place + 1) if place and place <= 10 else 0.0 for place in places]
    figure = estimate(gains, [item.gold for item in asked])
    return f"{name:28}{figure!s:>28}{sum(place == 1 for place in places) / len(places):9.4f}"


def _place(ranked: Sequence[Hit], gold: str) -> int | None:
    """Rank of the gold document, each document counted once; None where it was not found."""
    sources = list(dict.fromkeys(hit.passage.source for hit in ranked))
    return sources.index(gold) + 1 if gold in sources else None


def _by(way: str) -> Ranking:
    return lambda hits: sorted((hit for hit in hits if way in hit.ranks), key=lambda hit: hit.ranks[way])


def reciprocal_ranks(lexical_weight: float, constant: int = 60) -> Ranking:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): Σ weight ÷ (constant + rank)."""

    def score(hit: Hit) -> float:
        weights = {"dense": 1.0, "lexical": lexical_weight}
        return sum(weight / (constant + hit.ranks[way]) for way, weight in weights.items() if way in hit.ranks)

    return lambda hits: sorted(hits, key=score, reverse=True)


def convex(dense_weight: float) -> Ranking:
    """The product's own fusion at another weight, from the scores that each hit carries."""

    def ranking(hits: Sequence[Hit]) -> list[Hit]:
        dense = [hit.scores["dense"] for hit in hits if "dense" in hit.scores] or [0.0]
        top = max((hit.scores["lexical"] for hit in hits if "lexical" in hit.scores), default=0.0) or 1.0
        least, width = min(dense), (max(dense) - min(dense)) or 1.0

        def score(hit: Hit) -> float:
            meaning = (hit.scores.get("dense", least) - least) / width
            return dense_weight * meaning + (1 - dense_weight) * hit.scores.get("lexical", 0.0) / top

        return sorted(hits, key=score, reverse=True)

    return ranking


WAYS: dict[str, Ranking] = {
    "words (BM25)": _by("lexical"),
    "meaning (bge-small)": _by("dense"),
    "reciprocal ranks, equal": reciprocal_ranks(1.0),
    "reciprocal ranks, 1 : 0.1": reciprocal_ranks(0.1),
    **{f"convex, dense {weight:.2f}": convex(weight) for weight in (0.5, 0.6, 0.65, 0.7, 0.8, 0.9)},
    "as fused": _by("fused"),
    "as fused and reranked": _by("rerank"),
}


if __name__ == "__main__":
    main()
