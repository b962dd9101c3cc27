"""The logistic regression of the support judge: from the signals of sentences to "people called the text supported"."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from evals.benchmarks.labelled import SIGNALS, Seen
from evals.statistics import SEED

Floats = NDArray[np.float64]
FOLDS = 5


class Fit:
    """Standardised signals to a chance."""

    def __init__(self, seen: Sequence[Seen], names: Sequence[str], rank: "Fit | None" = None) -> None:
        self.columns = [SIGNALS.index(name) for name in names]
        rows, labels, weights = _rows(seen, rank)
        self.scaler = StandardScaler().fit(rows[:, self.columns])
        scaled = self.scaler.transform(rows[:, self.columns])
        self.model = LogisticRegression(C=0.3, max_iter=1000).fit(scaled, labels, weights)

    def chances(self, one: Seen) -> Floats:
        """Of each of its sentences."""
        rows = np.array(one.signals)[:, self.columns]
        found: Floats = self.model.predict_proba(self.scaler.transform(rows))[:, 1]
        return found


def fit(seen: Sequence[Seen], names: Sequence[str]) -> Fit:
    """By the signals in `names`. A text that is not supported is fitted by the sentence that a first fit finds worst,
    as it is not known which of them people found fault with."""
    return Fit(seen, names, Fit(seen, names))


def held_out(seen: Sequence[Seen], names: Sequence[str]) -> list[Floats]:
    """The chances of each text's sentences, by a fit that saw none of its group; the same folds whatever the names."""
    found: list[Floats] = [np.zeros(0)] * len(seen)
    groups = [one.group for one in seen]
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(groups, groups=groups):
        fitted = fit([seen[at] for at in train], names)
        for at in test:
            found[at] = fitted.chances(seen[at])
    return found


def least(chances: Sequence[Floats]) -> Floats:
    """Of each text: it is as good as its worst sentence."""
    return np.array([float(own.min()) for own in chances])


def _rows(seen: Sequence[Seen], rank: Fit | None) -> tuple[Any, Any, Any]:
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
            chosen = [one.signals[int(np.argmin(rank.chances(one)))]]
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
