from math import comb
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from evals.cli import app
from evals.comparing import compare
from evals.comparing.differences import SIGN_FLIP, McNEMAR, far_apart, mcnemar, sign_flip
from evals.comparing.gate import Gate
from evals.folder import Run, write_json
from rag.errors import BadInput
from tests.scripted_runs import ANSWER, record, run_of, scored_run


def test_a_change_is_the_candidate_less_the_baseline_over_the_same_cases() -> None:
    a = scored_run("answer_found", [1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, None])
    b = scored_run("answer_found", [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, None])
    change = compare(a, b).change("answer_found")
    assert change is not None
    assert (change.a.value, change.b.value) == (pytest.approx(5 / 7), pytest.approx(4 / 7))
    assert change.difference.value == pytest.approx(-1 / 7)
    assert change.difference.n == 7
    assert (change.lost, change.won) == (2, 1)
    assert change.test == McNEMAR
    assert change.p == 1.0  # 2 against 1: every outcome of three tosses is as uneven
    assert change.difference.low is not None and change.difference.high is not None
    assert change.difference.low < change.difference.value < change.difference.high


def test_a_metric_that_applies_in_one_run_only_has_a_difference_and_no_test() -> None:
    before, after = [1.0, 0.0, 1.0, 1.0], [1.0, 0.0, None, 0.0]
    change = compare(scored_run("right_when_answered", before), scored_run("right_when_answered", after)).change(
        "right_when_answered"
    )
    assert change is not None
    assert change.difference.value == pytest.approx(1 / 3 - 3 / 4)  # as either run reports it
    assert (change.difference.n, change.lost, change.won, change.p, change.test) == (3, 1, 0, None, None)


def test_mcnemars_p_is_that_of_tossing_a_coin() -> None:
    assert mcnemar(9, 1) == pytest.approx(2 * (comb(10, 0) + comb(10, 1)) / 2**10)  # 0.0215
    assert mcnemar(0, 0) == 1.0


@given(st.integers(0, 12), st.integers(0, 12))
def test_sign_flips_of_single_cases_are_mcnemars_test(lost: int, won: int) -> None:
    assert sign_flip([-1] * lost + [1] * won) == pytest.approx(mcnemar(lost, won))


def test_cases_of_a_group_flip_together() -> None:
    assert sign_flip([-3, -3]) == 0.5  # both the same way: 2 of 4 ways to toss, and not 2/64 as for six cases
    assert sign_flip([-3, -3, 1]) == pytest.approx(4 / 8)  # |±3±3±1| ≥ 5 in four of eight ways
    groups = ["a"] * 3 + ["b"] * 3
    change = compare(
        scored_run("answer_found", [1.0] * 6, groups), scored_run("answer_found", [0.0] * 6, groups)
    ).change("answer_found")
    assert change is not None
    assert (change.test, change.p, change.lost) == (SIGN_FLIP, 0.5, 6)


def test_where_lower_is_better_a_rise_is_a_loss() -> None:
    change = compare(
        scored_run("kept_unanswerable", [0.0, 0.0, 1.0]), scored_run("kept_unanswerable", [1.0, 0.0, 1.0])
    ).change("kept_unanswerable")
    assert change is not None
    assert (change.lost, change.won) == (1, 0)
    assert change.difference.value == pytest.approx(1 / 3)
    assert change.gain == pytest.approx(-1 / 3)
    assert change.least is not None and change.most is not None
    assert change.least < -1 / 3 < change.most


def test_a_statistic_is_worked_out_anew_for_the_same_groups_of_both() -> None:
    def timed(seconds: float, name: str) -> Run:
        answer = ANSWER.to_dict()
        records = [
            record(str(i), {}, answer={**answer, "seconds": {"total": seconds + i}}, seconds=seconds + i)
            for i in range(12)
        ]
        return run_of(records, name)

    change = compare(timed(1.0, "a"), timed(1.5, "b")).change("seconds_p50")
    assert change is not None
    assert change.difference.value == pytest.approx(0.5)
    assert change.gain == pytest.approx(-0.5)
    assert change.spread == 0  # half a second slower for every case, whichever are drawn


def test_errors_and_cases_of_one_run_only_are_left_out_and_counted() -> None:
    a = run_of([record(name, {"answer_found": 1.0}) for name in "abcd"])
    broken = record("b", {}, error="ValueError: no reply", answer=None)
    b = run_of([record("a", {"answer_found": 1.0}), broken, record("c", {"answer_found": 0.0}), record("e", {})])
    found = compare(a, b)
    assert (found.cases, found.only_a, found.only_b) == (2, 1, 1)
    assert found.errors == {"b": (None, "ValueError: no reply")}
    assert [flip.id for flip in found.flips] == ["c"]
    assert any("1 of them in the candidate alone" in note for note in found.notes)


