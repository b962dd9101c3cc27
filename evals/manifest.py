"""What a run was made with: enough to tell whether two runs may be compared."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from evals.scoring import Asked
from rag.types import Entry

PACKAGES = ("pincite", "faiss-cpu", "numpy", "onnxruntime", "pypdf", "langchain-core", "sentence-transformers")
SAME = {"cases": "other cases", "data": "other documents", "settings": "other settings", "git": "other code"}
"""What must not change within a run, and how a message names the difference."""


def manifest(library: Asked, entries: Sequence[Entry], cases: Path, name: str) -> dict[str, Any]:
    """Cases, documents, settings, models, versions, code and machine of a run, ready for JSON."""
    settings = library.settings.model_dump(mode="json")
    return {
        "name": name,
        "cases": {"name": cases.name, "sha256": hashlib.sha256(cases.read_bytes()).hexdigest()},
        "data": {"documents": len(entries), "sha256": _hash(entries)},
        "settings": settings,
        "models": {
            "embedder": settings["embedder"],
            "reranker": settings["reranker"],
            "answer": settings["answer"]["model"] or "extractive",
        },
    } | surroundings()


def surroundings() -> dict[str, Any]:
    """The time, the versions, the code and the machine, ready for JSON."""
    changes = _git("status", "--porcelain")
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES},
        "git": {"commit": _git("rev-parse", "HEAD"), "changed": None if changes is None else bool(changes)},
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
    }


def same_run(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """None where a run may go on, else what differs."""
    return next((difference for key, difference in SAME.items() if earlier.get(key) != now[key]), None)


def _hash(entries: Sequence[Entry]) -> str:
    """Of the documents' names and contents; where they lie does not matter."""
    lines = sorted(f"{Path(entry.source).name}\t{entry.sha256}\n" for entry in entries)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


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
