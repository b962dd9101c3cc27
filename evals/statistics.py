"""Means and other figures with 95% intervals, drawn over groups of related questions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES = 4000
STATISTIC_RESAMPLES = 1000
"""For a statistic that is worked out anew for each resample."""
SEED = 20231223
SHARE = (0.0, 1.0)
"""Where a share lies."""
AT_ONCE = 2_000_000
"""Groups drawn at once: bounds the memory that a bootstrap takes."""

Floats = NDArray[np.float64]
Range = tuple[float, float]
Statistic = Callable[[NDArray[np.int64]], float | None]
"""From the indices of the cases drawn, one that was drawn twice standing there twice; None where they do not define
it."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over the eligible cases, with its interval."""

    value: float | None
    """None where no case was eligible."""
    low: float | None
    high: float | None
    """Both None where fewer than two groups were eligible: one group says nothing about others. Also where nothing
    varies in a figure without a range, such as seconds."""
    n: int
    """Eligible cases."""
    groups: int
    """Groups among them."""

    def __str__(self) -> str:
        if self.value is None:
            return "no case"
        interval = "" if self.low is None or self.high is None else f"  [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.value:.3f}{interval}"


@dataclass(frozen=True, slots=True, eq=False)
class Bootstrap:
    """A figure, and what it came to when whole groups were drawn anew."""

    value: float | None
    again: Floats
    """The figure in each resample that defines it; empty where there are fewer than two groups."""
    n: int
    groups: int
    within: Range | None
    """The range that the figure of a group can have, or None where it has no bounds."""

    @property
    def spread(self) -> float | None:
        """The standard error over groups; 0 where no resample differs, None where there are none."""
        if not len(self.again):
            return None
        return 0.0 if np.ptp(self.again) < 1e-12 else float(self.again.std())

    def interval(self, level: float = LEVEL) -> Range | None:
        """The interval that covers the true figure in a share `level` of samples.

        It is the expanded percentile interval: with G groups, the percentiles Φ(√(G/(G−1))·t) for the quantiles t of
        Student's distribution with G−1 degrees, since plain percentiles are too narrow for few groups (Hesterberg
        2015, "What Teachers Should Know About the Bootstrap", https://doi.org/10.1080/00031305.2015.1089789, section
        5.3). Where every group has the same figure c, resampling shows no width: a kind of group that makes up the
        share q of all stays unseen among G with probability (1−q)^G, so the bounds are c moved towards either end of
        the range by the largest q that this leaves likely enough; for 0 and 1 that is Clopper and Pearson's (1934).
        """
        if self.value is None or not len(self.again):
            return None
        if self.spread:
            low, high = np.quantile(self.again, [tail(level, self.groups), 1 - tail(level, self.groups)])
            return float(low), float(high)
        if self.within is None or not self.within[0] <= self.value <= self.within[1]:
            return None
        seen = ((1 - level) / 2) ** (1 / self.groups)
        lowest, highest = self.within
        return seen * self.value + (1 - seen) * lowest, seen * self.value + (1 - seen) * highest

    def estimate(self, level: float = LEVEL) -> Estimate:
        """The figure with its interval."""
        low, high = self.interval(level) or (None, None)
        return Estimate(self.value, low, high, self.n, self.groups)


def estimate(
    values: Sequence[float | None],
    groups: Sequence[str],
    *,
    within: Range | None = SHARE,
    level: float = LEVEL,
    seed: int = SEED,
) -> Estimate:
    """The mean of the values that are not None, with its interval by a bootstrap over groups (`Bootstrap.interval`).

    Whole groups are drawn with replacement, because questions on one matter stand or fall together (Miller 2024,
    "Adding Error Bars to Evals", https://arxiv.org/abs/2411.00640); a resample's mean is the sum over the count, so
    large groups weigh by their size. `within` is where values can lie; None for those without bounds.
    """
    return bootstrap_mean(values, groups, within=within, seed=seed).estimate(level)


