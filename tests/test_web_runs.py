"""The page's reading of run folders: whole ones, unfinished, damaged and hostile ones, and the reports it serves."""

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from evals.measures import NAMED
from rag.web import words
from rag.web.evaluations import evaluations
from rag.web.reports import attach
from rag.web.runs import HEADLINES, LISTED, Figure, listed, page
from tests.web_fakes import make_run


def html(folder: Path) -> str:
    return evaluations(*listed(folder), folder)


def test_a_row_says_what_was_asked_and_what_came_of_it(tmp_path: Path) -> None:
    make_run(tmp_path / "first", made_at="2026-03-04T09:05:00+00:00", errors={"q7": "the model is missing"})
    (row,), total = listed(tmp_path)
    assert total == 1
    assert (row.name, row.state, row.cases, row.count, row.errors) == ("first", "finished", "seeds.jsonl", 63, 1)
    assert row.figures[0] == Figure("answer_found", 0.918, 0.84, 0.98)
    assert row.pages == ("report.html",)
    shown = html(tmp_path)
    for text in ("4 March 2026, 09:05 UTC", "63 cases", "1 error counted apart", "<b>91.8%</b>", ">84–98</span>"):
        assert text in shown
    assert 'href="runs/first/report.html" target="_blank"' in shown


def test_titles_are_those_of_the_report() -> None:
    assert {name: NAMED[name].title for name in HEADLINES} == words.FIGURES


def test_newest_first_whatever_the_zone_and_the_name(tmp_path: Path) -> None:
    make_run(tmp_path / "b", made_at="2026-03-04T09:00:00+00:00")
    make_run(tmp_path / "a", made_at="2026-03-04T10:30:00+02:00")
    make_run(tmp_path / "c", made_at="2026-03-05T00:30:00+00:00")
    make_run(tmp_path / "d", made_at="zzz")
    assert [row.name for row in listed(tmp_path)[0]] == ["d", "c", "b", "a"]


def test_a_run_under_way_is_counted_and_its_rest_is_named(tmp_path: Path) -> None:
    make_run(tmp_path / "half", metrics=None, report=None)
    (tmp_path / "half" / "results.jsonl").write_text('{"id": "q1"}\n{"id": "q2"}\n{"id": "to')
    (row,), _ = listed(tmp_path)
    assert (row.state, row.done, row.count, row.pages) == ("unfinished", 2, 63, ())
    assert "Not finished: 2 of 63 asked." in html(tmp_path)
    (tmp_path / "half" / "results.jsonl").write_text('{"id": "q1"}\n{"id": "q2"}\n{"id": "q3"}\n')
    assert listed(tmp_path)[0][0].done == 3
    (tmp_path / "half" / "results.jsonl").write_text('{"id": "q"}\n' * 63)
    assert "All 63 asked, without figures yet." in html(tmp_path)


@pytest.mark.parametrize(
    "written",
    ["", "{", "[]", "null", "\x00", "[" * 100_000, '{"a": ' * 100_000, '{"metrics": 1' + "0" * 5000 + "}"],
)
@pytest.mark.parametrize("file", ["manifest.json", "metrics.json"])
def test_a_damaged_folder_is_listed_as_such(tmp_path: Path, file: str, written: str) -> None:
    make_run(tmp_path / "torn")
    (tmp_path / "torn" / file).write_text(written)
    (row,), _ = listed(tmp_path)
    assert (row.name, row.state, row.pages) == ("torn", "damaged", ("report.html",))
    assert words.RUN_DAMAGED in html(tmp_path)


def test_a_folder_without_a_manifest_is_damaged_and_others_are_no_runs(tmp_path: Path) -> None:
    (tmp_path / "results only").mkdir()
    (tmp_path / "results only" / "results.jsonl").write_text("")
    (tmp_path / "something else").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "manifest.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / "manifest.json")
    assert [(row.name, row.state) for row in listed(tmp_path)[0]] == [("results only", "damaged")]


@pytest.mark.parametrize("value", [None, True, "1", -0.1, 1.5, float("nan"), 10**400, [], {}])
def test_odd_values_are_left_out(tmp_path: Path, value: Any) -> None:
    odd = {name: {"value": value, "low": value, "high": value} for name in HEADLINES} | {"faithfulness": value}
    errors = value if not isinstance(value, float) else None
    made = {"name": value, "count": value}
    make_run(tmp_path / "odd", metrics={"cases": value, "errors": errors, "metrics": odd}, cases=made)
    (row,), _ = listed(tmp_path)
    assert row.state == "finished" and row.figures == () and row.cases == ("1" if value == "1" else "")
    assert html(tmp_path)


def test_hostile_names_are_words_and_nothing_else(tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>\"'&"
    make_run(tmp_path / hostile, cases={"name": hostile + "\ud800\u202e", "count": 3})
    shown = html(tmp_path)
    assert "<img" not in shown and "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert 'href="runs/%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E%22%27%26/report.html"' in shown
    shown.encode()


def test_names_that_no_address_can_hold_have_no_link(tmp_path: Path) -> None:
    for raw in (b"caf\xe9", b"two\nlines"):
        make_run(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw)))
    rows, _ = listed(tmp_path)
    assert len(rows) == 2 and all(row.pages == () for row in rows)
    html(tmp_path).encode()


