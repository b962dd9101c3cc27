"""Every figure of a run by its name: what it says, which way is better, and how it comes from the results."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evals import metrics

Floats = NDArray[np.float64]

Unit = Literal["share", "score", "seconds", "tokens"]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a report says about a figure, and how it is reckoned."""

    name: str
    title: str
    meaning: str
    """Of what it is the share or the mean, in a few words."""
    better: Literal["higher", "lower", "neither"] = "higher"
    headline: bool = False
    unit: Unit = "share"
    """`share` 0..1, shown in per cent; `score` 0..1, shown as a decimal; `seconds`; `tokens`."""
    yes_no: bool = False
    """Whether each case scores 0 or 1, so that McNemar's test applies."""
    judged: bool = False
    """Whether a judge's verdicts went into it."""
    row: Callable[[Mapping[str, Any]], tuple[float, ...]] | None = None
    """For a figure that is no mean of the cases' scores: what it needs of each result; NaN where that is not known."""
    statistic: Callable[[Floats], float | None] | None = None
    """And from the rows, (cases, columns), to its value."""

    def score(self, record: Mapping[str, Any]) -> float | None:
        """One case's score; None where it does not apply, or is no mean."""
        found: float | None = record["scores"].get(self.name)
        return found

    def over(self, records: Sequence[Mapping[str, Any]]) -> Callable[[NDArray[np.int64]], float | None] | None:
        """The statistic of the results that are drawn by their indices; None for a mean."""
        statistic, row = self.statistic, self.row
        if statistic is None or row is None:
            return None
        if not records:
            return lambda _: None
        rows = np.array([row(record) for record in records], dtype=np.float64).reshape(len(records), -1)
        known = np.asarray(np.isfinite(rows).all(axis=1))
        return lambda drawn: statistic(rows[drawn[known[drawn]]])


def confidence(record: Mapping[str, Any]) -> tuple[float, float]:
    """How sure an answer was, and whether it was right, 0 or 1; NaN where that is not known.

    An answer that was held back counts by what it would have been (`right` in the results).
    """
    right = record["right"]
    return record["answer"]["confidence"], math.nan if right is None else float(right)


def confidences(records: Sequence[Mapping[str, Any]]) -> tuple[Floats, Floats]:
    """Those of all results where it is known: (n,) confidences and (n,) outcomes, 0 or 1."""
    rows = np.array([confidence(record) for record in records], dtype=np.float64).reshape(-1, 2)
    known = rows[~np.isnan(rows[:, 1])]
    return known[:, 0], known[:, 1]


def seconds(record: Mapping[str, Any]) -> tuple[float]:
    """How long the answer took."""
    return (record["answer"]["seconds"].get("total", record["seconds"]),)


def _quantile(share: float) -> Callable[[Floats], float | None]:
    return lambda rows: metrics.percentile(rows[:, 0].tolist(), share)


