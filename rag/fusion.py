"""How the ways of finding are put together: meaning with words, and what was found with what was then read.

Both are convex combinations of scaled scores (Bruch, Gai and Ingber 2022, "An Analysis of Fusion Functions for Hybrid
Retrieval"), chosen by measurement over reciprocal ranks: see evals/benchmarks/README.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from rag.stores.base import Found
from rag.types import Hit

SUREST = 10.0
"""Log-odds beyond which the reranker's certainty says no more."""


def fuse(
    cosines: Mapping[int, float], lexical: Mapping[int, float], dense_weight: float, words_only: Collection[int] = ()
) -> list[Found]:
    """Passages by `dense_weight`·meaning + (1 − `dense_weight`)·words, best first, scores 0..1.

    Cosines are scaled so that the furthest candidate is 0 and the nearest 1; BM25 by its highest alone, since its 0 has
    a meaning. A passage that has no vector (`words_only`) has its lexical score for both.
    """
    least, most = (min(cosines.values()), max(cosines.values())) if cosines else (0.0, 1.0)
    meaning = {number: (cosine - least) / ((most - least) or 1.0) for number, cosine in cosines.items()}
    top = max(lexical.values(), default=1.0) or 1.0
    wording = {number: score / top for number, score in lexical.items()}
    meaning.update({number: wording[number] for number in words_only if number in wording})
    scores = {
        number: dense_weight * meaning.get(number, 0.0) + (1 - dense_weight) * wording.get(number, 0.0)
        for number in {**meaning, **wording}
    }
    return [Found(number, score) for number, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))]


def rerank(hits: Sequence[Hit], log_odds: Mapping[str, float], weight: float) -> tuple[Hit, ...]:
    """Hits by (1 − `weight`)·fused + `weight`·read, on the `rerank` scale of 0..1.

    `log_odds` has the best sentence's, by passage id; they are scaled evenly from −10 to 10, since their distances
    among answers still tell good from better where probabilities are all near 1. An unread passage counts as 0.
    """
    mixed = [
        (weight * _scaled(log_odds.get(hit.passage.id, -SUREST)) + (1 - weight) * hit.scores["fused"], hit)
        for hit in hits
    ]
    mixed.sort(key=lambda item: -item[0])
    return tuple(
        replace(
            hit,
            rank=rank,
            score=score,
            scale="rerank",
            ranks={**hit.ranks, "rerank": rank},
            scores={**hit.scores, "rerank": score},
        )
        for rank, (score, hit) in enumerate(mixed, start=1)
    )


def _scaled(log_odds: float) -> float:
    return (max(-SUREST, min(SUREST, log_odds)) + SUREST) / (2 * SUREST)
