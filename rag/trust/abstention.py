"""Is there an answer at all? One probability from what was found and read.

A logistic regression over the signals below. Its coefficients lie in abstention.json with the data, the date and the
command that made them.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from rag.answering.asked import has_kind
from rag.retrieval import Evidence, probability, search_terms
from rag.text import stems, stems_of
from rag.types import Reason

Frequencies = Callable[[Sequence[str]], tuple[int, list[int]]]
"""How many passages there are, and in how many each word stands."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer; each is higher where more speaks for it."""

    reading: float
    """Log-odds of the best sentence."""
    lead: float
    """Log-odds that it has over the second best from another place, at most 5."""
    cosine: float
    """Of the nearest passage with the question, −1..1."""
    coverage: float
    """Share 0..1 of the question's words, rare ones counting more (IDF), in quoted sentences, titles and headings."""
    rarest: float
    """1 where the question's rarest word is among them, else 0."""
    kind: float
    """1 where a sentence has the kind of thing asked for (figure, date, name), 0 where not, 0.5 where none is told."""


def signals(question: str, evidence: Evidence, texts: Sequence[str], frequencies: Frequencies) -> Signals:
    """The signals for an answer made of `texts`; each text comes with its title and heading in front."""
    scores = sorted((reading.score for reading in evidence.readings), reverse=True) or [-12.0]
    coverage, rarest = _coverage(question, texts, frequencies)
    return Signals(
        reading=scores[0],
        lead=min(5.0, scores[0] - scores[1]) if len(scores) > 1 else 5.0,
        cosine=evidence.cosine,
        coverage=coverage,
        rarest=rarest,
        kind=has_kind(question, texts),
    )


def confidence(found: Signals) -> float:
    """Probability 0..1 that the library answers the question and this answer is right."""
    model = _model()
    scaled = (np.asarray(astuple(found)) - model.mean) / model.scale
    return probability(model.intercept + float(scaled @ model.weights))


def reason(found: Signals) -> Reason:
    """Why there is no answer: nothing near the question, or something near that does not say it."""
    return "no_evidence" if found.coverage < 0.3 or found.reading < -9 else "weak_evidence"


def _coverage(question: str, texts: Sequence[str], frequencies: Frequencies) -> tuple[float, float]:
    terms = search_terms(question)
    total, counts = frequencies(terms)
    if not terms:
        return 0.0, 0.0
    rarity = np.log((total + 1) / (np.asarray(counts) + 0.5)) + 0.1
    held = stems_of(" ".join(texts))
    present = np.asarray([stem in held for stem in stems(terms)])
    rarity = np.maximum(rarity, 0.1)
    return float(rarity[present].sum() / rarity.sum()), float(present[int(rarity.argmax())])


class _Model(NamedTuple):
    mean: "np.ndarray[Any, Any]"
    scale: "np.ndarray[Any, Any]"
    weights: "np.ndarray[Any, Any]"
    intercept: float


@cache
def _model() -> _Model:
    fitted = json.loads(files("rag.trust").joinpath("abstention.json").read_text())
    mean, scale, weights = (np.asarray(fitted[key]) for key in ("mean", "scale", "weights"))
    return _Model(mean, scale, weights, fitted["intercept"])
