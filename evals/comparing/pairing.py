"""What changed between two runs over the same cases: a paired bootstrap, the same groups drawn for both."""

from collections.abc import Sequence

import numpy as np

from evals.statistics import (
    SEED,
    SHARE,
    STATISTIC_RESAMPLES,
    Bootstrap,
    Floats,
    Range,
    Statistic,
    by_group,
    draws,
    enough,
    group_count,
    resampled,
)


def bootstrap_difference(
    a: Sequence[float | None],
    b: Sequence[float | None],
    groups: Sequence[str],
    *,
    within: Range | None = (-1.0, 1.0),
    seed: int = SEED,
) -> Bootstrap:
    """The mean of b less the mean of a, one value of each for a case, the same groups drawn for both (paired).

    Each mean is over the values that are not None on its side, so that they are the figures that either run reports;
    `n` counts the cases with a value on both sides. The figure is None where a side has no value.
    """
    sides = [[index for index, value in enumerate(values) if value is not None] for values in (a, b)]
    sums = by_group([(a, sides[0]), (b, sides[1])], [groups[index] for own in sides for index in own], groups)
    total_a, count_a, total_b, count_b = sums.sum(axis=0)
    both = len(set(sides[0]) & set(sides[1]))
    if not count_a or not count_b:
        return Bootstrap(None, np.empty(0), both, 0, within)

    def difference(drawn: Floats) -> Floats:
        whole = drawn[(drawn[:, 1] > 0) & (drawn[:, 3] > 0)]
        return np.asarray(whole[:, 2] / whole[:, 3] - whole[:, 0] / whole[:, 1])

    value = float(total_b / count_b - total_a / count_a)
    return Bootstrap(value, resampled(sums, difference, seed), both, len(sums), within)


def bootstrap_statistics(
    a: Statistic, b: Statistic, groups: Sequence[str], *, within: Range | None = SHARE, seed: int = SEED
) -> tuple[Bootstrap, Bootstrap, Bootstrap]:
    """A statistic of each of two runs over the same cases, and the second less the first (paired).

    The same groups are drawn for both, and each statistic is worked out once for a resample.
    """
    whole = [np.arange(len(groups))] if len(groups) else []
    drawn = [*whole, *draws(groups, None, STATISTIC_RESAMPLES, seed)]
    found = [(a(one), b(one)) for one in drawn]
    apart = [None if before is None or after is None else after - before for before, after in found]
    wider = None if within is None else (within[0] - within[1], within[1] - within[0])
    columns = [before for before, _ in found], [after for _, after in found], apart
    n, count = len(groups), group_count(groups)
    first, second, difference = (
        Bootstrap(None, np.empty(0), 0, 0, span)
        if not column or column[0] is None
        else Bootstrap(column[0], enough(column[1:]), n, count, span)
        for column, span in zip(columns, (within, within, wider), strict=True)
    )
    return first, second, difference
