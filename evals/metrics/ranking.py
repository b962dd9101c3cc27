"""How well what was found is ranked; None where nothing is known to be right."""

import math
from collections.abc import Collection, Mapping, Sequence

from evals.metrics.spans import Place


def hit_at(k: int, found: Sequence[Place], evidence: Sequence[Place]) -> float | None:
    """1.0 if any of the first `k` places found holds any of the evidence, else 0.0; trec_eval's `success`."""
    return float(any(_verdicts(found[:k], evidence))) if evidence else None


def source_hit_at(k: int, found: Sequence[Place], evidence: Sequence[Place]) -> float | None:
    """1.0 if any of the first `k` places found lies in a document that has evidence, else 0.0."""
    if not evidence:
        return None
    return float(bool({place.source for place in found[:k]} & {gold.source for gold in evidence}))


def recall_at(k: int, found: Sequence[Place], evidence: Sequence[Place]) -> float | None:
    """The share of the evidence that the first `k` places found hold; trec_eval's `recall`."""
    if not evidence:
        return None
    return sum(any(place.holds(gold) for place in found[:k]) for gold in evidence) / len(evidence)


def reciprocal_rank(found: Sequence[Place], evidence: Sequence[Place]) -> float | None:
    """1 ÷ the rank of the first place found that holds any of the evidence, or 0.0 where none does.

    Its mean over cases is the MRR of Voorhees 1999, "The TREC-8 Question Answering Track Report".
    """
    if not evidence:
        return None
    return next((1 / rank for rank, held in enumerate(_verdicts(found, evidence), start=1) if held), 0.0)


def context_precision(found: Sequence[Place], evidence: Sequence[Place]) -> float | None:
    """Σ P@k · v_k ÷ Σ v_k over the places found, where v_k is 1 if place k holds any of the evidence, else 0.

    0.0 where none of them does. Says how high those stand that hold evidence, not how much evidence is missing: see
    `context_recall`. ragas, `_context_precision.py`, with evidence instead of a model's verdicts.
    """
    if not evidence:
        return None
    verdicts = _verdicts(found, evidence)
    precisions = [sum(verdicts[:rank]) / rank for rank, held in enumerate(verdicts, start=1) if held]
    return sum(precisions) / len(precisions) if precisions else 0.0


def context_recall(found: Sequence[Place], evidence: Sequence[Place]) -> float | None:
    """The share of the evidence that the places found hold.

    The claim recall of RAGChecker (Ru et al. 2024, https://arxiv.org/abs/2408.08067) and the context recall of ragas,
    with evidence instead of claims that a model attributes.
    """
    return recall_at(len(found), found, evidence)


def ndcg_at(k: int, ranked: Sequence[str], gold: Mapping[str, float] | Collection[str]) -> float | None:
    """Normalised discounted cumulative gain: Σ gain ÷ log2(1 + rank) over the first `k`, ÷ that of the best order.

    `gold` has the right names, each with a gain of 1, or gives each its grade, which is its gain; None without one
    above 0. The names in `ranked` must differ. Järvelin and Kekäläinen 2002, "Cumulated Gain-Based Evaluation of IR
    Techniques", with the linear gain of trec_eval (`ndcg_cut`).
    """
    graded = gold if isinstance(gold, Mapping) else dict.fromkeys(gold, 1.0)
    gains = {name: grade for name, grade in graded.items() if grade > 0}
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return _discounted([gains.get(name, 0.0) for name in ranked[:k]]) / best if best else None


def share_within(k: int, ranked: Sequence[str], gold: Collection[str]) -> float | None:
    """The share of `gold` among the first `k` names (recall at k)."""
    return len(set(ranked[:k]).intersection(gold)) / len(set(gold)) if gold else None


def _verdicts(found: Sequence[Place], evidence: Sequence[Place]) -> list[bool]:
    return [any(place.holds(gold) for gold in evidence) for place in found]


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(1 + rank) for rank, gain in enumerate(gains, start=1))
