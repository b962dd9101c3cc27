"""Means with 95% intervals, drawn over groups of related questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES = 4000
STATISTIC_RESAMPLES = 1000
"""For a statistic that is worked out anew for each resample."""
SEED = 20231223


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over the eligible cases, with its interval."""

    value: float | None
    """None where no case was eligible."""
    low: float | None
    high: float | None
    """Both None where fewer than two groups were eligible: one group says nothing about others."""
    n: int
    """Eligible cases."""
    groups: int
    """Groups among them."""

    def __str__(self) -> str:
        if self.value is None:
            return "no case"
        interval = "" if self.low is None or self.high is None else f"  [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.value:.3f}{interval}"


def estimate(values: Sequence[float | None], groups: Sequence[str], *, seed: int = SEED) -> Estimate:
    """The mean of the values that are not None, with its interval by a bootstrap over groups.

    Whole groups are drawn with replacement, because questions on one matter stand or fall together (Miller 2024,
    "Adding Error Bars to Evals", https://arxiv.org/abs/2411.00640); a resample's mean is the sum over the count, so
    large groups weigh by their size. Where every group has the same extreme mean (all 0 or all 1) a bootstrap shows
    no width at all, and the exact Clopper-Pearson bound with groups as trials stands instead.
    """
    taken = [(value, group) for value, group in zip(values, groups, strict=True) if value is not None]
    if not taken:
        return Estimate(None, None, None, 0, 0)
    names = sorted({group for _, group in taken})
    place = {name: index for index, name in enumerate(names)}
    sums, counts = np.zeros(len(names)), np.zeros(len(names))
    for value, group in taken:
        sums[place[group]] += value
        counts[place[group]] += 1
    mean = float(sums.sum() / counts.sum())
    if len(names) < 2:
        return Estimate(mean, None, None, len(taken), len(names))
    low, high = _exact(mean, len(names)) or _bootstrap(sums, counts, seed)
    return Estimate(mean, low, high, len(taken), len(names))


def estimate_statistic(
    statistic: Callable[[NDArray[np.int64]], float | None],
    groups: Sequence[str],
    *,
    strata: Sequence[str] | None = None,
    resamples: int = STATISTIC_RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """A statistic that is no mean, with its interval by the same bootstrap over groups (percentiles).

    `statistic` gets the indices of the cases drawn, one that was drawn twice standing there twice, and gives None
    where those do not define it; such resamples are left out, and where half of them are, there is no interval.
    With `strata`, one name a case, groups are drawn within each stratum, so that none goes missing.
    """
    everything = np.arange(len(groups))
    value = statistic(everything) if len(groups) else None
    if value is None:
        return Estimate(None, None, None, 0, 0)
    members: dict[tuple[str, str], list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault((strata[index] if strata else "", group), []).append(index)
    by_stratum: dict[str, list[NDArray[np.int64]]] = {}
    for (stratum, _), indices in sorted(members.items()):
        by_stratum.setdefault(stratum, []).append(np.array(indices))
    if len(members) < 2:
        return Estimate(value, None, None, len(groups), len(members))
    random = np.random.default_rng(seed)
    found = []
    for _ in range(resamples):
        drawn = [pool[i] for pool in by_stratum.values() for i in random.integers(len(pool), size=len(pool))]
        again = statistic(np.concatenate(drawn))
        if again is not None:
            found.append(again)
    if len(found) <= resamples / 2:
        return Estimate(value, None, None, len(groups), len(members))
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(low), float(high), len(groups), len(members))


def _exact(mean: float, groups: int) -> tuple[float, float] | None:
    """Clopper and Pearson (1934) for 0 or `groups` successes: the bound p where p^groups is half of 1 − LEVEL."""
    reach = ((1 - LEVEL) / 2) ** (1 / groups)
    return {0.0: (0.0, 1 - reach), 1.0: (reach, 1.0)}.get(mean)


def _bootstrap(
    sums: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    counts: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    seed: int,
) -> tuple[float, float]:
    drawn = np.random.default_rng(seed).integers(len(sums), size=(RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
