"""Abstention, and what a confidence is worth, by hand."""

import pytest

from evals import metrics
from evals.metrics import Bin, Kept


def test_abstention_by_hand() -> None:
    # answered: 3 answerable, 1 unanswerable; abstained: 1 answerable, 3 unanswerable
    decisions = [(True, True)] * 3 + [(True, False)] + [(False, True)] + [(False, False)] * 3

    def mean(values: list[float | None]) -> float:
        taken = [value for value in values if value is not None]
        return sum(taken) / len(taken)

    assert mean([metrics.coverage(kept) for kept, _ in decisions]) == 4 / 8
    assert mean([metrics.risk(*decision) for decision in decisions]) == 1 / 4
    assert mean([metrics.kept_unanswerable(*decision) for decision in decisions]) == 1 / 4
    assert mean([metrics.abstention_accuracy(*decision) for decision in decisions]) == 6 / 8


def test_risk_and_coverage_by_hand() -> None:
    sure, lost = [0.9, 0.5, 0.7, 0.5], [0, 1, 1, 0]
    assert metrics.risk_coverage_curve(sure, lost) == [Kept(1 / 4, 0.0), Kept(2 / 4, 1 / 2), Kept(1.0, 2 / 4)]
    assert metrics.aurc(sure, lost) == pytest.approx((0 + 1 / 2 + 2 / 4 + 2 / 4) / 4)
    assert metrics.aurc([0.9, 0.7, 0.5], [0, 0, 1]) == pytest.approx((0 + 0 + 1 / 3) / 3)  # the best order
    assert metrics.aurc([0.5, 0.7, 0.9], [0, 0, 1]) == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)  # the worst
    assert metrics.aurc([0.5] * 4, [0, 0, 0, 1]) == 1 / 4  # nothing told apart: the risk of all


def test_auroc_by_hand() -> None:
    assert metrics.auroc([0.9, 0.4, 0.8, 0.4], [True, True, False, False]) == 2.5 / 4  # two pairs and a tie
    assert metrics.auroc([0.3] * 3, [True, False, False]) == 0.5


def test_calibration_by_hand() -> None:
    sure, right = [0.95, 0.91, 0.3, 0.25, 0.0], [True, False, False, True, False]
    assert metrics.brier(sure, right) == pytest.approx((0.05**2 + 0.91**2 + 0.3**2 + 0.75**2 + 0) / 5)
    curve = metrics.reliability_curve(sure, right)
    assert curve == [Bin(0.0, 0.0, 1), Bin(pytest.approx(0.275), 0.5, 2), Bin(pytest.approx(0.93), 0.5, 2)]
    assert metrics.ece(sure, right) == pytest.approx((2 * 0.225 + 2 * 0.43) / 5)
    assert metrics.ece(sure, right, bins=1) == pytest.approx(abs(2 / 5 - sum(sure) / 5))
    assert metrics.reliability_curve([0.2, 0.3, 0.7, 1.0], [True] * 4)[0] == Bin(0.2, 1.0, 1)  # 0.2 ends its bin
    assert [one.n for one in metrics.reliability_curve([m / 10 for m in range(1, 11)], [True] * 10)] == [1] * 10


def test_confidences_without_their_outcomes_are_refused() -> None:
    for formula in (metrics.auroc, metrics.aurc, metrics.brier, metrics.ece):
        with pytest.raises(ValueError, match="one length"):
            formula([0.1, 0.2, 0.3], [True])
