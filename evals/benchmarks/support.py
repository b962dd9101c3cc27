"""Fit the support judge: a logistic regression from its signals to "people called it supported", and its thresholds.

    python -m evals.benchmarks.support OUT.json [--limit N]

Texts: the human-labelled sets whose licence lets a model that ships learn from them (evals/judge/sets.py); BEGIN and
the others only evaluate. Each set counts alike, and in each set supported and not supported do. A response of several
sentences that people found fault with is fitted by its least supported one, by a first fit to single sentences. One
more set has supported texts beside their own evidence and beside that of another group, which supports none of them.

Thresholds are drawn on folds by group, so that none is chosen on what was fitted. `supported` is the least one where,
of the texts that reach it and that no exact check objects to, people called `TRUE` or more supported, by the lower 95%
bound over groups (articles and questions, not sentences). Of those below `partial` they called at most `1 - TRUE`
supported, by the upper bound. In both, every set counts alike, and supported as much as not.
"""

import argparse
import datetime
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from evals.benchmarks.pools import bench
from evals.judge.sets import SETS, read_set, some_groups
from rag import Judge

FITTED = ("wice", "expertqa", "ragtruth-qa", "ragtruth-summary", "fever")
ELSEWHERE = "another's evidence"
KINDS = (*FITTED, ELSEWHERE)
EVERY = 4
"""Of the supported texts, every so many are also held against another's evidence."""
TRUE = 0.7
"""Least share of the texts called supported that are, were half of all so."""
RESAMPLES, SEED = 1000, 20231223


