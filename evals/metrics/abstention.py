"""Whether what can be answered is, and what cannot be is not; and whether confidence tells the two apart."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from evals.metrics.confidences import Floats, beside


class Kept(NamedTuple):
    """A point of a risk–coverage curve: the share of cases kept, and their mean loss."""

    coverage: float
    risk: float


def coverage(kept: bool) -> float:
    """1.0 for a question that was answered. Its mean is the coverage: answered ÷ all."""
    return float(kept)


def risk(kept: bool, answerable: bool) -> float | None:
    """1.0 for an answer to what cannot be answered; None where nothing was answered.

    Its mean is the risk of selective prediction (El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective
    Classification"): answered although unanswerable ÷ answered.
    """
    return float(not answerable) if kept else None


def kept_unanswerable(kept: bool, answerable: bool) -> float | None:
    """1.0 for an unanswerable question that was answered; None for an answerable one.

    Its mean is answered although unanswerable ÷ unanswerable.
    """
    return None if answerable else float(kept)


def abstention_accuracy(kept: bool, answerable: bool) -> float:
    """1.0 for answering what can be answered and for abstaining from what cannot; its mean is the accuracy."""
    return float(kept == answerable)


def risk_coverage_curve(confidences: ArrayLike, losses: ArrayLike) -> list[Kept]:
    """A point for each confidence, highest first: what is kept if that much is asked for, and its mean loss.

    Both of n values; a loss is 0 (right) to 1 (wrong). Cases of equal confidence are kept together, so that their
    order does not matter. Empty without cases. Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural
    Networks", https://arxiv.org/abs/1705.08500.
    """
    _, kept, lost = _kept(confidences, losses)
    return [Kept(float(share), float(loss)) for share, loss in zip(kept / kept[-1:], lost / kept, strict=True)]


def aurc(confidences: ArrayLike, losses: ArrayLike) -> float | None:
    """The area under the risk–coverage curve: 1/n · Σ over cases of the mean loss of all that are at least as sure.

    The sum of Geifman, Uziel and El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers",
    https://arxiv.org/abs/1805.08206: each case is one threshold and a step of 1/n, not a trapezoid. Values as for
    `risk_coverage_curve`; None without cases.
    """
    sizes, kept, lost = _kept(confidences, losses)
    return float((sizes * lost / kept).sum() / sizes.sum()) if sizes.size else None


def auroc(confidences: ArrayLike, right: ArrayLike) -> float | None:
    """The chance that a right case has more confidence than a wrong one, ties counting half.

    By ranks: Hanley and McNeil 1982, "The Meaning and Use of the Area under a ROC Curve". Both of n values, `right`
    true or false; None where one of the two is missing.
    """
    sure, came = beside(confidences, right)
    positives = np.count_nonzero(came)
    negatives = came.size - positives
    if not positives or not negatives:
        return None
    _, place, sizes = np.unique(sure, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[place]  # the mean rank of those that tie
    above = ranks[came != 0].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def _kept(confidences: ArrayLike, losses: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """For each confidence, highest first: its cases, and those at least as sure and their losses together."""
    sure, lost = beside(confidences, losses)
    _, place, sizes = np.unique(-sure, return_inverse=True, return_counts=True)
    kept = np.cumsum(sizes, dtype=np.float64)
    return sizes.astype(np.float64), kept, np.cumsum(np.bincount(place, weights=lost, minlength=sizes.size))
