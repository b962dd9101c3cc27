"""Fit the confidence of an answer: a logistic regression from its signals to "it is right".

    python -m evals.benchmarks.confidence OUT.json [--each N]

Questions: Natural Questions with the document that answers them (right where the answer contains an accepted one) and
with that document left out of the scope (never right); CLAPNQ and SQuAD 2.0, whose unanswerable questions are never
right. Right and not right count alike in the fit, so that a confidence of one half is an even chance between the two.
Figures are on folds by document, so that none is measured on what it was fitted to.
"""

import argparse
import datetime
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from evals.benchmarks.pools import Asked, Pool, bench, natural_questions, squad
from evals.metrics import contains
from rag import Library


class Seen(NamedTuple):
    """One question as it was answered."""

    kind: str
    group: str
    signals: list[float]
    right: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--each", type=int, default=300, help="questions of each kind")
    given = parser.parse_args()
    folder = bench()
    seen = [*_ask(natural_questions(folder), given.each, remove="nq"), *_ask(squad(folder), given.each)]
    signals = np.array([one.signals for one in seen])
    right = np.array([one.right for one in seen])
    for line in _figures(seen, signals, right):
        print(line)
    given.out.write_text(json.dumps(_fitted(seen, signals, right, given.each), indent=2) + "\n")


def _fitted(
    seen: Sequence[Seen], signals: "np.ndarray[Any, Any]", right: "np.ndarray[Any, Any]", each: int
) -> dict[str, Any]:
    """What abstention.json holds."""
    scaler = StandardScaler().fit(signals)
    model = LogisticRegression(class_weight="balanced").fit(scaler.transform(signals), right)
    return {
        "mean": scaler.mean_.round(4).tolist(),
        "scale": scaler.scale_.round(4).tolist(),
        "weights": model.coef_[0].round(4).tolist(),
        "intercept": round(float(model.intercept_[0]), 4),
        "data": f"{len(seen)} questions: {_counts(seen)}",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": f"python -m evals.benchmarks.confidence rag/trust/abstention.json --each {each}",
    }


def _ask(pool: Pool, each: int, remove: str | None = None) -> list[Seen]:
    console = Console(stderr=True)
    seen = []
    with tempfile.TemporaryDirectory() as place, Library(place) as library:
        library.add_documents(pool.documents)
        sources = [document.source for document in pool.documents]
        for item, scope, kind in track(
            _asked(pool, each, remove, sources), "asking", console=console, disable=not console.is_terminal
        ):
            answer = library.ask(item.question, sources=scope, abstain=False)
            right = scope is None and contains(answer.text, item.answers)
            seen.append(Seen(kind, item.group, list(answer.signals.values()), right))
    return seen


def _asked(pool: Pool, each: int, remove: str | None, sources: list[str]) -> list[tuple[Asked, list[str] | None, str]]:
    chosen: list[tuple[Asked, list[str] | None, str]] = []
    for name in sorted({item.set for item in pool.questions} - {"clapnq"}):  # its answers are in free words
        items = [item for item in pool.questions if item.set == name]
        picked = items[:: max(1, len(items) // each)][:each]
        chosen.extend((item, None, name) for item in picked)
        if name == remove:
            chosen.extend(
                (item, [source for source in sources if source not in item.gold], f"{name}, document removed")
                for item in picked
            )
    return chosen


def _figures(seen: Sequence[Seen], signals: "np.ndarray[Any, Any]", right: "np.ndarray[Any, Any]") -> list[str]:
    chances = np.zeros(len(seen))
    for train, test in GroupKFold(5).split(signals, right, [one.group for one in seen]):
        scaler = StandardScaler().fit(signals[train])
        model = LogisticRegression(class_weight="balanced").fit(scaler.transform(signals[train]), right[train])
        chances[test] = model.predict_proba(scaler.transform(signals[test]))[:, 1]
    kinds = np.array([one.kind for one in seen])
    lines = [f"{len(seen)} questions: {_counts(seen)}"]
    for name, mask in {
        "all": np.ones(len(seen), bool),
        "nq, with and without its document": np.char.startswith(kinds, "nq"),
        "squad 2.0": np.char.startswith(kinds, "squad2"),
    }.items():
        auroc = roc_auc_score(right[mask], chances[mask])
        lines.append(
            f"{name:36} AUROC {auroc:.3f}   Brier {brier_score_loss(right[mask], chances[mask]):.3f}   n {mask.sum()}"
        )
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        kept = chances >= threshold
        parts = [f"{kind} {kept[kinds == kind].mean():.2f}" for kind in sorted(set(kinds))]
        lines.append(f"answered at {threshold:.2f}: {', '.join(parts)}; right among answered {right[kept].mean():.2f}")
    return lines


def _counts(seen: Sequence[Seen]) -> str:
    kinds = [one.kind for one in seen]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))


if __name__ == "__main__":
    main()