@dataclass(frozen=True, slots=True)
class Seen:
    """One labelled text: the signals of each sentence that has any, and whether an exact check objects to one."""

    set: str
    group: str
    supported: bool
    objected: bool
    signals: tuple[tuple[float, ...], ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--limit", type=int, default=800, help="about so many texts of each set")
    given = parser.parse_args()
    seen, names = _seen(given.limit)
    chances = _held_out(seen)
    for line in _figures(seen, chances):
        print(line)
    given.out.write_text(json.dumps(_fitted(seen, names, chances, given.limit), indent=2) + "\n", encoding="utf-8")


def _seen(limit: int) -> tuple[list[Seen], list[str]]:
    judge, folder, console = Judge(), bench(), Console(stderr=True)
    seen, names = [], []
    for name in FITTED:
        if not SETS[name].may_fit:
            raise ValueError(f"{name} may not be fitted to")
        items = some_groups(read_set(name, folder) or [], limit)
        texts = [(name, item, item.evidence, item.supported) for item in items]
        for at, item in enumerate(items):
            other = items[(at + len(items) // 2) % len(items)]
            if item.supported and at % EVERY == 0 and other.group != item.group:
                texts += [(ELSEWHERE, item, item.evidence, True), (ELSEWHERE, item, other.evidence, False)]
        for kind, item, evidence, right in track(texts, name, console=console, disable=not console.is_terminal):
            checked = judge.checked(item.text, evidence)
            found = [one.signals for one in checked if one.signals]
            if found:
                names = list(found[0])
                rows = tuple(tuple(one.values()) for one in found)
                objected = any(one.findings for one in checked)
                seen.append(Seen(kind, f"{name}:{item.group}", right, objected, rows))
    return seen, names


def _rows(seen: Sequence[Seen], rank: "_Fit | None") -> tuple[Any, Any, Any]:
    """Signals, labels and weights of single sentences; `rank` tells which of several is the worst."""
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    sets: list[str] = []
    for one in seen:
        if len(one.signals) == 1 or one.supported:
            chosen = list(one.signals)
        elif rank is None:
            continue
        else:
            chosen = [one.signals[int(np.argmin(rank.chances(np.array(one.signals))))]]
        rows.extend(chosen)
        right.extend([one.supported] * len(chosen))
        sets.extend([one.set] * len(chosen))
    labels, kinds = np.array(right), np.array(sets)
    weights = np.zeros(len(rows))
    for name in set(sets):
        for label in (True, False):
            mask = (kinds == name) & (labels == label)
            weights[mask] = 1 / max(1, mask.sum())
    return np.array(rows), labels, weights * len(rows) / weights.sum()


class _Fit:
    """Standardised signals to a chance."""

    def __init__(self, seen: Sequence[Seen], rank: "_Fit | None" = None) -> None:
        rows, labels, weights = _rows(seen, rank)
        self.scaler = StandardScaler().fit(rows)
        self.model = LogisticRegression(C=0.3, max_iter=1000).fit(self.scaler.transform(rows), labels, weights)

    def chances(self, rows: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        found: np.ndarray[Any, Any] = self.model.predict_proba(self.scaler.transform(rows))[:, 1]
        return found


def _fit(seen: Sequence[Seen]) -> _Fit:
    return _Fit(seen, _Fit(seen))


def _held_out(seen: Sequence[Seen]) -> "np.ndarray[Any, Any]":
    """The least chance of each text's sentences, by a fit that saw none of its group."""
    chances = np.zeros(len(seen))
    groups = [one.group for one in seen]
    for train, test in GroupKFold(5, shuffle=True, random_state=SEED).split(chances, groups=groups):
        fit = _fit([seen[at] for at in train])
        for at in test:
            chances[at] = fit.chances(np.array(seen[at].signals)).min()
    return chances


def _fitted(seen: Sequence[Seen], names: Sequence[str], chances: "np.ndarray[Any, Any]", limit: int) -> dict[str, Any]:
    """What support.json holds."""
    fit = _fit(seen)
    counts = ", ".join(f"{sum(one.set == name for one in seen)} {name}" for name in KINDS)
    return {
        "signals": list(names),
        "mean": fit.scaler.mean_.round(4).tolist(),
        "scale": fit.scaler.scale_.round(4).tolist(),
        "weights": fit.model.coef_[0].round(4).tolist(),
        "intercept": round(float(fit.model.intercept_[0]), 4),
        "thresholds": thresholds(seen, chances),
        "data": f"{len(seen)} texts: {counts}",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": f"python -m evals.benchmarks.support rag/trust/support.json --limit {limit}",
    }


def thresholds(seen: Sequence[Seen], chances: "np.ndarray[Any, Any]") -> dict[str, float]:
    """The two thresholds, to two places; see above for what they promise."""
    labels, clear = np.array([one.supported for one in seen]), ~np.array([one.objected for one in seen])
    groups = np.unique([one.group for one in seen], return_inverse=True)[1]
    count = groups.max() + 1
    drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    weights = drawn[:, groups] * _even(seen)
    steps = [round(float(step), 2) for step in np.arange(0.02, 0.99, 0.01)]
    supported = next((step for step in steps if _share(weights, labels, clear & (chances >= step), 0.05) >= TRUE), 0.99)
    below = [step for step in steps if _share(weights, labels, chances < step, 0.95) <= 1 - TRUE]
    return {"supported": supported, "partial": min(max(below, default=0.01), supported)}


def _even(seen: Sequence[Seen]) -> "np.ndarray[Any, Any]":
    """Weights by which every set counts alike, and in it supported and not supported."""
    kinds = [(one.set, one.supported) for one in seen]
    counts = Counter(kinds)
    return np.array([1 / counts[kind] for kind in kinds])


def _share(weights: "np.ndarray[Any, Any]", labels: "np.ndarray[Any, Any]", kept: Any, quantile: float) -> float:
    """A bound over resampled groups of the weighted share that is supported, among those kept."""
    right, all_kept = (weights * (kept & labels)).sum(1), (weights * kept).sum(1)
    return float(np.quantile(right / np.maximum(1e-9, all_kept), quantile))


def _figures(seen: Sequence[Seen], chances: "np.ndarray[Any, Any]") -> list[str]:
    labels, sets = np.array([one.supported for one in seen]), np.array([one.set for one in seen])
    chosen = thresholds(seen, chances)
    called = (chances >= chosen["supported"]) & ~np.array([one.objected for one in seen])
    lines = [f"thresholds, on folds by group: supported {chosen['supported']}, partial {chosen['partial']}"]
    for name in KINDS:
        mask = sets == name
        lines.append(
            f"{name:18} n {mask.sum():5}  AUROC of the signals {roc_auc_score(labels[mask], chances[mask]):.3f}"
            f"   called supported {called[mask].mean():.2f}"
            f", balanced accuracy {balanced_accuracy_score(labels[mask], called[mask]):.3f}"
        )
    return lines


if __name__ == "__main__":
    main()
