from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.comparing.pairing import bootstrap_difference
from evals.statistics import bootstrap_mean, estimate, tail

SCORES = st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0, None]), st.sampled_from("abcde")), max_size=30)


def test_the_mean_is_over_eligible_cases_only() -> None:
    found = estimate([1.0, None, 0.0, 1.0], ["a", "a", "b", "c"])
    assert found.value == pytest.approx(2 / 3)
    assert (found.n, found.groups) == (3, 3)


def test_no_eligible_case_is_none_with_its_count() -> None:
    found = estimate([None, None], ["a", "b"])
    assert (found.value, found.low, found.high, found.n, found.groups) == (None, None, None, 0, 0)


def test_one_group_has_a_mean_and_no_interval() -> None:
    found = estimate([1.0, 0.0], ["a", "a"])
    assert (found.value, found.low, found.high) == (0.5, None, None)


def test_a_perfect_score_has_the_exact_bound() -> None:
    found = estimate([1.0] * 10, list("abcdefghij"))
    assert found.low == pytest.approx(0.025**0.1)  # 0.6915: Clopper-Pearson for 10 of 10
    assert found.high == 1.0
    assert estimate([0.0] * 10, list("abcdefghij")).high == pytest.approx(1 - 0.025**0.1)


def test_questions_of_one_group_count_as_one_draw() -> None:
    scores = [1.0, 0.0] * 20
    alone = estimate(scores, [str(number) for number in range(40)])
    together = estimate(scores, [str(score) for score in scores])
    assert alone.low is not None
    assert alone.high is not None
    assert alone.low == pytest.approx(0.5 - 1.96 * (0.25 / 40) ** 0.5, abs=0.03)  # the normal interval of 20 in 40
    assert (together.low, together.high) == (0.0, 1.0)  # two groups, one all right and one all wrong


def test_the_same_seed_gives_the_same_interval() -> None:
    scores, groups = [1.0, 0.0, 1.0, 1.0, 0.0], list("abcde")
    assert estimate(scores, groups) == estimate(scores, groups)


@given(SCORES)
def test_the_interval_is_within_bounds_and_never_nan(cases: list[tuple[float | None, str]]) -> None:
    found = estimate([value for value, _ in cases], [group for _, group in cases])
    assert found.n == sum(value is not None for value, _ in cases)
    if found.low is not None:
        assert found.value is not None
        assert found.high is not None
        assert 0 <= found.low <= found.high <= 1
        assert 0 <= found.value <= 1


def test_few_groups_widen_the_interval_as_students_distribution_does() -> None:
    # Φ(−√(10/9)·2.2622) = 0.00855 for 10 groups and 95%: t of 9 degrees is 2.2622
    assert tail(0.95, 10) == pytest.approx(NormalDist().cdf(-((10 / 9) ** 0.5) * 2.26216), rel=1e-4)
    assert tail(0.95, 10) == pytest.approx(0.00855, abs=2e-5)
    assert tail(0.95, 100_000) == pytest.approx(0.025, abs=1e-5)  # with many groups, plain percentiles


def test_the_interval_of_ten_groups_is_wider_than_plain_percentiles() -> None:
    found = bootstrap_mean([float(number % 2) for number in range(10)], list("abcdefghij"))
    plain = np.quantile(found.again, [0.025, 0.975])
    low, high = found.interval() or (None, None)
    assert low is not None and high is not None
    assert low < plain[0] and high > plain[1]


def test_groups_that_are_all_alike_have_an_exact_bound_and_no_zero_width() -> None:
    seen = 0.025 ** (1 / 4)  # a kind of group with a share above 1 − this would have shown among four
    found = estimate([0.5] * 4, list("abcd"))
    assert (found.low, found.high) == (pytest.approx(0.5 * seen), pytest.approx(0.5 * seen + 1 - seen))
    change = bootstrap_difference([1.0] * 4, [1.0] * 4, list("abcd"))
    assert change.spread == 0
    assert change.interval() == (pytest.approx(seen - 1), pytest.approx(1 - seen))


def test_seconds_that_are_all_alike_have_no_bounds() -> None:
    found = estimate([3.0] * 4, list("abcd"), within=None)
    assert (found.value, found.low, found.high) == (3.0, None, None)
    assert estimate([1.0, 2.0, 4.0, 9.0], list("abcd"), within=None).low is not None


def test_a_difference_is_that_of_the_two_means_each_over_its_own_cases() -> None:
    found = bootstrap_difference([1.0, 1.0, None, 0.0], [0.0, 1.0, 1.0, None], list("abcd"))
    assert found.value == pytest.approx(2 / 3 - 2 / 3)
    assert (found.n, found.groups) == (2, 4)
    assert bootstrap_difference([None], [1.0], ["a"]).value is None


def test_pairing_takes_away_what_makes_cases_differ_among_themselves() -> None:
    hard = [float(number % 2) for number in range(40)]
    worse = [0.0 if number == 1 else score for number, score in enumerate(hard)]
    groups = [str(number) for number in range(40)]
    paired = bootstrap_difference(hard, worse, groups)
    assert paired.value == pytest.approx(-1 / 40)
    # one case of 40 changed: the standard error is √(1/40 · 39/40 / 40), not that of two samples of coin tosses
    assert paired.spread == pytest.approx((1 / 40 * 39 / 40 / 40) ** 0.5, rel=0.1)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Twelve groups of one to five questions that stand or fall together; 95% are promised."""
    random = np.random.default_rng(7)
    covered = 0
    for seed in range(200):
        sizes, chances = random.integers(1, 6, size=12), random.beta(2, 2, size=12)
        groups = [str(group) for group, size in enumerate(sizes) for _ in range(size)]
        values = [float(random.random() < chances[int(group)]) for group in groups]
        low, high = bootstrap_mean(values, groups, seed=seed).interval() or (0.0, 0.0)
        covered += low <= 0.5 <= high
    assert 0.91 <= covered / 200 <= 0.99
