"""The model that Pincite trained itself: whether evidence bears out a claim, and where a text answers a question.

One encoder reads the two together and gives a verdict for the pair and three numbers for every token of it
(`training/` tells how it was made, `data/verifier/CARD.md` what it gets right).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.models import weights
from rag.models.onnx import OnnxEncoder, Row
from rag.types import Span

LONGEST = 256
"""Tokens of a pair that are read: what it was trained on."""
LONGEST_ANSWER = 24
"""Tokens of an answer, at most."""
NEVER = -1e9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one piece of evidence bears on a claim."""

    supported: float
    """Log-odds that the evidence bears the claim out; higher is better."""
    contradicted: float
    """Log-odds that it says otherwise."""
    unsupported: tuple[tuple[Span, float], ...]
    """The claim's tokens, each with the log-odds that the evidence does not bear it out."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text answers a question, if it does."""

    span: Span
    """Characters of the text."""
    margin: float
    """How much more likely this answer is than none, in log-odds: above 0 the model believes that there is one."""


class Verifier(Protocol):
    """What judges claims and finds answers."""

    name: str

    def judge(self, claim: str, evidence: Sequence[str]) -> list[Judgement]:
        """One judgement for each piece of evidence."""
        ...

    def find(self, question: str, texts: Sequence[str]) -> list[Found]:
        """The best answer that each text has."""
        ...


class PackagedVerifier:
    """The model in `data/verifier`, run in int8. Raises `ModelError` where it is missing or altered."""

    name = "verifier"

    def __init__(self, threads: int = 0) -> None:
        place = weights.checked("verifier")
        self._encoder = OnnxEncoder(place / "model.onnx", place / "tokenizer.json", threads, LONGEST)

    def judge(self, claim: str, evidence: Sequence[str]) -> list[Judgement]:
        return [_judged(row) for row in self._encoder.rows([(claim, text) for text in evidence])]

    def find(self, question: str, texts: Sequence[str]) -> list[Found]:
        asked = question if question.rstrip().endswith("?") else f"{question.rstrip()}?"
        return [_found(row) for row in self._encoder.rows([(asked, text) for text in texts])]


@cache
def verifier() -> Verifier:
    """The one that ships, loaded once."""
    return PackagedVerifier()


def best_span(tokens: Floats, readable: NDArray[np.bool_]) -> tuple[int, int, float]:
    """First and last token of the best answer among the readable ones, and its margin over the first token's [CLS].

    `tokens` is (t, 2 or more): logits of start and end. The margin is the greatest start + end over spans of at most
    `LONGEST_ANSWER` tokens, less that of [CLS], which stands for no answer (SQuAD 2.0, Rajpurkar et al. 2018).
    """
    start, end = (np.where(readable, tokens[:, at], NEVER) for at in (0, 1))
    sums = start[:, None] + end[None, :]
    allowed = np.triu(np.ones_like(sums, dtype=bool)) & ~np.triu(np.ones_like(sums, dtype=bool), LONGEST_ANSWER)
    best = int(np.where(allowed, sums, 2 * NEVER).argmax())
    first, last = divmod(best, len(sums))
    return first, last, float(sums[first, last] - tokens[0, 0] - tokens[0, 1])


def _judged(row: Row) -> Judgement:
    verdicts, tokens = (output.astype(np.float64) for output in row.outputs)
    claim = [at for at, sequence in enumerate(row.encoding.sequence_ids) if sequence == 0]
    return Judgement(
        supported=float(verdicts[0] - np.logaddexp(verdicts[1], verdicts[2])),
        contradicted=float(verdicts[1] - np.logaddexp(verdicts[0], verdicts[2])),
        unsupported=tuple((Span(*row.encoding.offsets[at]), float(tokens[at, 2])) for at in claim),
    )


def _found(row: Row) -> Found:
    tokens = row.outputs[1].astype(np.float64)
    readable = np.array([sequence == 1 for sequence in row.encoding.sequence_ids])
    if not readable.any():
        return Found(Span(0, 0), NEVER)
    first, last, margin = best_span(tokens, readable)
    return Found(Span(row.encoding.offsets[first][0], row.encoding.offsets[last][1]), margin)
