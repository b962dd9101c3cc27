"""Fit the confidence of an answer: a logistic regression from its signals to "it is right".

    python -m evals.benchmarks.confidence OUT.json [--each N]

Questions: Natural Questions with the document that answers them (right where the answer contains an accepted one) and
with that document left out of the scope (never right); SQuAD 2.0, its unanswerable questions, and those of CLAPNQ
(never right). Only measured: SQuAD 2.0 with the whole article left out, which is easy to tell and would make the fit
too sure, and CLAPNQ's answerable questions, whose answers are in free words. Right and not right count alike in the
fit, so that a confidence of one half is an even chance between the two. Figures are on folds by document, so that none
is measured on what it was fitted to.
"""

import argparse
import datetime
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from evals.benchmarks.pools import Asked, Pool, bench, natural_questions, squad
from evals.metrics import contains
from evals.statistics import estimate, estimate_statistic
from rag import Library

FREE_WORDS = "clapnq"
"""Its answers are whole paragraphs in free words: that the passage has one is known, not whether ours is right."""
REMOVED = ", document removed"
COMPARED: Mapping[str, tuple[str, ...]] = {
    "SQuAD 2.0": ("squad2", "squad2-none"),
    "SQuAD 2.0, article removed or not": ("squad2", f"squad2{REMOVED}"),
    "NQ, passage removed or not": ("nq", f"nq{REMOVED}"),
    "CLAPNQ": ("clapnq", "clapnq-none"),
}
"""Which kinds of question are told apart: the first answerable, the second not."""
MEASURED_ONLY = (FREE_WORDS, f"squad2{REMOVED}")
COVERAGES = (0.5, 0.75, 1.0)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """One question as it was answered."""

    kind: str
    group: str
    signals: Mapping[str, float]
    right: bool
    """The answer contains an accepted one; of free words, that there is one at all."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--each", type=int, default=250, help="questions of each kind")
    given = parser.parse_args()
    folder = bench()
    seen = [*_ask(natural_questions(folder), given.each), *_ask(squad(folder), given.each)]
    fitted = np.array([one.kind not in MEASURED_ONLY for one in seen])
    chances = _held_out(seen, fitted)
    for line in _figures(seen, chances):
        print(line)
    written = _fitted([one for one in seen if one.kind not in MEASURED_ONLY], given.each)
    given.out.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


def _fitted(seen: Sequence[Seen], each: int) -> dict[str, Any]:
    """What abstention.json holds."""
    signals, right = _arrays(seen)
    scaler, model = _fit(signals, right)
    return {
        "signals": list(seen[0].signals),
        "mean": scaler.mean_.round(4).tolist(),
        "scale": scaler.scale_.round(4).tolist(),
        "weights": model.coef_[0].round(4).tolist(),
        "intercept": round(float(model.intercept_[0]), 4),
        "data": f"{len(seen)} questions: {_counts(seen)}",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": f"python -m evals.benchmarks.confidence rag/trust/abstention.json --each {each}",
    }


def _arrays(seen: Sequence[Seen]) -> tuple[Floats, NDArray[np.bool_]]:
    return np.array([list(one.signals.values()) for one in seen]), np.array([one.right for one in seen])


def _fit(signals: Floats, right: NDArray[np.bool_]) -> tuple[Any, Any]:
    scaler = StandardScaler().fit(signals)
    return scaler, LogisticRegression(class_weight="balanced", max_iter=500).fit(scaler.transform(signals), right)


def _held_out(seen: Sequence[Seen], fitted: NDArray[np.bool_]) -> Floats:
    """The confidence of each by a fit that saw no question of its document."""
    signals, right = _arrays(seen)
    chances = np.zeros(len(seen))
    for train, test in GroupKFold(5).split(signals, right, [one.group for one in seen]):
        train = train[fitted[train]]
        scaler, model = _fit(signals[train], right[train])
        chances[test] = model.predict_proba(scaler.transform(signals[test]))[:, 1]
    return chances


def _ask(pool: Pool, each: int) -> list[Seen]:
    console = Console(stderr=True)
    seen = []
    with tempfile.TemporaryDirectory() as place, Library(place) as library:
        library.add_documents(pool.documents)
        asked = list(_asked(pool, each))
        for item, scope, kind in track(asked, "asking", console=console, disable=not console.is_terminal):
            answer = library.ask(item.question, sources=scope, abstain=False)
            right = scope is None and (item.set == FREE_WORDS or contains(answer.text, item.answers))
            seen.append(Seen(kind, item.group, answer.signals, right))
    return seen


def _asked(pool: Pool, each: int) -> Iterator[tuple[Asked, list[str] | None, str]]:
    """Every question with its scope; of `nq` and `squad2` also without the documents that answer it."""
    titles = {document.source: document.title for document in pool.documents}
    for name in sorted({item.set for item in pool.questions}):
        items = [item for item in pool.questions if item.set == name]
        for item in items[:: max(1, len(items) // each)][:each]:
            yield item, None, name
            if name in ("nq", "squad2"):
                articles = {titles[source] for source in item.gold} if name == "squad2" else set()
                scope = [
                    source for source, title in titles.items() if source not in item.gold and title not in articles
                ]
                yield item, scope, f"{name}{REMOVED}"


def _figures(seen: Sequence[Seen], chances: Floats) -> Iterator[str]:
    kinds = np.array([one.kind for one in seen])
    right = np.array([one.right for one in seen])
    known = kinds != FREE_WORDS
    yield f"{len(seen)} questions: {_counts(seen)}"
    yield f"right or not, all but {FREE_WORDS}: " + _agreement(seen, chances, right, np.flatnonzero(known))
    for name, (answerable, none) in COMPARED.items():
        chosen = np.flatnonzero((kinds == answerable) | (kinds == none))
        if not len(chosen):
            continue
        truth = right if answerable != FREE_WORDS else kinds == answerable
        yield f"{name}, {len(chosen)} questions"
        yield "  answerable or not: " + _agreement(seen, chances, kinds == answerable, chosen)
        if answerable != FREE_WORDS:
            yield "  right or not:      " + _agreement(seen, chances, truth, chosen)
        surest = chosen[np.argsort(-chances[chosen], kind="stable")]
        shares = [surest[: round(len(surest) * share)] for share in COVERAGES]
        parts = [
            f"{share:.0%} {estimate([float(truth[at]) for at in kept], [seen[at].group for at in kept])}"
            for share, kept in zip(COVERAGES, shares, strict=True)
        ]
        yield "  accuracy at coverage: " + ", ".join(parts)
        risks = [1 - truth[surest[: round(len(surest) * tenth / 10)]].mean() for tenth in range(1, 11)]
        yield "  risk at 10% … 100% coverage: " + " ".join(f"{risk:.2f}" for risk in risks)
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        kept = chances >= threshold
        parts = [f"{kind} {kept[kinds == kind].mean():.2f}" for kind in sorted(set(kinds))]
        yield f"answered at {threshold:.2f}: {', '.join(parts)}; right {right[kept & known].mean():.2f}"


def _agreement(seen: Sequence[Seen], chances: Floats, truth: NDArray[np.bool_], chosen: NDArray[np.int64]) -> str:
    """AUROC with its interval over documents, and the Brier score."""

    def auroc(drawn: NDArray[np.int64]) -> float | None:
        labels = truth[chosen[drawn]]
        return float(roc_auc_score(labels, chances[chosen[drawn]])) if 0 < labels.sum() < len(labels) else None

    found = estimate_statistic(auroc, [seen[at].group for at in chosen])
    return f"AUROC {found}   Brier {brier_score_loss(truth[chosen], chances[chosen]):.3f}"


def _counts(seen: Sequence[Seen]) -> str:
    kinds = [one.kind for one in seen]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))


if __name__ == "__main__":
    main()
