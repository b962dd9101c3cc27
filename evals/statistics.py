"""Means with 95% intervals, drawn over groups of related questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
RESAMPLES = 4000
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