def test_flipped_cases_come_losses_first_with_what_changed() -> None:
    a = run_of(
        [
            record("won", {"answer_found": 0.0, "decision_right": 0.0}, fell="abstention"),
            record("same", {"answer_found": 1.0, "decision_right": 1.0}),
            record("misread", {"answer_found": 1.0, "decision_right": 1.0}),
            record("kept", {"decision_right": 1.0}, answerable=False),
            record("miscited", {"answer_found": 1.0, "decision_right": 1.0}),
        ]
    )
    b = run_of(
        [
            record("won", {"answer_found": 1.0, "decision_right": 1.0}),
            record("same", {"answer_found": 1.0, "decision_right": 1.0}),
            record("misread", {"answer_found": 0.0, "decision_right": 1.0}, fell="reading"),
            record("kept", {"decision_right": 0.0}, answerable=False, fell="overreach"),
            record("miscited", {"answer_found": 1.0, "decision_right": 1.0}, fell="citation"),
        ]
    )
    found = compare(a, b)
    assert [(flip.kind, flip.id) for flip in found.flips] == [
        ("lost", "misread"),
        ("lost", "kept"),
        ("lost", "miscited"),
        ("won", "won"),
    ]
    assert (found.lost, found.won) == (3, 1)
    assert found.flips[0].what == ("the answer is no longer found", "lost at reading")
    assert found.flips[1].what == ("answered, though the documents do not say",)
    assert found.flips[2].what == ("lost at citation",)
    assert found.flips[3].what == ("the answer is found", "answered now")
    assert found.flips[0].b["fell"] == "reading"


@pytest.mark.parametrize(("key", "value"), [("question", "Else?"), ("answers", ["no"]), ("group_id", "other")])
def test_a_case_that_is_another_in_the_candidate_is_refused_by_name(key: str, value: Any) -> None:
    with pytest.raises(BadInput, match=rf"case one is not the same in before and after \({key}\)"):
        compare(run_of([record("one", {})], "before"), run_of([record("one", {}) | {key: value}], "after"))


def test_runs_without_a_shared_case_are_compared_as_two_samples() -> None:
    a = run_of([record(f"a{i}", {"answer_found": float(i < 30)}) for i in range(40)])
    b = run_of([record(f"b{i}", {"answer_found": float(i < 20)}) for i in range(40)])
    found = compare(a, b)
    change = found.change("answer_found")
    assert change is not None
    assert (found.paired, found.flips, found.cases, change.lost, change.p) == (False, (), 80, None, None)
    assert change.difference.value == pytest.approx(-0.25)
    assert change.spread == pytest.approx((0.75 * 0.25 / 40 + 0.5 * 0.5 / 40) ** 0.5, rel=0.05)
    assert any("share no case" in note for note in found.notes)


def test_independent_intervals_are_put_together_by_their_hypotenuse() -> None:
    # Newcombe's example: 56/70 and 48/80, whose Wilson intervals are 0.6918..0.8770 and 0.4905..0.7004
    low, high = far_apart(56 / 70 - 48 / 80, 48 / 80, (0.49045, 0.70038), 56 / 70, (0.69183, 0.87695)) or (0.0, 0.0)
    assert (low, high) == (pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4))
    assert far_apart(0.0, 0.5, None, 0.5, (0.4, 0.6)) is None


def test_judged_figures_of_different_judges_have_no_difference_and_no_gate() -> None:
    a = scored_run("faithfulness", [1.0, 0.5])
    b = scored_run("faithfulness", [1.0, 1.0], judge={"name": "chat", "qualified": True})
    change = compare(a, b).change("faithfulness")
    assert change is not None
    assert (change.a.value, change.b.value, change.difference.value) == (0.75, 1.0, None)
    assert change.note is not None and "different judges" in change.note
    with pytest.raises(BadInput, match="different judges"):
        compare(a, b, [Gate.parse("faithfulness:0.1")])


def test_a_judge_that_has_not_passed_decides_no_gate() -> None:
    a, b = (scored_run("faithfulness", [1.0, 1.0], judge={"name": "chat", "qualified": False}) for _ in "ab")
    assert compare(a, b).change("faithfulness") is not None
    with pytest.raises(BadInput, match=r"\(chat\) has not passed the sets that people labelled"):
        compare(a, b, [Gate.parse("faithfulness:0.1")])
    compare(a, b, [Gate.parse("answer_found:0.1")])  # no judge is asked for this one


