"""The thresholds of the support judge, each by what it promises; all on texts that no fit has seen.

`supported` is the least chance where, of the texts that reach it and that no exact check objects to, people called
`TRUE` or more supported, by the lower 95% bound over groups (articles and questions, not sentences). Of those below
`partial` they called at most `1 - TRUE` supported, by the upper bound. In both, every set counts alike, and supported
as much as not.

`contradicted` is the least log-odds where, of the texts that it fires on, `RIGHT` or more are neither supported nor
known to be left open by their evidence, every set and label counting alike, and where of the supported texts of each
set at most `FALSE` fall to it. `words` is where the words marked agree best with those that people marked (F1, the mean
over sets), in sentences that the judge does not call supported.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.fits import Floats
from evals.benchmarks.labelled import SIGNALS, Seen
from evals.statistics import SEED

TRUE = 0.7
"""Least share of the texts called supported that are, were half of all so."""
RIGHT = 0.9
"""Least share of the texts called contradicted that may be."""
FALSE = 0.01
"""Greatest share of a set's supported texts that are called contradicted; one text is always let pass."""
RESAMPLES = 1000
REFUTES = SIGNALS.index("refutes")
ODDS = [round(float(step), 2) for step in np.arange(-4.0, 8.01, 0.25)]
"""Log-odds that are tried as a threshold."""

Flags = NDArray[np.bool_]


def thresholds(seen: Sequence[Seen], chances: Floats) -> dict[str, float]:
    """`supported` and `partial`, to two places, by each text's least chance."""
    labels, clear = np.array([one.supported for one in seen]), ~np.array([one.objected for one in seen])
    groups = np.unique([one.group for one in seen], return_inverse=True)[1]
    count = groups.max() + 1
    drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    weights = drawn[:, groups] * _even(seen)
    steps = [round(float(step), 2) for step in np.arange(0.02, 0.99, 0.01)]
    supported = next((step for step in steps if _share(weights, labels, clear & (chances >= step), 0.05) >= TRUE), 0.99)
    below = [step for step in steps if _share(weights, labels, chances < step, 0.95) <= 1 - TRUE]
    return {"supported": supported, "partial": min(max(below, default=0.01), supported)}


@dataclass(frozen=True, slots=True)
class Fired:
    """What a threshold for `contradicted` would call so."""

    odds: float
    precision: float
    """Of the texts called so, the share that may be; every set and label counts alike. 1 where it calls none so."""
    found: float
    """Of the texts that may be, the share called so, the mean over sets."""
    false: dict[str, tuple[int, int]]
    """By set: supported texts called so, and all supported texts."""

    @property
    def holds(self) -> bool:
        """Whether it keeps what is promised above."""
        kept = all(called <= max(1.0, FALSE * of) for called, of in self.false.values())
        return kept and self.precision >= RIGHT and self.found > 0


def contradicted(seen: Sequence[Seen], chances: Sequence[Floats], supported: float) -> list[Fired]:
    """What each threshold would call contradicted: sentences below `supported` whose `refutes` reaches it."""
    odds = np.array([highest(one, own, supported) for one, own in zip(seen, chances, strict=True)])
    may = np.array([not one.supported and not one.neutral for one in seen])
    holds = np.array([one.supported for one in seen])
    kinds, weights = np.array([one.set for one in seen]), _even(seen)
    fired = []
    for step in ODDS:
        called = odds >= step
        precision = float((weights * (called & may)).sum() / (weights * called).sum()) if called.any() else 1.0
        found = [float(called[may & (kinds == name)].mean()) for name in dict.fromkeys(kinds[may])]
        false = {
            str(name): (int((called & holds & (kinds == name)).sum()), int((holds & (kinds == name)).sum()))
            for name in dict.fromkeys(kinds)
        }
        fired.append(Fired(step, precision, float(np.mean(found)), false))
    return fired


def highest(one: Seen, chances: Floats, supported: float) -> float:
    """The greatest log-odds of a contradiction among the sentences that are not supported; −∞ where all are."""
    below = chances < supported
    return float(np.array(one.signals)[below, REFUTES].max()) if below.any() else -np.inf


def agreement(seen: Sequence[Seen], chances: Sequence[Floats], supported: float, odds: float) -> dict[str, float]:
    """By set, F1 of the words marked against those that people marked; a model's words from `odds` on (∞ for none)."""
    counts: dict[str, list[int]] = {}
    for one, own in zip(seen, chances, strict=True):
        for words, chance in zip(one.words, own, strict=True):
            wrong = np.array(words.wrong, bool)
            said = np.array(words.exact, bool) | (np.array(words.odds) >= odds)
            said &= words.objected or chance < supported
            both = counts.setdefault(one.set, [0, 0])
            both[0] += 2 * int((wrong & said).sum())
            both[1] += int(wrong.sum() + said.sum())
    return {name: twice / total if total else 0.0 for name, (twice, total) in counts.items()}


def words(seen: Sequence[Seen], chances: Sequence[Floats], supported: float) -> float | None:
    """The threshold whose marks agree best; None where no threshold is better than marking nothing by the model."""
    mean = {step: _mean(agreement(seen, chances, supported, step)) for step in (*ODDS, float("inf"))}
    best = max(mean, key=lambda step: (mean[step], step))
    return None if np.isinf(best) else best


def _mean(found: dict[str, float]) -> float:
    return float(np.mean(list(found.values()))) if found else 0.0


def _even(seen: Sequence[Seen]) -> Floats:
    """Weights by which every set counts alike, and in it supported and not supported."""
    kinds = [(one.set, one.supported) for one in seen]
    counts = Counter(kinds)
    return np.array([1 / counts[kind] for kind in kinds])


def _share(weights: Floats, labels: Flags, kept: Flags, quantile: float) -> float:
    """A bound over resampled groups of the weighted share that is supported, among those kept."""
    right, all_kept = (weights * (kept & labels)).sum(1), (weights * kept).sum(1)
    return float(np.quantile(right / np.maximum(1e-9, all_kept), quantile))
