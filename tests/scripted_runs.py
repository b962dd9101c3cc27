"""Runs without a library: records with the scores that a test wants."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.folder import Record, Run
from rag import Answer

ANSWER = Answer("What?", "answered", None, 0.5, "yes", None, (), (), (), seconds={"total": 1.0})
JUDGE = {"name": "words", "qualified": True}


def record(name: str, scores: Mapping[str, float | None], *, group: str | None = None, **fields: Any) -> Record:
    """A record with these scores; the group is the case's own unless given."""
    return {
        "id": name,
        "group_id": group or name,
        "question": f"What about {name}?",
        "answerable": True,
        "answers": ["yes"],
        "evidence": [],
        "history": [],
        "tags": [],
        "answer": ANSWER.to_dict(),
        "error": None,
        "scores": dict(scores),
        "right": None,
        "failed": [],
        "fell": None,
        "claims": [],
        "gold": [],
        "shown": [],
        "seconds": 1.0,
        **fields,
    }


def run_of(records: Sequence[Record], name: str = "run", **about: Any) -> Run:
    """A run of these records, as if loaded from a folder."""
    return Run(Path(name), {"name": name, "judge": JUDGE, "made_at": "2026-03-04T09:05:00+00:00", **about}, {}, records)


def scored_run(
    metric: str, scores: Sequence[float | None], groups: Sequence[str] | None = None, *, name: str = "run", **about: Any
) -> Run:
    """A run in which case i has scores[i] of one metric, in a group of its own unless groups are given."""
    names = groups or [str(index) for index in range(len(scores))]
    records = [record(f"case-{i}", {metric: score}, group=names[i]) for i, score in enumerate(scores)]
    return run_of(records, name, **about)