def test_comparisons_follow_the_report(tmp_path: Path) -> None:
    make_run(tmp_path / "run")
    (tmp_path / "run" / "against-baseline.html").write_text("compared")
    (tmp_path / "run" / "notes.txt").write_text("no page")
    assert listed(tmp_path)[0][0].pages == ("report.html", "against-baseline.html")
    assert ">against-baseline<" in html(tmp_path)


def test_many_runs_are_cut_off_aloud(tmp_path: Path) -> None:
    for number in range(LISTED + 2):
        make_run(tmp_path / f"run {number}", made_at=f"2026-03-04T00:{number // 60:02}:{number % 60:02}+00:00")
    rows, total = listed(tmp_path)
    assert (len(rows), total, rows[0].name) == (LISTED, LISTED + 2, f"run {LISTED + 1}")
    assert words.OLDER_RUNS.format(count=2) in html(tmp_path)


@pytest.mark.parametrize("make", [False, True])
def test_where_there_is_none_the_page_shows_how_to_make_one(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "runs & more"
    if make:
        folder.mkdir()
    shown = html(folder)
    assert words.NO_RUNS in shown and words.FIRST_RUN in shown and "runs &amp; more" in shown


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of runs, beside it a secret, and links of every kind that lead to it."""
    runs = tmp_path / "runs"
    make_run(runs / "good run")
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "report.html").write_text("SECRET")
    (runs / "report.html").write_text("SECRET")
    (runs / "good run" / "deeper").mkdir()
    (runs / "good run" / "deeper" / "report.html").write_text("SECRET")
    (runs / "good run" / "results.jsonl").write_text("SECRET")
    (runs / "good run" / "linked.html").symlink_to(secret / "report.html")
    (runs / "linked").symlink_to(secret)
    (runs / "good run" / "folder.html").mkdir()
    os.mkfifo(runs / "good run" / "pipe.html")
    return runs


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("..", "report.html"), (".", "report.html"), ("", "report.html"), ("linked", "report.html"),
        ("../secret", "report.html"), ("good run", "../../secret/report.html"), ("good run", "deeper/report.html"),
        ("good run", "linked.html"), ("good run", "folder.html"), ("good run", "pipe.html"),
        ("good run", "results.jsonl"), ("good run", ".."), ("good run", ""), ("good run", "nothing.html"),
        ("good run", "report.html\0"), ("a" * 5000, "report.html"), ("/", "report.html"),
    ],
)  # fmt: skip
def test_only_pages_that_lie_in_a_run_are_given(shelf: Path, name: str, file: str) -> None:
    assert page(shelf, name, file) is None


def test_a_folder_of_runs_may_itself_be_a_link(shelf: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere"
    link.symlink_to(shelf)
    assert page(link, "good run", "report.html") == shelf / "good run" / "report.html"
    assert [row.name for row in listed(link)[0]] == ["good run"]


@pytest.fixture
def port(shelf: Path) -> Iterator[int]:
    app = FastAPI()
    attach(app, shelf)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield bound.getsockname()[1]
        server.should_exit = True
        thread.join()


def get(port: int, path: str) -> tuple[int, dict[str, str], str]:
    """As a program asks that does not tidy the path first."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", path, skip_host=False)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


def test_a_report_is_shown_and_cut_off(port: int) -> None:
    status, headers, text = get(port, "/runs/good%20run/report.html")
    assert status == 200 and "Nothing but figures" in text
    assert headers["content-type"] == "text/html; charset=utf-8" and "content-disposition" not in headers
    assert headers["x-content-type-options"] == "nosniff" and headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';") and "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy and "http" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "/runs/../secret/report.html", "/runs/%2e%2e/report.html", "/runs/..%2fsecret/report.html",
        "/runs/good%20run/..%2f..%2fsecret%2freport.html", "/runs/good%20run/%2e%2e%5creport.html",
        "/runs/linked/report.html", "/runs/good%20run/linked.html", "/runs/good%20run/results.jsonl",
        "/runs/good%20run/report.html%00", "/runs//report.html", "/runs/good%20run/deeper/report.html",
        "/runs/%ff/report.html",
    ],
)  # fmt: skip
def test_everything_else_is_not_found(port: int, path: str) -> None:
    status, _, text = get(port, path)
    assert status == 404 and "SECRET" not in text


def test_what_is_not_there_is_told_on_a_plain_page(port: int) -> None:
    status, headers, text = get(port, "/runs/none/report.html")
    assert status == 404 and words.NO_REPORT in text and "sandbox" in headers["content-security-policy"]


def test_a_row_can_be_written_as_json(tmp_path: Path) -> None:
    make_run(tmp_path / "run")
    assert json.dumps(html(tmp_path))
