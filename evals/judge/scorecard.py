"""The scorecard: how well the judge agrees with people, set by set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.judge.judging import (
    TRUTH,
    Ruling,
    contradiction_outcomes,
    known_judges,
    support_outcomes,
)
from evals.judge.metrics import (
    CONTRADICTION_METRICS,
    HALLUCINATION_F1,
    KINDER_METRICS,
    SUPPORT_METRICS,
    Metric,
    Outcomes,
    balanced_accuracy,
    confusion,
    f1_of_false,
)
from evals.judge.sets import NEUTRAL, SUPPORTS, Judged, JudgedSet
from evals.statistics import SEED, Estimate, estimate_statistic

APART = 0.02
"""How much worse than the labels themselves a judge that knows nothing must come out."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a set's labels, and the figures it gives."""

    name: str
    figures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class SetScore:
    """How the judge did on one set."""

    name: str
    n: int
    groups: int
    supported: float
    """The share that people call supported."""
    unchecked: int
    unscored: int
    seconds: float
    """For all of it."""
    readings: tuple[Reading, ...]
    """`support`; `kinder`, where some labels count as supported too; `contradiction`, where there are three labels."""
    blind: tuple[str, ...]
    """Why a metric cannot tell a good judge from a bad one here; empty where all can."""
    counts: Mapping[str, int]
    """Texts by what people and the judge call them: `tp` both supported, `fn` people alone, `tn` neither, `fp` the
    judge alone."""

    def reading(self, name: str) -> Reading | None:
        """The one of that name, if the set has it."""
        return next((reading for reading in self.readings if reading.name == name), None)


def metrics_of(chosen: JudgedSet, reading: str) -> tuple[Metric, ...]:
    """What is measured in a reading of a set."""
    if reading == "contradiction":
        return CONTRADICTION_METRICS
    own = [metric for metric in SUPPORT_METRICS if reading == "support" or metric.name in KINDER_METRICS]
    hallucinated = chosen.finds == "hallucinated"
    return tuple(HALLUCINATION_F1 if hallucinated and metric.name == "f1" else metric for metric in own)


def score_set(
    chosen: JudgedSet, items: Sequence[Judged], given: Sequence[Ruling], metrics: Sequence[Metric] | None = None
) -> SetScore:
    """Every figure of a set with its interval over groups, and whether its metrics can fail.

    `metrics` are those of each reading, if not the usual ones.
    """
    groups = [item.group for item in items]
    readings, blind = [], []
    for name in _readings(chosen):
        used = tuple(metrics or metrics_of(chosen, name))
        outcomes = _outcomes(chosen, name, items, given)
        readings.append(Reading(name, {metric.name: _estimate(metric, outcomes, groups) for metric in used}))
        blind += blind_metrics(chosen, name, items, used)
    return SetScore(
        chosen.name,
        len(items),
        len(set(groups)),
        sum(item.supported for item in items) / len(items),
        sum(one.label == "unchecked" for one in given),
        sum(not one.scored for one in given),
        sum(one.seconds for one in given),
        tuple(readings),
        tuple(blind),
        confusion(support_outcomes(items, given)),
    )


def blind_metrics(chosen: JudgedSet, reading: str, items: Sequence[Judged], metrics: Sequence[Metric]) -> list[str]:
    """A line for each metric that cannot tell the labels themselves from a judge that knows nothing.

    Every metric is worked out for the labels themselves, which must get the best there is, and for judges that say
    one thing to all or guess, which must come out worse by `APART`. Halves of a pair are told by the other half.
    """
    lines = []
    judges = known_judges([_gold(chosen, reading, item) for item in items], SEED)
    for metric in filter(lambda metric: metric.alone, metrics):
        got = {name: metric.of(_outcomes(chosen, reading, items, given)) for name, given in judges.items()}
        truth = got.pop(TRUTH)
        where = f"{chosen.name}: {metric.title} ({reading}) cannot fail"
        if truth is None:
            lines.append(f"{where}: the {len(items)} texts do not have both classes; take more with --limit 0")
        elif abs(truth - metric.best) > 1e-9:
            lines.append(f"{where}: the labels themselves get {truth:.3f} and not {metric.best:.0f}")
        else:
            lines += [
                f"{where}: {name} gets {value:.3f}, and the labels themselves {truth:.3f}"
                for name, value in got.items()
                if value is not None and abs(value - metric.best) < APART
            ]
    return lines


def pooled(name: str, parts: Mapping[str, tuple[Sequence[Judged], Sequence[Ruling]]]) -> Estimate | None:
    """One figure for sets that are published as one: `POOLED` says which. None where not all of its sets were read."""
    if not parts or not all(parts.get(part) for part in POOLED[name]):
        return None
    items = [item for part in POOLED[name] for item in parts[part][0]]
    given = [one for part in POOLED[name] for one in parts[part][1]]
    strata = [part for part in POOLED[name] for _ in parts[part][0]]
    outcomes = support_outcomes(items, given)
    if name == "ragtruth":
        return estimate_statistic(
            lambda drawn: f1_of_false(outcomes.at(drawn)), [item.group for item in items], strata=strata
        )

    def mean_of_parts(drawn: NDArray[np.int64]) -> float | None:
        values = [
            balanced_accuracy(outcomes.at(drawn[[strata[index] == part for index in drawn]])) for part in POOLED[name]
        ]
        return None if None in values else sum(value or 0.0 for value in values) / len(values)

    return estimate_statistic(mean_of_parts, [item.group for item in items], strata=strata)


POOLED = {
    "ragtruth": ("ragtruth-qa", "ragtruth-summary", "ragtruth-data2txt"),
    "summedits": ("summedits-news", "summedits-qmsumm", "summedits-samsum", "summedits-scitldr"),
}
"""Sets that are published as one: F1 over all responses, and the mean of the parts' balanced accuracies."""


def _readings(chosen: JudgedSet) -> list[str]:
    return [
        "support",
        *(["kinder"] if chosen.also_supported else []),
        *(["contradiction"] if chosen.three_way else []),
    ]


def _outcomes(chosen: JudgedSet, reading: str, items: Sequence[Judged], given: Sequence[Ruling]) -> Outcomes:
    if reading == "contradiction":
        return contradiction_outcomes(items, given)
    return support_outcomes(items, given, chosen.also_supported if reading == "kinder" else frozenset())


def _gold(chosen: JudgedSet, reading: str, item: Judged) -> str:
    if chosen.three_way:
        return item.label
    kind = reading == "kinder" and item.label in chosen.also_supported
    return SUPPORTS if item.supported or kind else NEUTRAL


def _estimate(metric: Metric, outcomes: Outcomes, groups: Sequence[str]) -> Estimate:
    return estimate_statistic(lambda drawn: metric.of(outcomes.at(drawn)), groups)
