"""Other ways of ranking, worked out from the ranks and scores that each hit carries: what was tried, and not chosen."""

from collections.abc import Callable, Sequence

from rag import Hit, Settings

Ranking = Callable[[Sequence[Hit]], list[Hit]]


def by(way: str) -> Ranking:
    """The order of one way alone; what it did not bring is left out."""
    return lambda hits: sorted((hit for hit in hits if way in hit.ranks), key=lambda hit: hit.ranks[way])


def reciprocal_ranks(lexical_weight: float, constant: int = 60) -> Ranking:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): Σ weight ÷ (constant + rank)."""

    def score(hit: Hit) -> float:
        weights = {"dense": 1.0, "lexical": lexical_weight}
        return sum(weight / (constant + hit.ranks[way]) for way, weight in weights.items() if way in hit.ranks)

    return lambda hits: sorted(hits, key=score, reverse=True)


def convex(dense_weight: float) -> Ranking:
    """The product's own fusion at another weight."""

    def ranking(hits: Sequence[Hit]) -> list[Hit]:
        dense = [hit.scores["dense"] for hit in hits if "dense" in hit.scores] or [0.0]
        top = max((hit.scores["lexical"] for hit in hits if "lexical" in hit.scores), default=0.0) or 1.0
        least, width = min(dense), (max(dense) - min(dense)) or 1.0

        def score(hit: Hit) -> float:
            meaning = (hit.scores.get("dense", least) - least) / width
            return dense_weight * meaning + (1 - dense_weight) * hit.scores.get("lexical", 0.0) / top

        return sorted(hits, key=score, reverse=True)

    return ranking


def reading(weight: float) -> Ranking:
    """The product's own reranking with another share for what was read."""
    chosen = Settings().retrieval.reading_weight

    def score(hit: Hit) -> float:
        read = (hit.scores["rerank"] - (1 - chosen) * hit.scores["fused"]) / chosen
        return weight * read + (1 - weight) * hit.scores["fused"]

    return lambda hits: sorted(hits, key=score, reverse=True)


ALONE: dict[str, Ranking] = {"words (BM25)": by("lexical"), "meaning": by("dense")}
TRIED: dict[str, Ranking] = {
    "reciprocal ranks, equal": reciprocal_ranks(1.0),
    "reciprocal ranks, 1 : 0.1": reciprocal_ranks(0.1),
    **{f"convex, dense {weight:.2f}": convex(weight) for weight in (0.5, 0.65, 0.75, 0.85)},
    **{f"reranked, reading {weight:.1f}": reading(weight) for weight in (0.3, 0.5, 0.7, 0.9)},
}
