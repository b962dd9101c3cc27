"""Fit the confidence of an answer: a logistic regression from its signals to "it is right".

    python -m evals.benchmarks.confidence [OUT.json] [--each N] [--without | --short-only]

Questions: Natural Questions with the document that answers them (right where the answer contains an accepted one) and
with that document left out of the scope (never right); SQuAD 2.0, its unanswerable questions, and those of CLAPNQ
(never right). Only measured: SQuAD 2.0 with the whole article left out, which is easy to tell and would make the fit
too sure, and CLAPNQ's answerable questions, whose answers are in free words. Right and not right count alike in the
fit, so that a confidence of one half is an even chance between the two. Figures are on folds by document, so that none
is measured on what it was fitted to.

Only questions on articles that the packaged reader did not learn from are asked, and figures stand beside each other,
with its signal and without, from the same answers; the margin from which a short answer is shown is chosen on those
that are answered. `--without` has no use for the reader, and asks all. The fit that ships is written by `--without`,
and then its margin by `--short-only`.
"""

import argparse
import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from evals.benchmarks import shorts
from evals.benchmarks.answered import ANSWERABLE, FREE_WORDS, REMOVED, SHORT, SIGNALS, Seen, ask, counts
from evals.benchmarks.pools import bench, natural_questions, squad
from evals.benchmarks.sureness import Bools, Floats, figures
from rag import Settings

COMMAND = "python -m evals.benchmarks.confidence rag/trust/abstention.json"
MEASURED_ONLY = (FREE_WORDS, f"squad2{REMOVED}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", help="where the fit is written; without it, it is only measured")
    parser.add_argument("--each", type=int, default=250, help="questions of each kind")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--without", action="store_true", help=f"the fit without the signal {ANSWERABLE} alone")
    what.add_argument("--short-only", action="store_true", help="leave OUT's fit, write the short answers' margin")
    given = parser.parse_args()
    folder = bench()
    pools = (natural_questions(folder), squad(folder))
    seen = [one for pool in pools for one in ask(pool, given.each, learnt=given.without)]
    without = tuple(name for name in SIGNALS if name != ANSWERABLE)
    names = {"": without} if given.without else {"with the reader, ": SIGNALS, "without it, ": without}
    chances = {fit: held_out(seen, signals) for fit, signals in names.items()}
    for line in figures(seen, chances):
        print(line)
    flag = " --without" if given.without else " --short-only" if given.short_only else ""
    command = f"{COMMAND} --each {given.each}{flag}"
    if given.without:
        written = fitted(seen, without, {}, command)
    else:
        least = Settings().answer.confidence
        used = chances["without it, " if given.short_only else "with the reader, "]
        answered = [one for one, chance in zip(seen, used, strict=True) if chance >= least]
        margin = shorts.threshold(answered)
        for line in shorts.lines(answered, margin):
            print(line)
        thresholds = {} if margin is None else {SHORT: margin}
        if given.short_only:
            written = json.loads(given.out.read_text(encoding="utf-8")) if given.out else {}
            written |= {"thresholds": thresholds, "short": {"data": f"{len(answered)} answers", "command": command}}
        else:
            written = fitted(seen, SIGNALS, thresholds, command)
    if given.out:
        given.out.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


def fitted(seen: Sequence[Seen], names: Sequence[str], thresholds: Mapping[str, float], command: str) -> dict[str, Any]:
    """What abstention.json holds: a fit of the signals with those names to what may be fitted of `seen`."""
    seen = [one for one in seen if one.kind not in MEASURED_ONLY]
    signals, right = _arrays(seen, names)
    scaler, model = _fit(signals, right)
    return {
        "signals": list(names),
        "mean": scaler.mean_.round(4).tolist(),
        "scale": scaler.scale_.round(4).tolist(),
        "weights": model.coef_[0].round(4).tolist(),
        "intercept": round(float(model.intercept_[0]), 4),
        "thresholds": dict(thresholds),
        "data": f"{len(seen)} questions: {counts(seen)}",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": command,
    }


def held_out(seen: Sequence[Seen], names: Sequence[str]) -> Floats:
    """The confidence (n,) of each by a fit of the signals with those names that saw no question of its document."""
    signals, right = _arrays(seen, names)
    may = np.array([one.kind not in MEASURED_ONLY for one in seen])
    chances = np.zeros(len(seen))
    for train, test in GroupKFold(5).split(signals, right, [one.group for one in seen]):
        train = train[may[train]]
        scaler, model = _fit(signals[train], right[train])
        chances[test] = model.predict_proba(scaler.transform(signals[test]))[:, 1]
    return chances


def _arrays(seen: Sequence[Seen], names: Sequence[str]) -> tuple[Floats, Bools]:
    return np.array([[one.signals[name] for name in names] for one in seen]), np.array([one.right for one in seen])


def _fit(signals: Floats, right: Bools) -> tuple[Any, Any]:
    scaler = StandardScaler().fit(signals)
    return scaler, LogisticRegression(class_weight="balanced", max_iter=500).fit(scaler.transform(signals), right)


if __name__ == "__main__":
    main()
