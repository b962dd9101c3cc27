"""What an answer costs: time and tokens."""

import math
from collections.abc import Sequence

PER = 1_000_000
"""Tokens that a price is for."""


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` (0..1] of the values do not exceed (nearest rank); None of none.

    Hyndman and Fan 1996, "Sample Quantiles in Statistical Packages", definition 1.
    """
    if not values:
        return None
    rank = math.ceil(round(len(values) * share, 9))  # 100 · 0.07 is 7.000000000000001
    return sorted(values)[max(0, rank - 1)]


def cost(input_tokens: int, output_tokens: int, price_in: float, price_out: float) -> float:
    """Input tokens · their price + output tokens · theirs, the prices being for a million, in any currency."""
    return (input_tokens * price_in + output_tokens * price_out) / PER
