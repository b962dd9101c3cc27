import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from evals.judge import metrics
from evals.judge.judging import known_judges, ruling
from evals.judge.metrics import Metric, Outcomes
from evals.judge.scorecard import blind_metrics, pooled, score_set
from evals.judge.sets import SETS, Judged
from evals.statistics import estimate_statistic
from rag.types import Verdict

# Four texts: two that people call supported, of which the judge sees one; two that they do not, of which it passes one.
MIXED = Outcomes.of([True, True, False, False], [True, False, True, False], [0.9, 0.4, 0.8, 0.2])
# One true in four, and everything called true.
LAX = Outcomes.of([True, False, False, False], [True] * 4, [0.9] * 4)
CASES = st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0, 1)), min_size=1, max_size=40)


def test_balanced_accuracy_is_the_mean_of_two_recalls() -> None:
    assert metrics.balanced_accuracy(MIXED) == 0.5  # (1/2 + 1/2) / 2
    assert metrics.balanced_accuracy(LAX) == 0.5  # (1/1 + 0/3) / 2
    assert metrics.balanced_accuracy_at_even(MIXED) == 0.5  # .9 and .8 count as supported


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert metrics.auroc(MIXED) == 0.75  # .9 > .8, .9 > .2, .4 > .2, but .4 < .8
    assert metrics.auroc(LAX) == 0.5


def test_f1_and_its_halves() -> None:
    assert metrics.f1(LAX) == pytest.approx(2 * 1 / (1 + 4))
    assert metrics.precision(LAX) == 0.25
    assert metrics.recall(LAX) == 1.0
    assert metrics.f1_of_false(LAX) == 0.0


def test_flagging_every_response_gives_twice_the_share_over_one_more() -> None:
    flagged = Outcomes.of([False] * 143 + [True] * 300, [False] * 443, [0.0] * 443)
    share = 143 / 443
    assert metrics.f1_of_false(flagged) == pytest.approx(2 * share / (1 + share))  # 0.488


def test_kappa_takes_chance_away() -> None:
    agreed = Outcomes.of([True, True, False, False], [True, True, False, True], [1, 1, 0, 1])
    assert metrics.kappa(agreed) == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))
    assert metrics.kappa(LAX) == 0.0


def test_brier_is_the_mean_square_of_what_is_missing() -> None:
    assert metrics.brier(MIXED) == pytest.approx((0.1**2 + 0.6**2 + 0.8**2 + 0.2**2) / 4)


def test_calibration_error_by_hand() -> None:
    # Ten bins of one case each: |.9 − 1|, |.4 − 1|, |.8 − 0|, |.2 − 0|
    assert metrics.calibration_error(MIXED) == pytest.approx((0.1 + 0.6 + 0.8 + 0.2) / 4)
    # Equal supports are one bin: |.9 − 1/4|
    assert metrics.calibration_error(LAX) == pytest.approx(0.65)


def test_one_class_alone_defines_no_agreement() -> None:
    alone = Outcomes.of([True, True], [True, False], [1, 0])
    assert [metrics.balanced_accuracy(alone), metrics.auroc(alone), metrics.kappa(alone)] == [None] * 3
    assert metrics.f1_of_false(alone) is None


@given(CASES)
def test_the_formulas_agree_with_scikit_learn(cases: list[tuple[bool, bool, float]]) -> None:
    outcomes = Outcomes.of(*([case[place] for case in cases] for place in range(3)))  # type: ignore[arg-type]
    if outcomes.gold.all() or not outcomes.gold.any():
        return
    assert metrics.balanced_accuracy(outcomes) == pytest.approx(
        sklearn.balanced_accuracy_score(outcomes.gold, outcomes.said)
    )
    assert metrics.f1(outcomes) == pytest.approx(sklearn.f1_score(outcomes.gold, outcomes.said, zero_division=0))
    assert metrics.kappa(outcomes) == pytest.approx(sklearn.cohen_kappa_score(outcomes.gold, outcomes.said))
    assert metrics.brier(outcomes) == pytest.approx(sklearn.brier_score_loss(outcomes.gold, outcomes.support))


@given(CASES, st.randoms())
def test_no_metric_depends_on_the_order_of_cases(cases: list[tuple[bool, bool, float]], random: object) -> None:
    shuffled = list(cases)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, two = (Outcomes.of(*([case[place] for case in own] for place in range(3))) for own in (cases, shuffled))  # type: ignore[arg-type]
    for metric in (*metrics.SUPPORT_METRICS, *metrics.CONTRADICTION_METRICS):
        assert metric.of(one) == pytest.approx(metric.of(two))


