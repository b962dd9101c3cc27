import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from evals.__main__ import app
from evals.judge import command
from evals.judge.command import judge
from evals.judge.measured import read_measured
from rag.errors import BadInput
from rag.types import Verdict


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PINCITE_BENCH", str(tmp_path))
    return tmp_path


def wice(folder: Path, *labels: str) -> None:
    path = folder / "judge_faith/wice/claim_dev.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        {
            "label": label,
            "supporting_sentences": [[0]],
            "claim": f"Claim {number} is {label}.",
            "evidence": [f"Evidence {number}."],
            "meta": {"id": str(number), "claim_title": str(number)},
        }
        for number, label in enumerate(labels)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def knowing(text: str, evidence: Sequence[str]) -> Verdict:
    """Reads the label from the claim."""
    right = "is supported" in text
    return Verdict("supported", 0.9) if right else Verdict("unsupported", 0.1)


def shown(
    names: Sequence[str], out: Path | None = None, limit: int = 0, all_parts: bool = True
) -> tuple[list[str], str, str]:
    printed, said = StringIO(), StringIO()
    screens = Console(file=printed, width=command.WIDTH), Console(file=said, width=200)
    blind = judge(names, limit, out, knowing, *screens, all_parts=all_parts)
    return blind, printed.getvalue(), said.getvalue()


def test_a_set_is_judged_and_written(folder: Path, tmp_path: Path) -> None:
    wice(folder, *["supported", "not_supported"] * 6)
    blind, printed, said = shown(["wice"], tmp_path / "out.json")
    assert blind == []
    assert "Agreement with people" in printed
    assert "wice  12  12      50%        1.000" in printed
    assert "words alone" in printed
    assert "wice: 12 texts judged" in said
    assert max(len(line) for line in printed.splitlines()) <= 100
    written = json.loads((tmp_path / "out.json").read_text())
    (score,) = written["sets"]
    assert score["readings"][0]["figures"]["balanced_accuracy"]["value"] == 1.0
    assert score["readings"][0]["figures"]["brier"]["value"] == pytest.approx(0.01)
    assert written["data"]["wice"]["texts"] == 12
    assert len(written["data"]["wice"]["sha256"]) == 64
    assert {"made_at", "versions", "git", "machine"} <= set(written["about"])


def test_the_judges_errors_are_counted_and_kept_apart(folder: Path, tmp_path: Path) -> None:
    wice(folder, *["supported", "not_supported", "not_supported"] * 4)
    console = Console(file=StringIO())
    paths = tmp_path / "out.json", tmp_path / "measured.json"

    def kind(text: str, evidence: Sequence[str]) -> Verdict:
        """Knowing, but kind to claims whose number begins with 1."""
        return Verdict("supported", 0.9) if "Claim 1" in text else knowing(text, evidence)

    judge(["wice"], 0, paths[0], kind, console, console, measured=paths[1], all_parts=True)
    (score,) = json.loads(paths[0].read_text())["sets"]
    assert score["counts"] == {"tp": 4, "fn": 0, "tn": 5, "fp": 3}  # claims 1, 10 and 11
    assert score["readings"][0]["figures"]["sensitivity"]["value"] == 1.0
    assert score["readings"][0]["figures"]["specificity"]["value"] == 0.625
    kept = read_measured(paths[1])
    found = kept.of("wice")
    assert found is not None
    assert (found.tp, found.fn, found.tn, found.fp, found.specificity) == (4, 0, 5, 3, 0.625)
    assert kept.judge.startswith("local")


def test_the_hash_changes_with_the_data(folder: Path, tmp_path: Path) -> None:
    hashes = []
    for last in ("supported", "not_supported"):
        wice(folder, "supported", "not_supported", last)
        shown(["wice"], tmp_path / "out.json")
        hashes.append(json.loads((tmp_path / "out.json").read_text())["data"]["wice"]["sha256"])
    assert hashes[0] != hashes[1]


def test_a_set_with_one_class_cannot_fail_and_that_is_an_error(folder: Path) -> None:
    wice(folder, *["supported"] * 4)
    blind, _, _ = shown(["wice"])
    assert any("bal. acc. (support) cannot fail: the 4 texts do not have both classes" in line for line in blind)
    found = CliRunner().invoke(app, ["judge", "--set", "wice", "--all-parts"])
    assert found.exit_code == 1
    assert "cannot fail" in found.stderr


def test_an_absent_set_is_skipped_aloud(folder: Path) -> None:
    wice(folder, "supported", "not_supported")
    _, printed, said = shown(["wice", "summedits"])
    assert "skipped summedits-news: there is no" in said
    assert "summedits" not in printed


def test_the_seeds_alone_give_a_mutation_score(folder: Path) -> None:
    _, printed, said = shown(["faults"], limit=8)
    assert "Faults: caught" in printed
    assert "Faithful edits: false alarms" in printed
    assert "seeds" in said
    assert "not measured, for want of texts: role swap" in said


def test_an_unknown_set_and_no_set_at_all_are_one_clear_line(folder: Path) -> None:
    with pytest.raises(BadInput, match="no set called 'nonesuch'; known: begin"):
        shown(["nonesuch"])
    with pytest.raises(BadInput, match="none of these sets lies in"):
        shown(["wice"])
    found = CliRunner().invoke(app, ["judge", "--set", "nonesuch"])
    assert found.exit_code == 2
    assert found.stderr.startswith("error: there is no set called 'nonesuch'")


def test_json_that_cannot_be_written_is_one_clear_line(folder: Path, tmp_path: Path) -> None:
    wice(folder, "supported", "not_supported")
    with pytest.raises(BadInput, match="give a file that can be written"):
        shown(["wice"], tmp_path / "nowhere" / "out.json")
