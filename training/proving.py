"""The exported model as it ships, on examples held apart: the figures of its card."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import numpy as np

from evals.judge.faults import EDITS, FAULTS, Mutant, mutants
from rag.models import weights
from rag.models.onnx import OnnxEncoder, logit
from rag.models.verifying import LONGEST
from rag.trust.alignment import Statement, best_windows, statements
from training.batches import Encoded
from training.labelled import beside
from training.measuring import Outputs
from training.texts import pairs

EACH = 300
"""Changes of each kind, at most."""
PAIRS, BATCHES = 8, 40
"""Pairs that are read at once where the time is taken, and how often."""


@dataclass(frozen=True, slots=True)
class Time:
    """How long a batch of eight sentences takes, each beside its best window of up to three sentences."""

    milliseconds: float
    """Median."""
    words: float
    """Of a pair, on average."""
    of_reranker: float
    """As a share of what the packaged reranker takes for the same pairs, in turn with it."""
    cores: int


def shipped(folder: Path, data: Encoded) -> Outputs:
    """What `model.onnx` in `folder` says of the examples."""
    encoder = OnnxEncoder(folder / "model.onnx", folder / "tokenizer.json", longest=LONGEST)
    rows = encoder.rows([(one.text, one.evidence) for one in data.examples])
    return Outputs(
        np.array([row.outputs[0] for row in rows], np.float64), [row.outputs[1].astype(np.float64) for row in rows]
    )


def objections(folder: Path, bench: Path) -> Mapping[str, tuple[float, int]]:
    """Of each kind of change on groups held apart, the share not taken for supported, and how many there are."""
    encoder = OnnxEncoder(folder / "model.onnx", folder / "tokenizer.json", longest=LONGEST)
    made: Mapping[str, list[Mutant]] = mutants(pairs(bench, "held"), EACH)
    found = {}
    for kind in (*FAULTS, *EDITS):
        own = made.get(kind, [])
        if own:
            rows = encoder.rows([(one.text, beside(one.text, one.evidence)) for one in own])
            verdicts = np.array([row.outputs[0] for row in rows], np.float64)
            against = np.logaddexp(verdicts[:, 1], verdicts[:, 2]) > verdicts[:, 0]
            found[kind] = float(against.mean()), len(own)
    return found


def time_taken(folder: Path, claims: Sequence[tuple[str, str]]) -> Time:
    """Of the exported model, over batches of claims and their evidence; there must be at least one."""
    encoder = OnnxEncoder(folder / "model.onnx", folder / "tokenizer.json", longest=LONGEST)
    place = weights.checked("minilm-l12")
    reranker = OnnxEncoder(place / "model.onnx", place / "tokenizer.json", longest=LONGEST)
    pairs = [(claim, _window(claim, evidence)) for claim, evidence in claims]
    own, others = [], []
    endless = cycle(pairs)
    for batch in (list(islice(endless, PAIRS)) for _ in range(BATCHES)):
        began = time.perf_counter()
        encoder.rows(batch)
        between = time.perf_counter()
        reranker.run(batch, logit)
        own.append(between - began)
        others.append(time.perf_counter() - between)
    words = sum(len(claim.split()) + len(window.split()) for claim, window in pairs) / len(pairs)
    return Time(1000 * median(own), words, median(own) / median(others), os.cpu_count() or 1)


def _window(claim: str, evidence: str) -> str:
    return best_windows(Statement(claim), statements([evidence]))[-1].text
