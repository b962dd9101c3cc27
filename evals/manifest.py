"""What a run was made with: enough to tell whether two runs may be compared."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.judge.judges import NamedJudge
from evals.shelf import Asked
from evals.surroundings import surroundings
from rag.types import Entry

SAME = {
    "cases": "other cases",
    "data": "other documents",
    "settings": "other settings",
    "options": "other options",
    "weights": "other models",
    "judge": "another judge",
    "git": "other code",
}
"""What must not change within a run, and how a message names the difference."""
PLACES = {"index", "runs"}
"""Settings that say where things lie and change no figure."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the library is asked."""

    rerank: bool = True
    abstain: bool = True
    model: str | None = None
    """A chat model that writes the answers; None for the settings' one, which quotes by default."""
    history: bool = True
    """Whether a case with earlier turns is asked as a follow-up to them; else its question is asked as it stands."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the cases come from."""

    name: str
    sha256: str
    """Of the file, or of the cases where there is none."""
    count: int
    limit: int | None = None
    licence: str = ""
    """Of a public set; "" for cases of one's own."""
    note: str = ""
    """What a reader of its figures should know."""


def manifest(
    library: Asked,
    entries: Sequence[Entry],
    origin: Origin,
    name: str,
    options: Options,
    judge: NamedJudge,
    workers: int,
    seed: int,
) -> dict[str, Any]:
    """Cases, documents, settings, models, versions, code and machine of a run, ready for JSON."""
    settings = library.settings.model_dump(mode="json", exclude=PLACES)
    return {
        "name": name,
        "cases": asdict(origin),
        "data": {"documents": len(entries), "sha256": _hash(entries)},
        "settings": settings,
        "options": asdict(options),
        "models": {
            "embedder": settings["embedder"],
            "reranker": settings["reranker"],
            "answer": options.model or settings["answer"]["model"] or "extractive",
        },
        "weights": library.weights(),
        "judge": {"name": judge.name, "qualified": judge.qualified},
        "seed": seed,
        "workers": workers,
    } | surroundings()


def same_run(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """None where a run may go on, else what differs."""
    return next((difference for key, difference in SAME.items() if earlier.get(key) != now[key]), None)


def _hash(entries: Sequence[Entry]) -> str:
    """Of the documents' names and contents; where they lie does not matter."""
    lines = sorted(f"{Path(entry.source).name}\t{entry.sha256}\n" for entry in entries)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
