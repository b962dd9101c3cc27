"""One metric in two runs: both values, what changed between them, and how sure that is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.comparing.pairing import bootstrap_difference, bootstrap_statistics
from evals.folder import Record
from evals.measures import Metric
from evals.statistics import (
    LEVEL,
    SHARE,
    Bootstrap,
    Estimate,
    Range,
    bootstrap_mean,
    bootstrap_statistic,
)

McNEMAR = "McNemar's exact test"
SIGN_FLIP = "sign-flip test over groups"
ONE_SIDED = 2 * LEVEL - 1
"""The two-sided level whose ends are the one-sided 95% bounds."""


@dataclass(frozen=True, slots=True)
class Change:
    """One metric in the baseline A and the candidate B, over the cases compared."""

    metric: Metric
    a: Estimate
    """Over the cases of A that the metric applies to (`n` of them)."""
    b: Estimate
    difference: Estimate
    """B − A in the metric's unit, with its 95% interval; `n` counts the cases that have the metric in both runs, and
    for unpaired runs those of the smaller one. `value` is None where either run has no such case, or where the two
    cannot be compared (`note`)."""
    least: float | None
    """The lower one-sided 95% bound of the gain: of B − A, or of A − B where lower is better. None without bounds."""
    most: float | None
    """The upper one."""
    spread: float | None
    """The standard error of the difference. None where it is not known, 0 where no group differs from another."""
    lost: int | None = None
    """For a yes/no metric of paired runs: cases that were good in A and are bad in B (where lower is better, 0 is
    good). None for other metrics, those that have no better side, and unpaired runs."""
    won: int | None = None
    """The other way round."""
    p: float | None = None
    """Two-sided p of `test`: how likely losses and gains this uneven were if neither run was better. None also where
    the metric applies to some case in one run only: of those a test on losses and gains knows nothing."""
    test: str | None = None
    """`McNEMAR` where every group has one case, else `SIGN_FLIP`."""
    paired: bool = True
    """Whether both values are of the same cases."""
    note: str | None = None
    """What a reader must know about it, such as that two judges differ; a sentence."""

    @property
    def gain(self) -> float | None:
        """The difference turned so that above 0 is better; None for a metric that has no better side."""
        if self.difference.value is None or self.metric.better == "neither":
            return None
        return self.difference.value if self.metric.better == "higher" else -self.difference.value


def paired_change(metric: Metric, a: Sequence[Record], b: Sequence[Record]) -> Change:
    """The change over the same cases in both runs: a[i] and b[i] are one case, neither with an error.

    The interval is that of a paired bootstrap: the same groups are drawn for both runs.
    """
    groups = [record["group_id"] for record in a]
    before, after = metric.over(a), metric.over(b)
    if before is not None and after is not None:
        return _change(metric, *bootstrap_statistics(before, after, groups, within=range_of(metric)))
    scores = [metric.score(record) for record in a], [metric.score(record) for record in b]
    found = bootstrap_difference(*scores, groups, within=range_of(metric, difference=True))
    return _change(metric, _figure(metric, a), _figure(metric, b), found, _flips(metric, *scores, groups))


def unpaired_change(metric: Metric, a: Sequence[Record], b: Sequence[Record]) -> Change:
    """The change between two samples of cases: each run has a bootstrap of its own, and their intervals are put
    together by `far_apart`."""
    before, after = _figure(metric, a), _figure(metric, b)
    n, groups = min(before.n, after.n), min(before.groups, after.groups)
    if before.value is None or after.value is None:
        nothing = Estimate(None, None, None, n, groups)
        return Change(metric, before.estimate(), after.estimate(), nothing, None, None, None, paired=False)
    value = after.value - before.value
    two_sided, one_sided = (
        far_apart(value, before.value, before.interval(level), after.value, after.interval(level))
        for level in (LEVEL, ONE_SIDED)
    )
    spreads = before.spread, after.spread
    spread = None if None in spreads else sum((one or 0.0) ** 2 for one in spreads) ** 0.5
    low, high = two_sided or (None, None)
    least, most = _turned(metric, one_sided)
    difference = Estimate(value, low, high, n, groups)
    return Change(metric, before.estimate(), after.estimate(), difference, least, most, spread, paired=False)


def incomparable(metric: Metric, a: Sequence[Record], b: Sequence[Record], note: str) -> Change:
    """Both values and no difference, because `note`."""
    own = _figure(metric, a).estimate(), _figure(metric, b).estimate()
    return Change(metric, *own, Estimate(None, None, None, 0, 0), None, None, None, note=note)


def far_apart(value: float, a: float, of_a: Range | None, b: float, of_b: Range | None) -> Range | None:
    """The interval of `value` = b − a from those of a and b, drawn independently of each other.

    Each bound lies as far off as the hypotenuse of the two distances that lead to it (Newcombe 1998, "Interval
    estimation for the difference between independent proportions", method 10; Zou & Donner 2008 for other figures).
    """
    if of_a is None or of_b is None:
        return None
    return value - float(np.hypot(b - of_b[0], of_a[1] - a)), value + float(np.hypot(of_b[1] - b, a - of_a[0]))


def sign_flip(sums: Iterable[int]) -> float:
    """Two-sided exact p that sums of ±1 over groups lie this far from 0 where each group's sign was a coin's toss.

    If neither run is better, exchanging the two in a whole group is as likely as not, however alike the cases of a
    group are (Canay, Romano & Shaikh 2017, "Randomization tests under an approximate symmetry assumption",
    https://doi.org/10.3982/ECTA13081). All 2^G ways are counted by adding one group at a time. Where no group has
    more than one case this is McNemar's exact test.
    """
    kept = [one for one in sums if one]
    sizes = [abs(one) for one in kept]
    chances = np.ones(1)
    for size in sizes:
        wider = np.zeros(len(chances) + 2 * size)
        wider[: len(chances)] += chances / 2
        wider[2 * size :] += chances / 2
        chances = wider
    reach = sum(sizes)
    far = np.abs(np.arange(-reach, reach + 1)) >= abs(sum(kept))
    return min(1.0, float(chances[far].sum()))


def _figure(metric: Metric, records: Sequence[Record]) -> Bootstrap:
    groups = [record["group_id"] for record in records]
    statistic = metric.over(records)
    if statistic is None:
        return bootstrap_mean([metric.score(record) for record in records], groups, within=range_of(metric))
    return bootstrap_statistic(statistic, groups, within=range_of(metric))


def range_of(metric: Metric, *, difference: bool = False) -> Range | None:
    """Where the metric can lie, or a difference of it; None for seconds and tokens."""
    if metric.unit not in ("share", "score"):
        return None
    return (-1.0, 1.0) if difference else SHARE


def _change(
    metric: Metric,
    a: Bootstrap,
    b: Bootstrap,
    found: Bootstrap,
    flips: tuple[int, int, float | None, str | None] | None = None,
) -> Change:
    least, most = _turned(metric, found.interval(ONE_SIDED))
    lost, won, p, test = flips or (None, None, None, None)
    return Change(metric, a.estimate(), b.estimate(), found.estimate(), least, most, found.spread, lost, won, p, test)


def _turned(metric: Metric, bounds: Range | None) -> Range | tuple[None, None]:
    """The bounds of the gain from those of the difference."""
    if bounds is None or metric.better == "neither":
        return None, None
    return bounds if metric.better == "higher" else (-bounds[1], -bounds[0])


def _flips(
    metric: Metric, a: Sequence[float | None], b: Sequence[float | None], groups: Sequence[str]
) -> tuple[int, int, float | None, str | None] | None:
    """Cases lost and won, p, and the test it comes from; None where no case has the metric in both runs."""
    if metric.better == "neither" or not metric.yes_no:
        return None
    turn = -1 if metric.better == "lower" else 1
    pairs = [
        (group, turn * round(after - before))
        for before, after, group in zip(a, b, groups, strict=True)
        if before is not None and after is not None
    ]
    if not pairs:
        return None
    lost, won = sum(one < 0 for _, one in pairs), sum(one > 0 for _, one in pairs)
    if any((before is None) != (after is None) for before, after in zip(a, b, strict=True)):
        return lost, won, None, None
    if max(Counter(group for group, _ in pairs).values()) == 1:
        return lost, won, mcnemar(lost, won), McNEMAR
    sums: Counter[str] = Counter()
    for group, one in pairs:
        sums[group] += one
    return lost, won, sign_flip(sums.values()), SIGN_FLIP


def mcnemar(lost: int, won: int) -> float:
    """McNemar's exact two-sided p: that of `lost` heads in `lost` + `won` tosses of a fair coin (1 without any)."""
    from scipy.stats import binomtest  # heavy, and only needed for a comparison

    return float(binomtest(lost, lost + won).pvalue) if lost + won else 1.0
