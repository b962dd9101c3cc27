"""The README is true: its commands and its Python run as printed, in order, and it names every command there is."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_cli_faults import commands

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = ("make", "git", "pincite serve")
"""Set-up is run before any test, and the page has tests of its own."""

pytestmark = pytest.mark.skipif(not README.is_file(), reason="there is no README.md")


def test_every_block_runs_as_printed(tmp_path: Path) -> None:
    for folder in ("seeds", "evals/cases"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    blocks = BLOCK.findall(README.read_text(encoding="utf-8"))
    assert {kind for kind, _ in blocks} == {"console", "python"}
    for kind, text in blocks:
        if kind == "python":
            _run([sys.executable, "-c", text], tmp_path, text)
            continue
        for line in text.splitlines():
            command = line.removeprefix("$ ")
            if line.startswith("$ ") and not command.startswith(NOT_RUN):
                _run(["bash", "-ec", command], tmp_path, command)


def _run(command: list[str], folder: Path, shown: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shown}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_is_mentioned(command: list[str]) -> None:
    assert re.search(rf"pincite {shlex.join(command)}\b", README.read_text(encoding="utf-8"))


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|\$ )make ([a-z]+)", README.read_text(encoding="utf-8")))
    assert {"run", "test"} <= named <= targets
