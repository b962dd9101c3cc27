"""Every public set that is at hand, run through the evaluation: one table of what is found, answered and refused.

    python -m evals.benchmarks.sets [--limit N] [--runs FOLDER]

Each row is a run with its report in FOLDER; a run that was stopped goes on.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from evals import run
from evals.benchmarks.pools import bench
from evals.sets import SETS
from rag.errors import BadInput

COLUMNS = {
    "hit_5": "evidence in the first 5",
    "ndcg_10": "nDCG@10",
    "answer_found": "answer found",
    "evidence_cited": "evidence cited",
    "kept_unanswerable": "unanswerable, yet answered",
    "decision_right": "decided rightly",
    "auroc": "confidence AUROC",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=200, help="questions of each set, at most")
    parser.add_argument("--runs", type=Path, default=Path("evals/runs/sets"), help="where the runs are left")
    given = parser.parse_args()
    bench()
    console = Console(stderr=True)
    print("| set | questions | " + " | ".join(COLUMNS.values()) + " |")
    print("|---|---|" + "---|" * len(COLUMNS))
    for name in SETS:
        try:
            done = run(name, limit=given.limit, out=given.runs / f"{name}-{given.limit}", console=console)
        except BadInput as error:
            console.print(f"skipped: {error}", markup=False, soft_wrap=True)
            continue
        print(row(name, done.summary), flush=True)


def row(name: str, summary: Mapping[str, Any]) -> str:
    """A line of the table; a dash where no question of the set can show it."""
    cells = [_cell(summary["metrics"][metric]) for metric in COLUMNS]
    return f"| {name} | {summary['scored']} | " + " | ".join(cells) + " |"


def _cell(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return "–"
    between = "" if figure["low"] is None else f" [{figure['low']:.2f}, {figure['high']:.2f}]"
    return f"{figure['value']:.3f}{between}"


if __name__ == "__main__":
    main()
