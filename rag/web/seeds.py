"""The example documents that come with Pincite: beside the package in its repository, in `share` where installed."""

import sysconfig
from pathlib import Path

import rag

NAME = "seeds"


def folder() -> Path | None:
    """Where the example documents lie, or None where they did not come with this installation."""
    beside, shared = Path(rag.__file__).parent.parent, Path(sysconfig.get_path("data"), "share", "pincite")
    return next((place / NAME for place in (beside, shared) if (place / NAME / "ledger-report.md").is_file()), None)
