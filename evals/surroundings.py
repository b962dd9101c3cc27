"""When, where and with which versions something was measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("pincite", "faiss-cpu", "numpy", "onnxruntime", "pypdf", "langchain-core", "sentence-transformers")


def surroundings() -> dict[str, Any]:
    """The time, the versions, the code and the machine, ready for JSON."""
    changes = _git("status", "--porcelain")
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES},
        "git": {"commit": _git("rev-parse", "HEAD"), "changed": None if changes is None else bool(changes)},
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _git(*arguments: str) -> str | None:
    """What git says here, or None where there is no repository, no commit or no git."""
    here = Path(__file__).parent
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