def estimate_statistic(
    statistic: Statistic,
    groups: Sequence[str],
    *,
    strata: Sequence[str] | None = None,
    within: Range | None = SHARE,
    resamples: int = STATISTIC_RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """A statistic that is no mean, with its interval by the same bootstrap over groups.

    Resamples that do not define it are left out, and where half of them are, there is no interval. With `strata`, one
    name a case, groups are drawn within each stratum, so that none goes missing. `within` is where the statistic can
    lie; None for seconds and other figures without bounds.
    """
    return bootstrap_statistic(
        statistic, groups, strata=strata, within=within, resamples=resamples, seed=seed
    ).estimate()


def bootstrap_mean(
    values: Sequence[float | None], groups: Sequence[str], *, within: Range | None = SHARE, seed: int = SEED
) -> Bootstrap:
    """The mean of the values that are not None, and its resamples: what `estimate` rests on."""
    taken = [index for index, value in enumerate(values) if value is not None]
    sums = by_group([(values, taken)], [groups[index] for index in taken], groups)
    total, count = sums.sum(axis=0)
    if not count:
        return Bootstrap(None, np.empty(0), 0, 0, within)
    again = resampled(sums, lambda drawn: drawn[:, 0] / drawn[:, 1], seed)
    return Bootstrap(float(total / count), again, len(taken), len(sums), within)


def bootstrap_statistic(
    statistic: Statistic,
    groups: Sequence[str],
    *,
    strata: Sequence[str] | None = None,
    within: Range | None = SHARE,
    resamples: int = STATISTIC_RESAMPLES,
    seed: int = SEED,
) -> Bootstrap:
    """A statistic and its resamples: what `estimate_statistic` rests on."""
    value = statistic(np.arange(len(groups))) if len(groups) else None
    if value is None:
        return Bootstrap(None, np.empty(0), 0, 0, within)
    again = [statistic(drawn) for drawn in draws(groups, strata, resamples, seed)]
    return Bootstrap(value, enough(again), len(groups), group_count(groups, strata), within)


def draws(
    groups: Sequence[str], strata: Sequence[str] | None, resamples: int, seed: int
) -> Iterator[NDArray[np.int64]]:
    """The cases of groups drawn with replacement, within each stratum; nothing for fewer than two groups."""
    members: dict[tuple[str, str], list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault((strata[index] if strata else "", group), []).append(index)
    by_stratum: dict[str, list[NDArray[np.int64]]] = {}
    for (stratum, _), indices in sorted(members.items()):
        by_stratum.setdefault(stratum, []).append(np.array(indices))
    random = np.random.default_rng(seed)
    for _ in range(resamples if len(members) > 1 else 0):
        drawn = [pool[i] for pool in by_stratum.values() for i in random.integers(len(pool), size=len(pool))]
        yield np.concatenate(drawn)


def group_count(groups: Sequence[str], strata: Sequence[str] | None = None) -> int:
    """How many groups there are; those of one name in two strata are two."""
    return len(set(zip(strata, groups, strict=True) if strata else groups))


def enough(again: Sequence[float | None]) -> Floats:
    """The resamples that define the statistic; none where half of them do not."""
    found = [one for one in again if one is not None]
    return np.array(found if len(found) > len(again) / 2 else [], dtype=np.float64)


@lru_cache(maxsize=256)
def tail(level: float, groups: int) -> float:
    """The share of resamples to leave out at either end (`Bootstrap.interval`)."""
    from scipy.special import stdtrit  # heavy, and only needed for an interval

    quantile = float(stdtrit(groups - 1, (1 - level) / 2))
    return NormalDist().cdf((groups / (groups - 1)) ** 0.5 * quantile)


def by_group(
    sides: Sequence[tuple[Sequence[float | None], Sequence[int]]], eligible: Sequence[str], groups: Sequence[str]
) -> Floats:
    """A row for each eligible group: for each side, the sum of its values and their count."""
    place = {name: row for row, name in enumerate(sorted(set(eligible)))}
    sums = np.zeros((len(place), 2 * len(sides)))
    for side, (values, taken) in enumerate(sides):
        for index in taken:
            sums[place[groups[index]], 2 * side : 2 * side + 2] += values[index] or 0.0, 1
    return sums


def resampled(sums: Floats, figure: Callable[[Floats], Floats], seed: int) -> Floats:
    """`figure` of the columns' sums over the rows drawn, RESAMPLES times; empty for fewer than two rows."""
    if len(sums) < 2:
        return np.empty(0)
    random = np.random.default_rng(seed)
    rows = max(1, min(RESAMPLES, AT_ONCE // len(sums)))
    found = []
    for start in range(0, RESAMPLES, rows):
        drawn = random.integers(len(sums), size=(min(rows, RESAMPLES - start), len(sums)))
        found.append(figure(np.stack([column[drawn].sum(axis=1) for column in sums.T], axis=1)))
    return np.concatenate(found)
