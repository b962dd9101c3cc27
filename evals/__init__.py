"""Measures of the code that runs for users: cases, metrics, statistics, comparison, report.

>>> from evals import compare, run
>>> before = run("evals/cases/seeds.jsonl")
>>> after = run("evals/cases/seeds.jsonl", plan=Plan(options=Options(rerank=False)))
>>> print(compare(before, after, gates=["answer_found:0.02"]).outcomes[0].message)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evals.cases import Case, Evidence, load_cases
    from evals.comparing import Comparison
    from evals.folder import Run
    from evals.harness import compare, run
    from evals.manifest import Options
    from evals.running import Plan

_HOME_OF = {
    "Case": "evals.cases",
    "Comparison": "evals.comparing",
    "Evidence": "evals.cases",
    "Options": "evals.manifest",
    "Plan": "evals.running",
    "Run": "evals.folder",
    "compare": "evals.harness",
    "load_cases": "evals.cases",
    "run": "evals.harness",
}

__all__ = ["Case", "Comparison", "Evidence", "Options", "Plan", "Run", "compare", "load_cases", "run"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: `python -m evals --help` needs none of them."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'evals' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
