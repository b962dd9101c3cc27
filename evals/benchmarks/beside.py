"""Two fits of the support judge on the same texts and folds: what one knows beside the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.fits import Floats, held_out, least
from evals.benchmarks.labelled import KINDS, Seen
from evals.benchmarks.thresholds import Flags, thresholds
from evals.judge.metrics import Outcomes, auroc, balanced_accuracy
from evals.statistics import Statistic, estimate_statistic

Drawn = NDArray[np.int64]
Metric = Callable[[Outcomes], float | None]


@dataclass(frozen=True, slots=True)
class Folded:
    """The judge by some of the signals, on folds by group."""

    names: tuple[str, ...]
    chances: Sequence[Floats]
    """Of each text's sentences, by a fit that saw none of its group."""
    least: Floats
    """Of each text."""
    thresholds: dict[str, float]
    called: Flags
    """Texts that it calls supported."""

    @classmethod
    def of(cls, seen: Sequence[Seen], names: Sequence[str]) -> "Folded":
        chances = held_out(seen, names)
        lowest = least(chances)
        found = thresholds(seen, lowest)
        clear = ~np.array([one.objected for one in seen])
        return cls(tuple(names), chances, lowest, found, clear & (lowest >= found["supported"]))


def beside(seen: Sequence[Seen], without: Folded, with_it: Folded) -> Iterator[str]:
    """For AUROC and for balanced accuracy a line for each set and one for their mean: both judges, and the difference
    with its 95% interval, over groups and paired."""
    for name, one in (("without", without), ("with", with_it)):
        drawn = ", ".join(f"{key} {value}" for key, value in one.thresholds.items())
        yield f"{name:8} {drawn}; by {', '.join(one.names)}"
    kinds, groups = np.array([one.set for one in seen]), [one.group for one in seen]
    rows = [*((name, np.flatnonzero(kinds == name)) for name in KINDS), ("mean", np.arange(len(seen)))]
    for title, metric in (("AUROC", auroc), ("balanced accuracy", balanced_accuracy)):
        yield f"\n{title:20}{'texts':>6}  without   with  difference (95%)"
        for name, own in rows:
            if len(own):
                pair = _Pair(seen, kinds, metric, without, with_it)
                found = estimate_statistic(
                    _at(pair.difference, own),
                    [groups[at] for at in own],
                    strata=[str(kinds[at]) for at in own],
                    within=(-1.0, 1.0),
                )
                first, second = (pair.mean(one, own) or np.nan for one in (without, with_it))
                interval = "" if found.low is None or found.high is None else f"  {found.low:+.3f} to {found.high:+.3f}"
                yield f"{name:20}{len(own):6}  {first:7.3f}  {second:.3f}  {found.value or 0.0:+.3f}{interval}"


def left_out(seen: Sequence[Seen], names: Sequence[str]) -> Iterator[str]:
    """What the mean AUROC over sets comes to without each of the signals: what a signal adds to the others."""
    kinds = np.array([one.set for one in seen])

    def mean(used: Sequence[str]) -> float:
        folded = Folded.of(seen, used)
        return _Pair(seen, kinds, auroc, folded, folded).mean(folded, np.arange(len(seen))) or np.nan

    whole = mean(names)
    yield f"\nmean AUROC {whole:.4f}; with one signal left out:"
    for name in names:
        yield f"{name:14} {mean([one for one in names if one != name]) - whole:+.4f}"


class _Pair:
    """A metric of two judges, as the mean over the sets that define it for both."""

    def __init__(
        self, seen: Sequence[Seen], kinds: "NDArray[np.str_]", metric: Metric, without: Folded, with_it: Folded
    ) -> None:
        self._labels = np.array([one.supported for one in seen])
        self._kinds, self._metric = kinds, metric
        self._without, self._with_it = without, with_it

    def difference(self, drawn: Drawn) -> float | None:
        first, second = self.mean(self._without, drawn), self.mean(self._with_it, drawn)
        return None if first is None or second is None else second - first

    def mean(self, one: Folded, drawn: Drawn) -> float | None:
        found = []
        for name in np.unique(self._kinds[drawn]):
            at = drawn[self._kinds[drawn] == name]
            found.append(self._metric(Outcomes(self._labels[at], one.called[at], one.least[at])))
        known = [value for value in found if value is not None]
        return float(np.mean(known)) if known else None


def _at(statistic: Statistic, own: Drawn) -> Statistic:
    """The statistic of some of the cases, by their place among those."""
    return lambda drawn: statistic(own[drawn])
