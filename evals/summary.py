"""The results of a run → metrics.json: every figure with its interval, by tag, and what the plots show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals import metrics
from evals.comparing.differences import range_of
from evals.folder import Record
from evals.judge.corrected import corrected_rates
from evals.measures import METRICS, Metric, confidences
from evals.scoring import STAGES
from evals.statistics import LEVEL, RESAMPLES, SEED, Estimate, estimate, estimate_statistic

POINTS = 200
"""Points of a curve that are kept, at most."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a chat model costs, per million tokens, in any currency."""

    input: float
    output: float


def summarise(records: Sequence[Record], judge: str, prices: Prices | None = None, seed: int = SEED) -> dict[str, Any]:
    """What metrics.json holds; errors stand apart and count in no figure. `judge` names the one that judged."""
    scored = [record for record in records if record["error"] is None]
    tags = sorted({tag for record in records for tag in record["tags"]})
    return {
        "cases": len(records),
        "scored": len(scored),
        "errors": {record["id"]: record["error"] for record in records if record["error"] is not None},
        "metrics": {metric.name: asdict(measure(metric, scored, seed)) for metric in METRICS},
        "by_tag": {tag: _tagged(records, tag, seed) for tag in tags},
        "seconds": _seconds(scored),
        "fell": _fell(scored),
        "curves": _curves(scored),
        "usage": _usage(scored, prices),
        "corrected": corrected_rates(scored, judge, seed=seed),
        "interval": {"level": LEVEL, "over": "group_id", "resamples": RESAMPLES, "seed": seed},
    }


def measure(metric: Metric, scored: Sequence[Record], seed: int = SEED) -> Estimate:
    """One figure over results without an error, with its 95% interval over groups."""
    groups = [record["group_id"] for record in scored]
    within, statistic = range_of(metric), metric.over(scored)
    if statistic is None:
        return estimate([metric.score(record) for record in scored], groups, within=within, seed=seed)
    return estimate_statistic(statistic, groups, within=within, seed=seed)


def _tagged(records: Sequence[Record], tag: str, seed: int) -> dict[str, Any]:
    chosen = [record for record in records if tag in record["tags"]]
    scored = [record for record in chosen if record["error"] is None]
    means = [metric for metric in METRICS if metric.statistic is None]
    return {
        "cases": len(chosen),
        "errors": len(chosen) - len(scored),
        "metrics": {metric.name: asdict(measure(metric, scored, seed)) for metric in means},
    }


def _seconds(scored: Sequence[Record]) -> dict[str, dict[str, Any]]:
    stages: dict[str, list[float]] = {}
    for record in scored:
        for stage, seconds in record["answer"]["seconds"].items():
            stages.setdefault(stage, []).append(seconds)
    return {
        stage: {"p50": metrics.percentile(values, 0.5), "p95": metrics.percentile(values, 0.95), "n": len(values)}
        for stage, values in stages.items()
    }


def _fell(scored: Sequence[Record]) -> dict[str, int]:
    counted = Counter(record["fell"] or "right" for record in scored)
    return {stage: counted[stage] for stage in (*STAGES, "right")}


def _curves(scored: Sequence[Record]) -> dict[str, list[list[float]]]:
    sure, right = confidences(scored)
    curve = metrics.risk_coverage_curve(sure, 1 - right)
    points = [list(point) for point in curve]
    kept = points[:: max(1, -(-len(points) // POINTS))]
    if kept and kept[-1] != points[-1]:
        kept.append(points[-1])
    return {"risk_coverage": kept, "reliability": [list(one) for one in metrics.reliability_curve(sure, right)]}


def _usage(scored: Sequence[Record], prices: Prices | None) -> dict[str, Any] | None:
    used: Sequence[Mapping[str, int]] = [one["answer"]["usage"] for one in scored if one["answer"]["usage"]]
    if not used:
        return None
    read, written = (sum(one.get(name, 0) for one in used) for name in ("input_tokens", "output_tokens"))
    cost = metrics.cost(read, written, prices.input, prices.output) if prices else None
    return {"input_tokens": read, "output_tokens": written, "cost": cost}
