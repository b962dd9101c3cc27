"""How well a confidence tells the right answers from the others: one line beside another for each fit."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.metrics import brier_score_loss

from evals.benchmarks.answered import ANSWERABLE, FREE_WORDS, REMOVED, Seen, counts
from evals.statistics import Estimate, estimate, estimate_statistic

COMPARED: Mapping[str, tuple[str, ...]] = {
    "SQuAD 2.0": ("squad2", "squad2-none"),
    "SQuAD 2.0, article removed or not": ("squad2", f"squad2{REMOVED}"),
    "NQ, passage removed or not": ("nq", f"nq{REMOVED}"),
    "CLAPNQ": ("clapnq", "clapnq-none"),
}
"""Which kinds of question are told apart: the first answerable, the second not."""
COVERAGES = (0.5, 0.75, 1.0)
ALONE = ("reading", ANSWERABLE)
"""Signals that are also measured by themselves."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def figures(seen: Sequence[Seen], fits: Mapping[str, Floats]) -> Iterator[str]:
    """Lines on the confidences (n,) that each fit gave to what was seen, none of them fitted to its own question."""
    kinds = np.array([one.kind for one in seen])
    right = np.array([one.right for one in seen])
    known = kinds != FREE_WORDS
    yield f"{len(seen)} questions: {counts(seen)}"
    yield from _told(f"right or not, all but {FREE_WORDS}", seen, fits, right, np.flatnonzero(known))
    for name, (answerable, none) in COMPARED.items():
        chosen = np.flatnonzero((kinds == answerable) | (kinds == none))
        if not len(chosen):
            continue
        yield f"{name}, {len(chosen)} questions"
        yield from _told("  answerable or not", seen, fits, kinds == answerable, chosen)
        yield from _alone(seen, kinds == answerable, chosen)
        if answerable != FREE_WORDS:
            yield from _told("  right or not", seen, fits, right, chosen)
        truth = right if answerable != FREE_WORDS else kinds == answerable
        for fit, chances in fits.items():
            yield from _covered(fit, seen, chances, truth, chosen)
    for fit, chances in fits.items():
        for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
            kept = chances >= threshold
            parts = [f"{kind} {kept[kinds == kind].mean():.2f}" for kind in sorted(set(kinds))]
            said = right[kept & known]
            yield f"{fit}answered at {threshold:.2f}: {', '.join(parts)}; right {said.mean() if len(said) else 0:.2f}"


def area(truth: Bools, scores: Floats) -> float | None:
    """The area under the curve by ranks (Mann and Whitney's U ÷ the pairs); None where all are true or none is."""
    true = int(truth.sum())
    pairs = true * (len(truth) - true)
    return float((rankdata(scores)[truth].sum() - true * (true + 1) / 2) / pairs) if pairs else None


def auroc(scores: Floats, truth: Bools, seen: Sequence[Seen], chosen: NDArray[np.int64]) -> Estimate:
    """The area under the curve among the chosen, with its interval over documents."""

    def drawn_again(drawn: NDArray[np.int64]) -> float | None:
        return area(truth[chosen[drawn]], scores[chosen[drawn]])

    return estimate_statistic(drawn_again, [seen[at].group for at in chosen])


def _told(
    what: str, seen: Sequence[Seen], fits: Mapping[str, Floats], truth: Bools, chosen: NDArray[np.int64]
) -> Iterator[str]:
    """AUROC with its interval, and the Brier score, fit by fit."""
    for fit, chances in fits.items():
        brier = brier_score_loss(truth[chosen], chances[chosen])
        indent = what[: len(what) - len(what.lstrip())]
        yield f"{indent}{fit}{what.lstrip()}: AUROC {auroc(chances, truth, seen, chosen)}   Brier {brier:.3f}"
    if len(fits) == 2:
        one, other = fits.values()
        yield f"{indent}{what.lstrip()}: AUROC gained {_gained(one, other, truth, seen, chosen)}"


def _gained(one: Floats, other: Floats, truth: Bools, seen: Sequence[Seen], chosen: NDArray[np.int64]) -> Estimate:
    """By how much the first fit has more area under the curve than the second, document for document."""

    def difference(drawn: NDArray[np.int64]) -> float | None:
        at = chosen[drawn]
        first, second = area(truth[at], one[at]), area(truth[at], other[at])
        return None if first is None or second is None else first - second

    return estimate_statistic(difference, [seen[at].group for at in chosen], within=(-1.0, 1.0))


def _alone(seen: Sequence[Seen], truth: Bools, chosen: NDArray[np.int64]) -> Iterator[str]:
    for name in ALONE:
        if name in seen[0].signals:
            scores = np.array([one.signals[name] for one in seen])
            yield f"  answerable or not by `{name}` alone: AUROC {auroc(scores, truth, seen, chosen)}"


def _covered(fit: str, seen: Sequence[Seen], chances: Floats, truth: Bools, chosen: NDArray[np.int64]) -> Iterator[str]:
    """How much is right of the surest of the answers."""
    surest = chosen[np.argsort(-chances[chosen], kind="stable")]
    shares = [surest[: round(len(surest) * share)] for share in COVERAGES]
    parts = [
        f"{share:.0%} {estimate([float(truth[at]) for at in kept], [seen[at].group for at in kept])}"
        for share, kept in zip(COVERAGES, shares, strict=True)
    ]
    yield f"  {fit}accuracy at coverage: " + ", ".join(parts)
    risks = [1 - truth[surest[: round(len(surest) * tenth / 10)]].mean() for tenth in range(1, 11)]
    yield f"  {fit}risk at 10% … 100% coverage: " + " ".join(f"{risk:.2f}" for risk in risks)