def test_what_the_manifests_say_differently_is_listed() -> None:
    a = run_of([record("one", {})], "before", settings={"reranker": "on", "k": 5}, made_at="1")
    b = run_of([record("one", {})], "after", settings={"reranker": "off", "k": 5}, made_at="2", git={"changed": True})
    changed = compare(a, b).changed
    assert [(one.name, one.a, one.b) for one in changed] == [
        ("settings.reranker", "on", "off"),
        ("git.changed", "–", "true"),
    ]


def test_runs_with_nothing_to_compare_are_refused() -> None:
    with pytest.raises(BadInput, match="no case without an error"):
        compare(run_of([record("one", {}, error="E: no")]), run_of([record("one", {})]))


def _saved(folder: Path, run: Run) -> Path:
    import json

    folder.mkdir()
    write_json(folder / "manifest.json", run.about)
    write_json(folder / "metrics.json", {"cases": len(run.records)})
    (folder / "results.jsonl").write_text("".join(json.dumps(one) + "\n" for one in run.records))
    return folder


def test_the_command_prints_changes_flips_and_gates_and_gives_the_exit_status(tmp_path: Path) -> None:
    a = _saved(tmp_path / "before", scored_run("answer_found", [1.0] * 60))
    b = _saved(tmp_path / "after", scored_run("answer_found", [0.0] * 30 + [1.0] * 30))
    junit = tmp_path / "gates.xml"
    done = _compared(a, b, "--gate", "answer_found:2%", "--junit", str(junit))
    assert done.exit_code == 3
    assert "answer_found:0.02 fails: Answer found: 100.0% → 50.0%, 50.0 points worse" in done.stdout
    assert "30 cases lost, 0 won" in done.stdout
    assert "and 20 more" in done.stdout
    flipped, title = done.stdout.index("30 cases lost"), done.stdout.index("before → after")
    assert flipped < title < done.stdout.index("answer_found:0.02")
    assert "30/0" in done.stdout
    assert junit.exists()
    assert (b / "compared-to-before.html").exists()
    assert _compared(a, a, "--gate", "answer_found:0.02", "--strict").exit_code == 4
    assert _compared(a, a, "--gate", "answer_found:0.02").exit_code == 0
    nowhere = _compared(tmp_path, b)
    assert (nowhere.exit_code, "holds no run" in nowhere.stderr) == (2, True)


def test_a_damaged_run_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    whole = _saved(tmp_path / "whole", scored_run("answer_found", [1.0] * 4))

    def damaged(name: str, file: str, text: str) -> str:
        folder = _saved(tmp_path / name, scored_run("answer_found", [1.0] * 4))
        (folder / file).write_text(text)
        done = _compared(whole, folder)
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.output
        return done.stderr

    results = (whole / "results.jsonl").read_text()
    first = results.splitlines(keepends=True)[0]
    assert "has 1 results for 4 cases; go on with" in damaged("cut", "results.jsonl", first)
    assert "has 0 results for 4 cases" in damaged("empty", "results.jsonl", "")
    assert "results.jsonl:1 is damaged" in damaged("list", "results.jsonl", "[1]\n")
    assert "results.jsonl:2 is damaged" in damaged("other", "results.jsonl", first + '{"id": "x"}\n')
    assert "does not say 'judge'" in damaged("bare", "manifest.json", "{}")


def test_a_page_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    run = _saved(tmp_path / "run", scored_run("answer_found", [1.0] * 4))
    done = _compared(run, run, "--html", str(tmp_path / "none" / "page.html"))
    assert (done.exit_code, done.stderr.count("error:"), "Traceback" in done.stderr) == (1, 1, False)
    assert "none/page.html: No such file or directory" in done.stderr


def test_different_documents_are_told_first() -> None:
    a, b = (scored_run("answer_found", [1.0] * 3, data={"documents": n, "sha256": str(n)}) for n in (3, 4))
    assert any("asked different documents" in note for note in compare(a, b).notes)
    assert not any("different documents" in note for note in compare(a, a).notes)


def test_a_run_beside_itself_says_that_nothing_changed() -> None:
    a = scored_run("answer_found", [1.0, 0.0])
    other = record("case-1", {"answer_found": 1.0}, group="1")
    other["answer"] = {**other["answer"], "text": "no"}
    assert any("Every answer and score is the same" in note for note in compare(a, a).notes)
    assert not any("Every answer" in note for note in compare(a, run_of([a.records[0], other])).notes)


def test_one_case_is_not_one_cases(tmp_path: Path) -> None:
    a, b = (_saved(tmp_path / str(n), scored_run("answer_found", [1.0] * n)) for n in (2, 1))
    done = _compared(a, b)
    assert "Left out: 1 case that only" in done.stderr
    assert "1 case, the same cases in both, 1 group" in " ".join(done.stdout.split())


def _compared(a: Path, b: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["compare", str(a), str(b), *options])
