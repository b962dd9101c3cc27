"""The formulas by which a judge is judged, one function each; None where the cases do not define one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals import metrics

Flags = NDArray[np.bool_]
Shares = NDArray[np.float64]
BINS = 10
EVEN = 0.5
"""The support from which on a text counts as supported, where the judge's own labels are not asked."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What people said of each text, and what a judge did; three arrays of one length."""

    gold: Flags
    """True where people call it supported (or contradicted, where contradiction is measured)."""
    said: Flags
    """True where the judge's label says so."""
    support: Shares
    """0..1, higher where the judge is surer of it."""

    @classmethod
    def of(cls, gold: Sequence[bool], said: Sequence[bool], support: Sequence[float]) -> "Outcomes":
        """From plain sequences of one length."""
        return cls(np.array(gold, bool), np.array(said, bool), np.array(support, float))

    def at(self, indices: NDArray[np.int64]) -> "Outcomes":
        """Those cases alone, repeated where an index is."""
        return Outcomes(self.gold[indices], self.said[indices], self.support[indices])


def balanced_accuracy(outcomes: Outcomes) -> float | None:
    """The mean of the share of the true that was called true and of the false that was called false.

    Brodersen et al. 2010, "The Balanced Accuracy and Its Posterior Distribution". None where one class is missing.
    """
    return _balanced(outcomes.gold, outcomes.said)


def balanced_accuracy_at_even(outcomes: Outcomes) -> float | None:
    """`balanced_accuracy` of "support is at least one half"."""
    return _balanced(outcomes.gold, outcomes.support >= EVEN)


def auroc(outcomes: Outcomes) -> float | None:
    """The chance that a true case has more support than a false one: `evals.metrics.auroc` of the support."""
    return metrics.auroc(outcomes.support, outcomes.gold)


def f1(outcomes: Outcomes) -> float | None:
    """2·TP ÷ (2·TP + FP + FN), of what people call true (van Rijsbergen 1979). None where they call nothing so."""
    if not outcomes.gold.any():
        return None
    hits = np.count_nonzero(outcomes.gold & outcomes.said)
    return float(2 * hits / (np.count_nonzero(outcomes.gold) + np.count_nonzero(outcomes.said)))


def f1_of_false(outcomes: Outcomes) -> float | None:
    """`f1` of what people call false: of hallucinations, where true means supported."""
    return f1(Outcomes(~outcomes.gold, ~outcomes.said, 1 - outcomes.support))


def precision(outcomes: Outcomes) -> float | None:
    """Of what the judge calls true, the share that is. None where it calls nothing so."""
    said = np.count_nonzero(outcomes.said)
    return float(np.count_nonzero(outcomes.gold & outcomes.said) / said) if said else None


def recall(outcomes: Outcomes) -> float | None:
    """Of what is true, the share that the judge calls so. None where nothing is."""
    gold = np.count_nonzero(outcomes.gold)
    return float(np.count_nonzero(outcomes.gold & outcomes.said) / gold) if gold else None


def specificity(outcomes: Outcomes) -> float | None:
    """Of what is false, the share that the judge calls so. None where nothing is."""
    return recall(Outcomes(~outcomes.gold, ~outcomes.said, 1 - outcomes.support))


def confusion(outcomes: Outcomes) -> dict[str, int]:
    """Cases that are true and called so (`tp`), true alone (`fn`), neither (`tn`), called so alone (`fp`)."""
    pairs = {
        "tp": outcomes.gold & outcomes.said,
        "fn": outcomes.gold & ~outcomes.said,
        "tn": ~outcomes.gold & ~outcomes.said,
        "fp": ~outcomes.gold & outcomes.said,
    }
    return {name: int(np.count_nonzero(cases)) for name, cases in pairs.items()}


def kappa(outcomes: Outcomes) -> float | None:
    """Agreement beyond chance, (p_o − p_e) ÷ (1 − p_e).

    Cohen 1960, "A Coefficient of Agreement for Nominal Scales". None where people use one label alone.
    """
    gold, said = outcomes.gold.mean(), outcomes.said.mean()
    if gold in (0.0, 1.0):
        return None
    observed = float((outcomes.gold == outcomes.said).mean())
    chance = float(gold * said + (1 - gold) * (1 - said))
    return (observed - chance) / (1 - chance)


def brier(outcomes: Outcomes) -> float | None:
    """The mean of (support − truth)²: `evals.metrics.brier` of the support."""
    return metrics.brier(outcomes.support, outcomes.gold)


def calibration_error(outcomes: Outcomes) -> float | None:
    """Σ over bins of their share of cases × |mean support − share that is true|, in `BINS` bins of equal mass.

    Naeini et al. 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", with the equal-mass bins of
    Nguyen and O'Connor 2015. Equal supports share a bin, so that the order of cases does not matter.
    """
    count = len(outcomes.gold)
    if not count:
        return None
    _, place, sizes = np.unique(outcomes.support, return_inverse=True, return_counts=True)
    middle = (np.cumsum(sizes) - (sizes + 1) / 2)[place]
    bins = np.minimum((middle * BINS / count).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=outcomes.support - outcomes.gold, minlength=BINS)
    return float(np.abs(gaps).sum() / count)


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the scorecard."""

    name: str
    title: str
    of: Callable[[Outcomes], float | None]
    best: float = 1.0
    """What a perfect judge gets: 1, or 0 for an error."""
    alone: bool = True
    """False for one half of a pair, such as recall: who says yes to all gets all of it, and F1 tells."""


SUPPORT_METRICS = (
    Metric("balanced_accuracy", "bal. acc.", balanced_accuracy),
    Metric("auroc", "AUROC", auroc),
    Metric("f1", "F1", f1),
    Metric("balanced_accuracy_at_even", "bal. acc. at .5", balanced_accuracy_at_even),
    Metric("kappa", "kappa", kappa),
    Metric("calibration_error", "ECE", calibration_error, best=0.0),
    Metric("brier", "Brier", brier, best=0.0),
    Metric("sensitivity", "sensitivity", recall, alone=False),
    Metric("specificity", "specificity", specificity, alone=False),
)
HALLUCINATION_F1 = Metric("f1", "F1", f1_of_false)
CONTRADICTION_METRICS = (
    Metric("auroc", "AUROC", auroc),
    Metric("f1", "F1", f1),
    Metric("recall", "recall", recall, alone=False),
    Metric("precision", "precision", precision, alone=False),
)
KINDER_METRICS = ("balanced_accuracy", "auroc", "f1")


def _balanced(gold: Flags, said: Flags) -> float | None:
    true, false = np.count_nonzero(gold), np.count_nonzero(~gold)
    if not true or not false:
        return None
    return float((np.count_nonzero(gold & said) / true + np.count_nonzero(~gold & ~said) / false) / 2)
