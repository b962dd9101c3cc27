import re
from collections.abc import Sequence
from math import ceil, log

import numpy as np
import pytest

from evals.comparing import compare
from evals.comparing.differences import paired_change
from evals.comparing.gate import Gate, Outcome, cases_needed, exit_status
from rag.errors import BadInput
from tests.scripted_runs import record, run_of, scored_run


def outcome_of(gate: str, before: Sequence[float | None], after: Sequence[float | None]) -> Outcome:
    name = gate.partition(":")[0]
    return compare(scored_run(name, before), scored_run(name, after), [Gate.parse(gate)]).outcomes[0]


def test_margins_are_shares_per_cents_or_the_metrics_unit() -> None:
    assert Gate.parse("answer_found:0.02").margin == 0.02
    assert Gate.parse(" answer_found : 2% ").margin == 0.02
    assert Gate.parse("seconds_p50:1.5").margin == 1.5
    assert Gate.parse("answer_found:0").margin == 0.0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("correctness:0.1", "there is no metric 'correctness'; known: answer_found"),
        ("coverage:0.1", "neither better high nor low"),
        ("answer_found", "must be a number"),
        ("answer_found:-0.1", "must be a number of at least 0"),
        ("answer_found:nan", "must be a number"),
        ("answer_found:inf", "must be a number"),
        ("answer_found:lots", "write answer_found:0.02 or 2%"),
        ("answer_found:2", "write answer_found:0.02 or answer_found:2%"),
        ("seconds_p50:2%", "write seconds_p50:0.5, in seconds"),
    ],
)
def test_a_gate_that_is_none_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=re.escape(why)) as raised:
        Gate.parse(text)
    assert "\n" not in str(raised.value)


def test_a_loss_beyond_the_margin_fails() -> None:
    found = outcome_of("answer_found:0.05", [1.0] * 60, [0.0] * 20 + [1.0] * 40)
    assert found.state == "fails"
    assert "33.3 points worse" in found.message
    assert found.needed is None


def test_no_change_in_many_groups_holds() -> None:
    assert outcome_of("answer_found:0.05", [1.0] * 60, [1.0] * 60).state == "holds"  # 1 − 0.05^(1/60) = 4.9 points
    assert outcome_of("answer_found:0.05", [1.0] * 58, [1.0] * 58).state == "inconclusive"  # 5.03 points


def test_a_rise_of_a_metric_that_is_better_low_fails() -> None:
    assert outcome_of("kept_unanswerable:0.05", [0.0] * 60, [1.0] * 20 + [0.0] * 40).state == "fails"
    assert outcome_of("kept_unanswerable:0.05", [1.0] * 20 + [0.0] * 40, [0.0] * 60).state == "holds"


def test_where_nothing_changed_the_rule_of_three_says_how_many_are_needed() -> None:
    found = outcome_of("answer_found:0.02", [1.0] * 20, [1.0] * 20)
    assert found.state == "inconclusive"
    assert found.needed == ceil(log(0.05) / log(0.98)) == 149
    assert "needs about 149 cases" in found.message


def test_the_cases_needed_follow_from_the_spread() -> None:
    before = [1.0, 0.0] * 20
    after = [0.0, 0.0] * 4 + [1.0, 0.0] * 12 + [1.0, 1.0] * 4  # 4 lost and 4 won of 40
    change = compare(scored_run("answer_found", before), scored_run("answer_found", after)).change("answer_found")
    assert change is not None
    # the variance of one case's change is 8/40; (1.645 + 0.842)² · 0.2 / 0.05² = 494.6
    assert cases_needed(change, 0.05) == pytest.approx(495, rel=0.05)
    assert outcome_of("answer_found:0.05", before, after).state == "inconclusive"


def test_where_questions_come_in_groups_it_is_groups_that_are_needed() -> None:
    groups = [str(number // 4) for number in range(40)]
    same = scored_run("answer_found", [1.0, 0.0] * 20, groups)
    found = compare(same, same, [Gate.parse("answer_found:2%")]).outcomes[0]
    assert found.needed == ceil(log(0.05) / log(0.98) * 4)  # 148.3 groups of four
    assert "needs about 594 cases that this applies to, in 149 groups; there are 40 in 10" in found.message


def test_a_margin_of_nothing_is_never_promised_a_number() -> None:
    found = outcome_of("answer_found:0", [1.0] * 50, [1.0] * 50)
    assert (found.state, found.needed) == ("inconclusive", None)
    assert "give a margin above 0" in found.message
    assert outcome_of("answer_found:0", [0.0] * 20 + [1.0] * 20, [1.0] * 40).state == "holds"  # it got better


def test_a_loss_near_the_margin_in_many_cases_asks_for_more_than_there_are() -> None:
    before = [1.0] * 400
    after = [0.0] * 14 + [1.0] * 386  # 3.5 points lost; 5 allowed
    found = outcome_of("answer_found:0.05", before, after)
    assert found.state == "inconclusive"
    assert found.needed is not None and found.needed > 400


def test_a_metric_without_a_case_is_inconclusive() -> None:
    found = outcome_of("hit_5:0.1", [None, None], [None, None])
    assert (found.state, found.message) == ("inconclusive", "Evidence in the first 5: no case to compare.")


def test_one_group_says_nothing_about_others() -> None:
    a, b = (run_of([record(str(i), {"answer_found": score}, group="one") for i in range(9)]) for score in (1.0, 0.0))
    found = compare(a, b, [Gate.parse("answer_found:0.1")]).outcomes[0]
    assert found.state == "inconclusive"
    assert "one group" in found.message


def test_exit_statuses() -> None:
    held = outcome_of("answer_found:0.5", [1.0] * 20, [1.0] * 20)
    failed = outcome_of("answer_found:0.1", [1.0] * 20, [0.0] * 20)
    open_ = outcome_of("answer_found:0.01", [1.0] * 20, [1.0] * 20)
    assert exit_status([held]) == exit_status([]) == 0
    assert exit_status([held, failed, open_]) == exit_status([failed], strict=True) == 3
    assert (exit_status([held, open_]), exit_status([held, open_], strict=True)) == (0, 4)


def test_unchanged_systems_rarely_fail_and_planted_losses_nearly_always_do() -> None:
    """120 cases in 60 groups, answered rightly 8 times in 10 by a system that is not the same twice."""
    random = np.random.default_rng(11)
    gate = Gate.parse("answer_found:0.02")
    groups = [str(number // 2) for number in range(120)]

    def asked(share: float) -> list[float | None]:
        hard = np.repeat(random.beta(8 * share, 8 * (1 - share), size=60), 2)
        return [float(one) for one in random.random(120) < hard]

    def state(before: list[float | None], after: list[float | None]) -> str:
        runs = scored_run("answer_found", before, groups), scored_run("answer_found", after, groups)
        return gate.decide(paired_change(gate.metric, *(run.records for run in runs))).state

    same = [state(asked(0.8), asked(0.8)) for _ in range(40)]
    assert same.count("fails") <= 3  # a false alarm in twenty at most, and fewer with a margin
    worse = [state(asked(0.8), asked(0.5)) for _ in range(20)]
    assert worse.count("fails") >= 18
