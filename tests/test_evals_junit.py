from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.comparing import compare
from evals.comparing.gate import Gate
from evals.junit import write_comparison, write_run
from rag.errors import BadInput
from tests.scripted_runs import record, run_of, scored_run


def suite_of(path: Path) -> ElementTree.Element:
    root = ElementTree.parse(path).getroot()  # noqa: S314
    assert root.tag == "testsuites"
    suite = root.find("testsuite")
    assert suite is not None
    return suite


def test_every_case_of_a_run_is_a_test(tmp_path: Path) -> None:
    run = run_of(
        [
            record("good", {}, seconds=0.25),
            record("bad", {}, failed=["the answer contains no accepted answer", "no <evidence>"], fell="reading"),
            record("broken", {}, error="ValueError: no \x00 reply \ud800", answer=None),
        ]
    )
    write_run(tmp_path / "run.xml", run)
    suite = suite_of(tmp_path / "run.xml")
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "1", "0"]
    good, bad, broken = suite.findall("testcase")
    assert (good.get("classname"), good.get("name"), good.get("time")) == ("pincite.cases", "good", "0.250")
    assert [child.tag for child in good] == ["system-out"]
    failure, error = bad.find("failure"), broken.find("error")
    assert failure is not None and error is not None
    assert failure.get("type") == "reading"
    assert failure.get("message") == "the answer contains no accepted answer; no <evidence>"
    assert error.get("type") == "ValueError"
    assert error.get("message") == "ValueError: no \ufffd reply \ufffd"  # characters that XML cannot hold


def test_every_gate_of_a_comparison_is_a_test(tmp_path: Path) -> None:
    a = scored_run("answer_found", [1.0] * 40, name="before")
    b = scored_run("answer_found", [0.0] * 20 + [1.0] * 20, name="after")
    gates = [Gate.parse(text) for text in ("answer_found:0.02", "hit_5:0.02", "answer_found:0.9")]
    compared = compare(a, b, gates)
    write_comparison(tmp_path / "gates.xml", compared)
    suite = suite_of(tmp_path / "gates.xml")
    assert [suite.get(name) for name in ("tests", "failures", "skipped")] == ["3", "1", "1"]
    kinds = [[child.tag for child in test if child.tag != "system-out"] for test in suite.findall("testcase")]
    assert kinds == [["failure"], ["skipped"], []]
    out = suite.findtext("system-out") or ""
    assert out.startswith("lost case-0: the answer is no longer found (What about case-0?)")
    assert len(out.splitlines()) == 20
    write_comparison(tmp_path / "strict.xml", compared, strict=True)
    assert suite_of(tmp_path / "strict.xml").get("failures") == "2"


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="give a file that can be written"):
        write_run(tmp_path / "none" / "run.xml", run_of([record("one", {})]))
