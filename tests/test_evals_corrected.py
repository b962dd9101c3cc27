import json
from pathlib import Path

import numpy as np
import pytest

from evals.judge.corrected import CALIBRATED_ON, corrected, corrected_rates
from evals.judge.measured import Calibration, Measured, measured_of, read_measured, write_measured
from rag.errors import BadInput
from tests.scripted_runs import record


def calibration(
    tp: int, fn: int, tn: int, fp: int, groups: int = 10_000, **intervals: tuple[float, float]
) -> Calibration:
    return Calibration(name="labelled", tp=tp, fn=fn, tn=tn, fp=fp, groups=groups, **intervals)


GOOD = calibration(900, 100, 800, 200)  # sensitivity 0.9, specificity 0.8
NAMES = [str(number) for number in range(100)]


def test_the_formula_of_rogan_and_gladen() -> None:
    found = corrected([False] * 100, [True] * 69 + [False] * 31, NAMES, GOOD)
    assert found is not None
    assert found.raw == pytest.approx(0.69)
    assert found.value == pytest.approx((0.69 + 0.8 - 1) / (0.9 + 0.8 - 1))  # 0.49 ÷ 0.7 = 0.7
    assert (found.sensitivity, found.specificity, found.calibration) == (0.9, 0.8, "labelled")
    assert found.low is not None and found.high is not None
    # √(0.69·0.31/100 + 0.7²·0.9·0.1/1000 + 0.3²·0.8·0.2/1000) ÷ 0.7 = 0.068: the delta method
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.068, rel=0.1)


def test_what_is_proved_by_characters_needs_no_judge() -> None:
    found = corrected([True] * 60 + [False] * 40, [False] * 60 + [True] * 22 + [False] * 18, NAMES, GOOD)
    assert found is not None
    assert found.verbatim == pytest.approx(0.6)
    assert found.raw == pytest.approx(0.82)
    assert found.value == pytest.approx(0.6 + 0.4 * (0.55 + 0.8 - 1) / 0.7)  # θ = 0.5 of the 40 others
    proved = corrected([True] * 100, [True] * 100, NAMES, GOOD)
    assert proved is not None and (proved.value, proved.high) == (1.0, 1.0)
    assert proved.low == pytest.approx(0.025 ** (1 / 100))  # other questions may have other claims: Clopper and Pearson


def test_the_rate_stays_within_0_and_1_and_an_even_verdict_has_some_width() -> None:
    found = corrected([False] * 100, [True] * 100, NAMES, GOOD)
    assert found is not None
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low is not None and found.low > 0.9
    none = corrected([False] * 20, [False] * 20, NAMES[:20], calibration(95, 5, 99, 1, groups=50))
    assert none is not None and none.high is not None
    assert none.value == 0.0
    assert none.high > 0.05


def test_a_judge_no_better_than_chance_corrects_nothing() -> None:
    assert corrected([False], [True], ["a"], calibration(50, 50, 50, 50)) is None
    assert corrected([False], [True], ["a"], calibration(6, 4, 6, 4)) is None  # ten texts of each: may be chance
    assert corrected([False], [True], ["a"], calibration(6, 0, 0, 0)) is None  # nothing known of the unsupported
    assert corrected([], [], [], GOOD) is None


def test_weights_make_it_the_mean_over_answers() -> None:
    # one answer of four claims, two supported, and one of one claim, supported: (0.5 + 1) ÷ 2
    found = corrected(
        [False] * 5, [True, True, False, False, True], ["a"] * 4 + ["b"], GOOD, weights=[0.25] * 4 + [1.0]
    )
    assert found is not None
    assert found.raw == pytest.approx(0.75)
    assert found.value == pytest.approx((0.75 + 0.8 - 1) / 0.7)


def test_one_group_has_a_rate_and_no_interval() -> None:
    found = corrected([False] * 2, [True, True], ["a", "a"], GOOD)
    assert found is not None and (found.low, found.high, found.groups) == (None, None, 1)


