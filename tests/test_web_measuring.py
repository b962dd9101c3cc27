"""Evaluations started from the page: how far they are, how they end, and the drawings of what came of them."""

import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import BadInput
from rag.web import words
from rag.web.evaluations import Offers, measure, progress
from rag.web.measuring import JUDGED, Measured, Measuring, judged_cases, seed_cases
from rag.web.plots import POINTS, over_time
from rag.web.runs import listed
from tests.scripted_evals import COUNT
from tests.web_fakes import FIGURES, SUMMARY, make_run

OFFERS = Offers(seeds=True, judged=0, alone=True, model="")
SCRIPTED = (sys.executable, "-m", "tests.scripted_evals")


def until(measuring: Measuring, wanted: Callable[[Measured], bool]) -> Measured:
    """The first state that is as wanted."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        now = measuring.state()
        if now is not None and wanted(now):
            return now
        time.sleep(0.02)
    raise AssertionError(f"it never came to be: {measuring.state()}")


def test_the_seeds_cases_are_run_and_counted_while_they_are_asked(tmp_path: Path) -> None:
    measuring = Measuring(tmp_path / "runs", SCRIPTED)
    assert measuring.state() is None
    measuring.start("seeds")
    half = until(measuring, lambda now: 0 < now.done < COUNT)
    assert half.state == "running" and half.count == COUNT and half.what == "seeds"
    with pytest.raises(BadInput, match="under way"):
        measuring.start("seeds")
    done = until(measuring, lambda now: now.state != "running")
    assert (done.state, done.done) == ("done", COUNT)
    (row,), _ = listed(tmp_path / "runs")
    assert row.state == "finished" and row.cases == "seeds.jsonl"
    measuring.start("seeds")
    measuring.close()


def test_a_run_that_is_stopped_keeps_what_was_asked(tmp_path: Path) -> None:
    measuring = Measuring(tmp_path / "runs", SCRIPTED)
    measuring.cancel()
    measuring.start("seeds", model="scripted:one")
    until(measuring, lambda now: now.done > 0)
    measuring.cancel()
    ended = until(measuring, lambda now: now.state != "running")
    assert ended.state == "stopped" and 0 < ended.done < COUNT and words.MEASURE_AGAIN in measure(ended, OFFERS)
    (row,), _ = listed(tmp_path / "runs")
    assert row.state == "unfinished" and row.done == ended.done
    command = json.loads((tmp_path / "runs" / row.name / "manifest.json").read_text())["command"]
    assert command[-2:] == ["--model", "scripted:one"]
    measuring.resume()
    done = until(measuring, lambda now: now.state != "running")
    assert (done.state, done.done, done.folder) == ("done", COUNT, ended.folder)
    with pytest.raises(BadInput, match="no evaluation to go on with"):
        measuring.resume()


def test_judged_cases_are_made_and_then_run_on_their_library(tmp_path: Path) -> None:
    measuring = Measuring(tmp_path / "runs", SCRIPTED)
    measuring.start("judged", tmp_path)
    ended = until(measuring, lambda now: now.state != "running")
    cases = judged_cases(tmp_path / "runs", tmp_path)
    assert ended.state == "done" and ended.folder and cases.is_file() and cases.name == JUDGED
    assert not list(tmp_path.glob("*.jsonl")), "removing a document takes nothing out of this file"
    assert judged_cases(tmp_path / "runs", tmp_path / "other" / tmp_path.name) != cases
    assert [row.name for row in listed(tmp_path / "runs")[0]] == [ended.folder.name]
    command = json.loads((ended.folder / "manifest.json").read_text())["command"]
    assert command[1] == str(cases) and command[command.index("--index") + 1] == str(tmp_path)


def test_judged_cases_that_can_be_kept_nowhere_are_a_clear_line(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(BadInput, match="cannot be made"):
        Measuring(tmp_path / "runs", SCRIPTED).start("judged", tmp_path)


def test_a_run_that_fails_says_its_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measuring = Measuring(tmp_path / "runs", SCRIPTED)
    monkeypatch.setattr("rag.web.measuring.seed_cases", lambda: tmp_path / "broken.jsonl")
    measuring.start("seeds")
    ended = until(measuring, lambda now: now.state != "running")
    assert ended.state == "failed" and ended.said == "the cases are broken; mend them"
    assert "It could not be finished: the cases are broken; mend them" in progress(ended)


def test_without_the_evaluation_nothing_is_offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert seed_cases() == Path(__file__).parent.parent / "evals" / "cases" / "seeds.jsonl"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert seed_cases() is None
    with pytest.raises(BadInput, match="did not come"):
        Measuring(tmp_path, SCRIPTED).start("seeds")
    shown = measure(None, Offers(False, 0, True, ""))
    assert shown.count("disabled") == 2 and words.MEASURE_JUDGED_NONE in shown


def test_what_can_be_run_is_offered_and_what_is_said_is_only_text() -> None:
    shown = measure(None, Offers(True, 3, True, "<b>model</b>"))
    assert "disabled" not in shown and "3 judged answers" in shown and "<b>model" not in shown
    alone = measure(None, Offers(True, 3, False, ""))
    assert alone.count("disabled") == 1 and "for the terminal" in alone
    failed = Measured("seeds", "failed", said="<img src=x>")
    assert "<img" not in progress(failed)
    assert 'value="3" max="9"' in progress(Measured("seeds", "running", 3, 9)) and progress(None) == ""


# --- drawings


def runs(folder: Path, *values: float, **about: str) -> None:
    for number, value in enumerate(values, len(list(folder.glob("*"))) + 1):
        found = {**FIGURES, "hit_5": {"value": value, "low": value - 0.1, "high": min(1.0, value + 0.1)}}
        cases = {"name": about.get("name", "seeds.jsonl"), "sha256": about.get("cases", "c1"), "limit": None}
        made = f"2026-03-{number:02d}T09:00:00+00:00"
        place = folder / f"run-{number:02d}"
        make_run(place, made_at=made, cases=cases, metrics={**SUMMARY, "metrics": found})
        manifest = json.loads((place / "manifest.json").read_text())
        more = {"data": {"sha256": about.get("data", "d1")}, "judge": {"name": about.get("judge", "local")}}
        (place / "manifest.json").write_text(json.dumps({**manifest, **more}))


def drawing(folder: Path, title: str) -> str:
    """The drawing of one figure."""
    shown = over_time(listed(folder)[0])
    return next(part for part in shown.split("<figure")[1:] if title in part)


def test_a_point_stands_where_its_value_says_with_its_interval_and_leads_to_its_report(tmp_path: Path) -> None:
    runs(tmp_path, 0.5, 0.9)
    shown = drawing(tmp_path, words.FIGURES["hit_5"])
    points = re.findall(r'class="point" cx="([\d.]+)%" cy="([\d.]+)"', shown)
    assert [(float(x), float(y)) for x, y in points] == [(5, 42.0), (95, 11.6)]
    assert re.findall(r'class="span".*?y1="([\d.]+)" y2="([\d.]+)"', shown) == [("49.6", "34.4"), ("19.2", "4.0")]
    assert 'href="runs/run-01/report.html"' in shown and "<b>90%</b>" in shown
    assert ">1 Mar<" in shown and ">2 Mar 2026<" in shown
    assert "Evidence in the first 5 in 2 runs: 50% in the first, 90% in the newest; between 50% and 90%." in shown


@pytest.mark.parametrize("changed", [{"cases": "c2"}, {"data": "d2"}, {"judge": "other"}])
def test_only_runs_that_can_be_compared_are_joined(tmp_path: Path, changed: dict[str, str]) -> None:
    runs(tmp_path, 0.5, 0.6)
    runs(tmp_path, 0.7, 0.8, **changed)
    shown = drawing(tmp_path, words.FIGURES["hit_5"])
    assert shown.count('class="point"') == 4 and shown.count('class="line"') == 2


def test_each_file_of_cases_has_its_own_drawings_and_a_single_run_none(tmp_path: Path) -> None:
    runs(tmp_path, 0.5)
    assert over_time(listed(tmp_path)[0]) == ""
    runs(tmp_path, 0.6, 0.7, name="<b>mine</b>.jsonl")
    shown = over_time(listed(tmp_path)[0])
    assert shown.count("<figure") == len(words.FIGURES) and "&lt;b&gt;mine" in shown and "seeds.jsonl" not in shown


def test_a_long_history_shows_its_newest_runs(tmp_path: Path) -> None:
    runs(tmp_path, *[0.5] * 27)
    assert drawing(tmp_path, words.FIGURES["hit_5"]).count('class="point"') == POINTS


def test_a_run_without_interval_or_report_is_a_plain_point(tmp_path: Path) -> None:
    runs(tmp_path, 0.5, 0.6)
    rows = [replace(row, pages=()) for row in listed(tmp_path)[0]]
    shown = over_time(rows)
    assert "<a " not in shown and "<title>run-01: 50%, 40–60%, 1 March 2026, 09:00 UTC</title>" in shown
    kept = drawing(tmp_path, words.FIGURES["kept_unanswerable"])
    assert 'class="span"' not in kept and 'class="point"' in kept
