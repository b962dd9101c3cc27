"""Whether a confidence is the share that comes true."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from evals.metrics.confidences import beside

BINS = 10


class Bin(NamedTuple):
    """Cases of nearly one confidence: their mean confidence, the share of them that is right, and how many."""

    confidence: float
    right: float
    n: int


def brier(confidences: ArrayLike, right: ArrayLike) -> float | None:
    """The mean of (confidence − right)², `right` being 1 or 0; None without cases.

    Brier 1950, "Verification of Forecasts Expressed in Terms of Probability", in its form for two outcomes.
    """
    sure, came = beside(confidences, right)
    return float(((sure - came) ** 2).mean()) if sure.size else None


def reliability_curve(confidences: ArrayLike, right: ArrayLike, bins: int = BINS) -> list[Bin]:
    """The cases in `bins` bins of equal width, lowest first; a bin without cases is left out.

    Bin m is ((m − 1) ÷ bins, m ÷ bins], and the first has 0 as well. Confidences are 0..1. Guo et al. 2017, "On
    Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599.
    """
    sure, came = beside(confidences, right)
    place = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], sure)
    sizes, sums, hits = (np.bincount(place, weights=weights, minlength=bins) for weights in (None, sure, came))
    return [Bin(float(sums[m] / sizes[m]), float(hits[m] / sizes[m]), int(sizes[m])) for m in range(bins) if sizes[m]]


def ece(confidences: ArrayLike, right: ArrayLike, bins: int = BINS) -> float | None:
    """The expected calibration error: Σ over bins of n ÷ N · |share right − mean confidence|; None without cases.

    Naeini et al. 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", in the bins of
    `reliability_curve`.
    """
    curve = reliability_curve(confidences, right, bins)
    total = sum(one.n for one in curve)
    return sum(one.n * abs(one.right - one.confidence) for one in curve) / total if total else None