METRICS: tuple[Metric, ...] = (
    Metric(
        "answer_found",
        "Answer found",
        "answerable questions whose answer contains an accepted one",
        headline=True,
        yes_no=True,
    ),
    Metric(
        "faithfulness",
        "Faithful",
        "answers: claims that the words found support, of those that can be checked",
        headline=True,
        judged=True,
    ),
    Metric(
        "citations_exact",
        "Citations exact",
        "answers whose every quote is exact and every sentence covered",
        headline=True,
        yes_no=True,
    ),
    Metric(
        "decision_right",
        "Answered or refused rightly",
        "all questions: answered if answerable, else refused",
        headline=True,
        yes_no=True,
    ),
    Metric(
        "hit_5",
        "Evidence in the first 5",
        "answerable questions with evidence among the first 5 passages",
        headline=True,
        yes_no=True,
    ),
    Metric(
        "kept_unanswerable",
        "Unanswerable, yet answered",
        "of the unanswerable questions",
        "lower",
        headline=True,
        yes_no=True,
    ),
    Metric("risk", "Risk", "of the answers given, those to unanswerable questions", "lower", yes_no=True),
    Metric("coverage", "Coverage", "all questions: answered", "neither", yes_no=True),
    Metric(
        "right_when_answered",
        "Right when answered",
        "of the answers given, those that contain an accepted answer",
        yes_no=True,
    ),
    Metric(
        "exact_match",
        "Exact match (SQuAD)",
        "questions whose answer, in its own few words, is an accepted one; a refusal where there is none",
        yes_no=True,
    ),
    Metric("f1", "F1 of words (SQuAD)", "the same, by the words shared with the nearest accepted answer", unit="score"),
    Metric(
        "citation_recall",
        "Citations suffice",
        "answers: sentences that their quotes together support (ALCE)",
        judged=True,
    ),
    Metric("citation_precision", "Citations needed", "answers: citations that are not superfluous (ALCE)", judged=True),
    Metric(
        "quote_validity",
        "Quotes exact",
        "answers: quotes that stand where their citation says, in the version it names",
    ),
    Metric(
        "evidence_cited",
        "Evidence cited",
        "answers to answerable questions: evidence cited, or the share of it where several places are needed",
    ),
    Metric("span_recall", "Evidence's characters cited", "answers: characters of the evidence that are quoted"),
    Metric(
        "span_precision",
        "Quoted characters needed",
        "answers: quoted characters that are evidence; low where the evidence is a phrase and the quote a sentence",
    ),
    Metric("span_f1", "Characters quoted and evidence", "answers: the two above in one (F1)", unit="score"),
    Metric("hit_1", "Evidence in the first passage", "answerable questions", yes_no=True),
    Metric("source_hit_5", "Right document in the first 5", "answerable questions", yes_no=True),
    Metric(
        "mrr", "Mean reciprocal rank", "1 ÷ rank of the first passage with evidence; answerable questions", unit="score"
    ),
    Metric(
        "ndcg_10",
        "nDCG@10 of documents",
        "the right documents, the higher the better, among the passages found",
        unit="score",
    ),
    Metric(
        "context_precision",
        "Context precision",
        "how high the passages with evidence stand among the first 5",
        unit="score",
    ),
    Metric("context_recall", "All evidence in the first 5", "share found, where a question needs several places"),
    Metric(
        "aurc",
        "Area under risk and coverage",
        "wrong answers, over all shares of the surest that are kept",
        "lower",
        unit="score",
        row=confidence,
        statistic=lambda rows: metrics.aurc(rows[:, 0], 1 - rows[:, 1]),
    ),
    Metric(
        "auroc",
        "Confidence tells right from wrong",
        "chance that a right answer is surer than a wrong one (AUROC)",
        unit="score",
        row=confidence,
        statistic=lambda rows: metrics.auroc(rows[:, 0], rows[:, 1]),
    ),
    Metric(
        "brier",
        "Brier score",
        "squared distance of the confidence from what came true",
        "lower",
        unit="score",
        row=confidence,
        statistic=lambda rows: metrics.brier(rows[:, 0], rows[:, 1]),
    ),
    Metric(
        "ece",
        "Calibration error",
        "distance of the confidence from the share that is right, in ten bins (ECE)",
        "lower",
        unit="score",
        row=confidence,
        statistic=lambda rows: metrics.ece(rows[:, 0], rows[:, 1]),
    ),
    Metric(
        "seconds_p50",
        "Time for an answer, median",
        "all questions",
        "lower",
        unit="seconds",
        row=seconds,
        statistic=_quantile(0.5),
    ),
    Metric(
        "seconds_p95",
        "Time for an answer, 95th percentile",
        "all questions",
        "lower",
        unit="seconds",
        row=seconds,
        statistic=_quantile(0.95),
    ),
    Metric("tokens", "Tokens", "for a question, where a chat model answers", "lower", unit="tokens"),
)
NAMED: Mapping[str, Metric] = {metric.name: metric for metric in METRICS}
