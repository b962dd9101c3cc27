"""A reader with a meaning that a test can reckon with, and fits that do or do not call for it."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from rag.models.verifying import Found, Judgement
from rag.trust.calibration import Calibration
from rag.types import Span
from tests.fakes import terms

FIVE = ("reading", "coverage", "rarest", "names", "agreement")
"""The signals that need no reader."""
KINDS = {
    "who": re.compile(r"\b(?!The\b|He\b|She\b|It\b|Nobody\b)[A-Z]\w+(?: [A-Z]\w+)*"),
    "when": re.compile(r"\b1\d{3}\b|\b20\d{2}\b"),
    "how many": re.compile(r"\b\d[\d,.]*\d?\b"),
}


class KindFinder:
    """Finds the first name, year or figure that the question does not name, in the sentence with most of its words.

    Its margin is −6 where there is none, else 10 times the share of the question's words in that sentence.
    """

    name = "kinds"

    def __init__(self) -> None:
        self.read: list[tuple[str, list[str]]] = []

    def judge(self, claim: str, evidence: Sequence[str]) -> list[Judgement]:
        raise AssertionError("nothing is judged here")

    def find(self, question: str, texts: Sequence[str]) -> list[Found]:
        self.read.append((question, list(texts)))
        return [self._found(question, text) for text in texts]

    def _found(self, question: str, text: str) -> Found:
        kind = next((KINDS[word] for word in KINDS if question.casefold().startswith(word)), None)
        wanted, best = set(terms(question)), Found(Span(0, 1), -6.0)
        for sentence in re.finditer(r"\S.*?(?:[.?!](?=\s|$)|$)", text):
            share = len(wanted & set(terms(sentence[0]))) / len(wanted)
            for one in kind.finditer(sentence[0]) if kind else ():
                if one[0] not in question and 10 * share > best.margin:
                    at = sentence.start() + one.start()
                    best = Found(Span(at, at + len(one[0])), 10 * share)
                    break
        return best


class Fixed(KindFinder):
    """Finds given words, with one margin, wherever they stand; −30 elsewhere."""

    def __init__(self, words: str, margin: float = 9.0) -> None:
        super().__init__()
        self.words, self.margin = words, margin

    def _found(self, question: str, text: str) -> Found:
        at = text.find(self.words)
        return Found(Span(0, 1), -30.0) if at < 0 else Found(Span(at, at + len(self.words)), self.margin)


def fit(*more: str, thresholds: Mapping[str, float] | None = None, **changes: object) -> Calibration:
    """A fit in which reading counts for a half, and each further signal, 2.5 on average, for one."""
    size = len(FIVE) + len(more)
    fields = {
        "mean": np.array([0.0] * len(FIVE) + [2.5] * len(more)),
        "scale": np.ones(size),
        "weights": np.array([0.5] + [0.0] * (len(FIVE) - 1) + [1.0] * len(more)),
        "intercept": 0.0,
        **changes,
    }
    return Calibration((*FIVE, *more), thresholds=thresholds or {}, version="by hand", **fields)  # type: ignore[arg-type]


def ship(monkeypatch: pytest.MonkeyPatch, fitted: Calibration) -> None:
    """From now on that is the fit that ships."""
    monkeypatch.setattr("rag.trust.abstention.calibration", lambda name: fitted)
