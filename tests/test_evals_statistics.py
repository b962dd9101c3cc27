import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.statistics import estimate

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
