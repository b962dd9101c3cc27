"""The formulas, one function each; most are for one case, and a metric is their mean over the cases that are eligible.

Plain values in, plain values out, and nothing is ever NaN: a case that a formula does not apply to is None, which is
not 0.0 and is not counted.
"""

from evals.metrics.abstention import (
    Kept,
    abstention_accuracy,
    aurc,
    auroc,
    coverage,
    kept_unanswerable,
    risk,
    risk_coverage_curve,
)
from evals.metrics.answers import contains, exact_match, normalise, squad_normalise, token_f1
from evals.metrics.calibration import Bin, brier, ece, reliability_curve
from evals.metrics.citations import (
    Cited,
    Supports,
    citation_faults,
    citation_precision,
    citation_recall,
    cited_sentences,
    quote_validity,
)
from evals.metrics.faithfulness import faithfulness
from evals.metrics.latency import cost, percentile
from evals.metrics.ranking import (
    context_precision,
    context_recall,
    hit_at,
    ndcg_at,
    recall_at,
    reciprocal_rank,
    share_within,
    source_hit_at,
)
from evals.metrics.spans import HELD, Place, span_f1, span_precision, span_recall

__all__ = [
    "HELD",
    "Bin",
    "Cited",
    "Kept",
    "Place",
    "Supports",
    "abstention_accuracy",
    "aurc",
    "auroc",
    "brier",
    "citation_faults",
    "citation_precision",
    "citation_recall",
    "cited_sentences",
    "contains",
    "context_precision",
    "context_recall",
    "cost",
    "coverage",
    "ece",
    "exact_match",
    "faithfulness",
    "hit_at",
    "kept_unanswerable",
    "ndcg_at",
    "normalise",
    "percentile",
    "quote_validity",
    "recall_at",
    "reciprocal_rank",
    "reliability_curve",
    "risk",
    "risk_coverage_curve",
    "share_within",
    "source_hit_at",
    "span_f1",
    "span_precision",
    "span_recall",
    "squad_normalise",
    "token_f1",
]
