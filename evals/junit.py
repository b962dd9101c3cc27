"""JUnit XML, which continuous integration shows as test results.

There is no one standard. What is written is the part that the schema of Jenkins' xUnit plugin (junit-10.xsd) allows
and that GitLab and the readers for GitHub know: `testsuites`, `testsuite`, `testcase` with `classname` (GitLab's
suite) and `name`, and in it `failure`, `error` or `skipped` with a message, then `system-out`.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from evals.comparing import Comparison
from evals.comparing.flips import Flip
from evals.comparing.gate import Outcome
from evals.folder import Record, Run
from rag.errors import BadInput

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""
SUITE = "pincite"


def write_run(path: Path, run: Run) -> None:
    """A test for each case: failed where a check did, an error where asking raised. Raises `BadInput`."""
    suite = ElementTree.Element("testsuite", {"name": _clean(f"{SUITE}: {run.name}")})
    for record in run.records:
        _case(suite, record)
    _write(path, suite)


def write_comparison(path: Path, comparison: Comparison, *, strict: bool = False) -> None:
    """A test for each gate: failed where it fails, skipped where it is inconclusive (failed if `strict`).

    The cases that flipped stand in the suite's output. Raises `BadInput` where `path` cannot be written.
    """
    names = f"{comparison.a.name} → {comparison.b.name}"
    suite = ElementTree.Element("testsuite", {"name": _clean(f"{SUITE}: {names}")})
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _told(comparison).items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": _clean(value)})
    for outcome in comparison.outcomes:
        _gate(suite, outcome, strict)
    lines = [*comparison.notes, *map(_flip_line, comparison.flips)]
    ElementTree.SubElement(suite, "system-out").text = _clean("\n".join(lines))
    _write(path, suite)


def _case(suite: ElementTree.Element, record: Record) -> None:
    test = _test(suite, "cases", record["id"], record["seconds"])
    if record["error"] is not None:
        _result(test, "error", record["error"].partition(":")[0], [record["error"]])
    elif record["failed"]:
        _result(test, "failure", record["fell"] or "check", record["failed"])
    lines = [f"question: {record['question']}"]
    if record["answer"] is not None:
        lines.append(f"{record['answer']['status']}: {record['answer']['text']}")
    ElementTree.SubElement(test, "system-out").text = _clean("\n".join(lines))


def _gate(suite: ElementTree.Element, outcome: Outcome, strict: bool) -> None:
    test = _test(suite, "gates", str(outcome.gate), 0.0)
    if outcome.state == "fails" or (strict and outcome.state == "inconclusive"):
        _result(test, "failure", outcome.state, [outcome.message])
    elif outcome.state == "inconclusive":
        ElementTree.SubElement(test, "skipped", {"message": _clean(f"inconclusive: {outcome.message}")})
    ElementTree.SubElement(test, "system-out").text = _clean(outcome.message)


def _test(suite: ElementTree.Element, kind: str, name: str, seconds: float) -> ElementTree.Element:
    own = {"classname": f"{SUITE}.{kind}", "name": _clean(name), "time": f"{seconds:.3f}"}
    return ElementTree.SubElement(suite, "testcase", own)


def _result(test: ElementTree.Element, kind: str, of: str, lines: Sequence[str]) -> None:
    result = ElementTree.SubElement(test, kind, {"type": _clean(of), "message": _clean("; ".join(lines))})
    result.text = _clean("\n".join(lines))


def _told(comparison: Comparison) -> Mapping[str, str]:
    return {
        "baseline": str(comparison.a.folder),
        "candidate": str(comparison.b.folder),
        "paired": "yes" if comparison.paired else "no",
        "cases": str(comparison.cases),
        "lost": str(comparison.lost),
        "won": str(comparison.won),
    }


def _flip_line(flip: Flip) -> str:
    return f"{flip.kind} {flip.id}: {', '.join(flip.what)} ({' '.join(flip.a['question'].split())})"


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


def _write(path: Path, suite: ElementTree.Element) -> None:
    tests = suite.findall("testcase")
    counts = {
        "tests": str(len(tests)),
        "failures": str(len(suite.findall("testcase/failure"))),
        "errors": str(len(suite.findall("testcase/error"))),
        "skipped": str(len(suite.findall("testcase/skipped"))),
        "time": f"{sum(float(test.get('time', 0)) for test in tests):.3f}",
    }
    suite.attrib.update(counts)
    whole = ElementTree.Element("testsuites", {name: value for name, value in counts.items() if name != "skipped"})
    whole.append(suite)
    ElementTree.indent(whole)
    try:
        ElementTree.ElementTree(whole).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}; give a file that can be written") from None
