"""What the model gets right of examples that people labelled: verdicts, words, and answers, set by set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from evals.metrics import token_f1
from rag.models.verifying import best_span
from training.batches import Encoded
from training.examples import CONTRADICTED, HOLDS, NO_ANSWER, SUPPORTED, Example

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outputs:
    """What the model said of examples."""

    logits: Floats
    """(n, 3), of the verdicts."""
    tokens: Sequence[Floats]
    """For each the logits (t, 3) of its tokens."""

    @cached_property
    def chances(self) -> Floats:
        """(n, 3), of the verdicts; each row sums to 1."""
        raised = np.exp(self.logits - self.logits.max(axis=1, keepdims=True))
        chances: Floats = raised / raised.sum(axis=1, keepdims=True)
        return chances


def figures(data: Encoded, outputs: Outputs) -> dict[str, float]:
    """The figures of every set, named `SET KIND`.

    Of claims `auroc` (supported or not), `contradicted` (AUROC, where people say which) and `words` (average precision
    of unsupported tokens). Of questions `f1` (SQuAD 2.0's, at the best threshold for no answer), `f1 where answerable`
    and `answerable` (AUROC).
    """
    found: dict[str, float] = {}
    for name in sorted({one.source for one in data.examples}):
        rows = [at for at, one in enumerate(data.examples) if one.source == name]
        found |= {f"{name} {kind}": value for kind, value in _of_set(data, outputs, rows).items()}
    return found


def score(found: Mapping[str, float]) -> float:
    """One number to choose a checkpoint by: mean AUROC on claims and mean of F1 and AUROC on questions, averaged."""
    verdicts = [value for name, value in found.items() if name.endswith(" auroc")]
    reading = [value for name, value in found.items() if name.endswith((" f1", " answerable"))]
    return float(np.mean([np.mean(verdicts), np.mean(reading)]))


def _of_set(data: Encoded, outputs: Outputs, rows: Sequence[int]) -> dict[str, float]:
    examples = [data.examples[at] for at in rows]
    tokens, items = [outputs.tokens[at] for at in rows], [data[at] for at in rows]
    if examples[0].answer is not None:
        return _reading(examples, tokens, items)
    return _judging(examples, outputs.chances[list(rows)], tokens, items)


def _judging(
    examples: Sequence[Example], chances: Floats, tokens: Sequence[Floats], items: Sequence[Mapping[str, Any]]
) -> dict[str, float]:
    holds = np.array([one.verdicts == HOLDS for one in examples])
    found = {}
    if 0 < holds.sum() < len(holds):
        found["auroc"] = float(roc_auc_score(holds, chances[:, SUPPORTED]))
    against = np.array([one.verdicts == frozenset({CONTRADICTED}) for one in examples])
    if 0 < against.sum() < len(against):
        found["contradicted"] = float(roc_auc_score(against, chances[:, CONTRADICTED]))
    labels = [np.array(item["unsupported"]) for item in items]
    known = [own >= 0 for own in labels]
    flat = np.concatenate([own[mask] for own, mask in zip(labels, known, strict=True)])
    said = np.concatenate([own[:, 2][mask] for own, mask in zip(tokens, known, strict=True)])
    if 0 < flat.sum() < len(flat):
        found["words"] = float(average_precision_score(flat, said))
    return found


def _reading(
    examples: Sequence[Example], tokens: Sequence[Floats], items: Sequence[Mapping[str, Any]]
) -> dict[str, float]:
    right, margins = [], []
    for one, own, item in zip(examples, tokens, items, strict=True):
        first, last, margin = best_span(own, np.array([sequence == 1 for sequence in item["sequences"]]))
        said = one.evidence[item["offsets"][first][0] : item["offsets"][last][1]]
        right.append(token_f1(said, one.accepted) if one.accepted else 0.0)
        margins.append(margin)
    answerable = np.array([one.answer != NO_ANSWER for one in examples])
    f1, sure = np.array(right), np.array(margins)
    found = {"f1": best_f1(f1, sure, answerable)}
    if 0 < answerable.sum() < len(answerable):
        found["f1 where answerable"] = float(f1[answerable].mean())
        found["answerable"] = float(roc_auc_score(answerable, sure))
    return found


def best_f1(f1: Floats, margins: Floats, answerable: NDArray[np.bool_]) -> float:
    """SQuAD 2.0's F1, 0..1, where the questions with the greatest margins are answered, as many as serve it best.

    `evaluate-v2.0.py`, `find_best_thresh`: a question without an answer is right where none is given.
    """
    order = np.argsort(-margins, kind="stable")
    gains = np.where(answerable[order], f1[order], -1.0)
    return float(((~answerable).sum() + np.concatenate([[0.0], np.cumsum(gains)]).max()) / len(f1))
