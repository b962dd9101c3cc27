"""Is there an answer at all? One probability from what was found and read.

A logistic regression over the signals below. Its coefficients lie in abstention.json with the data, the date and the
command that made them.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from rag.retrieval import Evidence, probability, search_terms
from rag.text import stems
from rag.types import Reason

_NAMED = re.compile(r"(?<=\w[\s,]) *(?:[A-Z][\w'’-]*|\d[\d.,]*)")
Frequencies = Callable[[Sequence[str]], tuple[int, list[int]]]
"""How many passages there are, and in how many a word of each stem stands."""


NOTHING = -12.0
"""Log-odds where there was no sentence to read."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer; each is higher where more speaks for it."""

    reading: float
    """Log-odds of the best sentence."""
    coverage: float
    """Share 0..1 of the question's words, rare ones counting more (IDF), in quoted sentences, titles and headings."""
    rarest: float
    """1 where the question's rarest word is among them, else 0."""
    names: float
    """Share 0..1 of the names and figures in the question that are among them; 1 where it has none."""


def signals(question: str, evidence: Evidence, texts: Sequence[str], frequencies: Frequencies) -> Signals:
    """The signals for an answer made of `texts`; each text comes with its title and heading in front."""
    terms = list(dict.fromkeys(stems(" ".join(search_terms(question)))))
    rarity = _rarity(*frequencies(terms))
    everywhere = set(stems(" ".join(texts)))
    named = set(stems(" ".join(_NAMED.findall(question))))
    return Signals(
        reading=max((reading.score for reading in evidence.readings), default=NOTHING),
        coverage=_share(terms, rarity, everywhere),
        rarest=float(bool(terms) and terms[int(np.argmax(rarity))] in everywhere),
        names=len(named & everywhere) / len(named) if named else 1.0,
    )


def confidence(found: Signals) -> float:
    """Probability 0..1 that the library answers the question and this answer is right."""
    model = _model()
    scaled = (np.asarray(astuple(found)) - model.mean) / model.scale
    return probability(model.intercept + float(scaled @ model.weights))


def reason(found: Signals) -> Reason:
    """Why there is no answer: nothing near the question, or something near that does not say it."""
    return "no_evidence" if found.coverage < 0.3 or found.reading < -9 else "weak_evidence"


def _rarity(total: int, counts: Sequence[int]) -> list[float]:
    """A word's weight: its inverse document frequency, ln((N + 1) ÷ (n + ½)), and at least 0.1."""
    return [max(0.1, math.log((total + 1) / (count + 0.5))) for count in counts]


def _share(terms: Sequence[str], rarity: Sequence[float], held: set[str]) -> float:
    """The share of the terms that are held, by weight; 0 where there are none."""
    weights = dict(zip(terms, rarity, strict=True))
    return sum(weight for term, weight in weights.items() if term in held) / (sum(weights.values()) or 1.0)


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