def test_a_small_calibration_and_one_of_few_matters_widen_the_interval() -> None:
    said = [True] * 69 + [False] * 31

    def width(by: Calibration) -> float:
        found = corrected([False] * 100, said, NAMES, by)
        assert found is not None and found.low is not None and found.high is not None
        return found.high - found.low

    small = calibration(90, 10, 80, 20)
    clustered = calibration(900, 100, 800, 200, sensitivity_interval=(0.84, 0.96), specificity_interval=(0.72, 0.88))
    assert width(small) > 1.1 * width(GOOD)
    assert width(clustered) > 1.1 * width(GOOD)
    assert clustered.sizes()[0] == pytest.approx(0.9 * 0.1 / (0.12 / 3.92) ** 2, rel=1e-3)  # 96 texts' worth


def test_the_interval_covers_the_truth_where_the_raw_rate_misses_it() -> None:
    random = np.random.default_rng(3)
    covered = raw_near = 0
    for seed in range(100):
        q1, q0, truth = 0.85, 0.7, 0.6
        hits, rights = random.binomial(200, q1), random.binomial(200, q0)
        by = calibration(int(hits), int(200 - hits), int(rights), int(200 - rights))
        true = random.random(200) < truth
        said = np.where(true, random.random(200) < q1, random.random(200) < 1 - q0)
        found = corrected([False] * 200, said.tolist(), [str(i) for i in range(200)], by, seed=seed)
        assert found is not None and found.low is not None and found.high is not None
        covered += found.low <= truth <= found.high
        raw_near += abs(found.raw - truth) < 0.02
    assert 90 <= covered <= 100
    assert raw_near < 50


def scores() -> list[dict[str, object]]:
    figures = {
        "sensitivity": {"value": 0.8, "low": 0.7, "high": 0.9, "n": 12, "groups": 6},
        "specificity": {"value": 1.0, "low": None, "high": None, "n": 12, "groups": 6},
        "brier": {"value": 0.1},
    }
    counts = {"tp": 4, "fn": 1, "tn": 7, "fp": 0}
    return [{"name": "wice", "groups": 6, "counts": counts, "readings": [{"name": "support", "figures": figures}]}]


def test_the_judges_errors_are_kept_and_read_back(tmp_path: Path) -> None:
    write_measured(tmp_path / "measured.json", "local 1", 0, scores())
    found = read_measured(tmp_path / "measured.json")
    assert found == measured_of("local 1", 0, scores())
    kept = found.of("wice")
    assert kept is not None
    assert (kept.sensitivity, kept.specificity, kept.sensitivity_interval) == (0.8, 1.0, (0.7, 0.9))
    assert kept.sizes() == (pytest.approx(5.0), 6.0)  # never more than the five texts there are
    assert found.of("other") is None
    assert set(json.loads((tmp_path / "measured.json").read_text())) == {"judge", "limit", "sets"}


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "measured.json").write_text('{"judge": 1}')
    with pytest.raises(BadInput, match="make it with: python -m evals judge"):
        read_measured(tmp_path / "measured.json")
    with pytest.raises(BadInput, match="make it with"):
        read_measured(tmp_path / "none.json")
    with pytest.raises(BadInput, match="give a file that can be written"):
        write_measured(tmp_path / "none" / "measured.json", "local 1", 0, scores())


def test_a_runs_judged_figures_are_corrected_by_the_figures_of_its_own_judge() -> None:
    def claim(label: str, **flags: bool) -> dict[str, object]:
        return {"text": "", "label": label, "support": None, "verbatim": False, "faithful": False} | flags

    records = [
        record("quoted", {}, claims=[claim("supported", verbatim=True, faithful=True), claim("unchecked")]),
        record("mixed", {}, claims=[claim("supported", faithful=True), claim("partial", faithful=True)]),
        record("silent", {}, claims=[]),
    ]
    by = Measured(judge="words", limit=0, sets=(GOOD.model_copy(update={"name": CALIBRATED_ON}),))
    found = corrected_rates(records, "words", by)
    assert found["faithfulness"]["raw"] == 1.0  # both answers, each of its claims
    assert found["citation_recall"]["raw"] == pytest.approx((1 / 2 + 1 / 2) / 2)
    # a quarter of the weight is proved; of the rest a third is called supported: (1/3 + 0.8 − 1) ÷ 0.7
    assert found["citation_recall"]["value"] == pytest.approx(0.25 + 0.75 * (1 / 3 - 0.2) / 0.7)
    assert found["citation_recall"]["from"] == CALIBRATED_ON
    assert corrected_rates(records, "another judge", by) == {}
    assert corrected_rates([records[2]], "words", by) == {}