def test_a_statistic_over_groups_has_the_interval_of_a_mean() -> None:
    values = np.array([1.0, 0.0] * 50)
    found = estimate_statistic(lambda drawn: float(values[drawn].mean()), [str(number) for number in range(100)])
    assert found.value == 0.5
    assert found.low == pytest.approx(0.4, abs=0.03)
    assert found.high == pytest.approx(0.6, abs=0.03)
    assert (found.n, found.groups) == (100, 100)


def test_a_statistic_with_strata_never_misses_one() -> None:
    strata = ["a"] * 20 + ["b"] * 2
    drawn_strata = []

    def seen(drawn: np.ndarray) -> float:
        drawn_strata.append({strata[index] for index in drawn})
        return 1.0

    estimate_statistic(seen, [str(number) for number in range(22)], strata=strata, resamples=50)
    assert all(own == {"a", "b"} for own in drawn_strata)


def test_a_statistic_that_is_not_defined_has_no_interval() -> None:
    assert estimate_statistic(lambda drawn: None, ["a", "b"]).value is None
    alone = estimate_statistic(lambda drawn: 0.5 if len(set(drawn.tolist())) == 9 else None, list("abcdefghi"))
    assert (alone.value, alone.low) == (0.5, None)


def judged(gold: list[str]) -> list[Judged]:
    return [Judged(str(n), str(n), "t", ("e",), label, label == "supports") for n, label in enumerate(gold)]


def test_every_metric_can_fail_on_a_set_of_both_classes() -> None:
    gold = ["supports", "refutes", "neutral"] * 10
    for name in ("healthver", "wice", "ragtruth-qa"):
        items = judged(gold)
        score = score_set(SETS[name], items, known_judges(gold, 1)["the labels themselves"])
        assert score.blind == ()
        best = {metric.name: metric.best for metric in metrics.SUPPORT_METRICS}
        assert {name: figure.value for name, figure in score.readings[0].figures.items()} == pytest.approx(best)


def test_a_metric_that_cannot_fail_is_told() -> None:
    broken = Metric("broken", "always one", lambda outcomes: 1.0)
    lines = blind_metrics(SETS["wice"], "support", judged(["supports", "neutral"] * 5), [broken])
    assert len(lines) == 3
    assert "always one (support) cannot fail: a judge that says supported to all gets 1.000" in lines[0]


def test_a_metric_that_cannot_be_won_is_told() -> None:
    broken = Metric("broken", "always half", lambda outcomes: 0.5)
    (line,) = blind_metrics(SETS["wice"], "support", judged(["supports", "neutral"] * 5), [broken])
    assert "the labels themselves get 0.500 and not 1" in line


def test_a_set_with_one_class_is_told() -> None:
    items = judged(["supports"] * 6)
    score = score_set(SETS["wice"], items, known_judges([item.label for item in items], 1)["a judge that guesses"])
    assert any("bal. acc. (support) cannot fail: the 6 texts do not have both classes" in line for line in score.blind)


def test_what_is_unchecked_says_nothing_false_and_no_support_is_told_from_none() -> None:
    unchecked = ruling(lambda text, evidence: Verdict("unchecked"), "Hello!", ["e"])
    assert (unchecked.supported, unchecked.support, unchecked.scored) == (True, 1.0, True)
    statement = ruling(lambda text, evidence: Verdict("unchecked"), "Hello!", ["e"], idle_holds=False)
    assert (statement.supported, statement.support) == (False, 0.0)
    bare = ruling(lambda text, evidence: Verdict("contradicted"), "No.", ["e"])
    assert (bare.supported, bare.support, bare.scored) == (False, 0.0, False)


def test_sets_that_are_published_as_one_need_all_their_parts() -> None:
    items = judged(["supports", "neutral"] * 4)
    given = known_judges([item.label for item in items], 1)["the labels themselves"]
    parts = dict.fromkeys(("ragtruth-qa", "ragtruth-summary"), (items, given))
    assert pooled("ragtruth", parts) is None
    whole = pooled("ragtruth", {**parts, "ragtruth-data2txt": (items, given)})
    assert whole is not None
    assert (whole.value, whole.n) == (1.0, 24)
