"""Is there an answer at all? One probability from what was found and read.

A logistic regression over the signals below. Its coefficients lie in abstention.json with the data, the date and the
command that made them.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rag.retrieval import Evidence, search_terms
from rag.text import stems
from rag.trust.alignment import Statement, statements
from rag.trust.calibration import Calibration, calibration
from rag.trust.polarity import clashes
from rag.types import Reason

_NAMED = re.compile(r"(?<=\w[\s,]) *(?:[A-Z][\w'’-]*|\d[\d.,]*)")
Frequencies = Callable[[Sequence[str]], tuple[int, list[int]]]
"""How many passages there are, and in how many a word of each stem stands."""


NOTHING = -12.0
"""Log-odds where there was no sentence to read."""
ANSWERABLE = "answerable"
"""The signal that takes a model of its own, and is worked out only where the calibration names it."""
SHORT = "short"
"""The threshold of that model's margin from which its words are a short answer; where there is none, none is given."""


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
    agreement: float
    """0 where the best sentence says the opposite of what the question takes for granted, else 1."""
    answerable: float | None = None
    """Log-odds, −20..20, by which a reader of whole passages is surer of an answer in them than of none; None where
    the calibration does not name it."""

    def known(self) -> dict[str, float]:
        """Those that were worked out, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def signals(
    question: str,
    evidence: Evidence,
    texts: Sequence[str],
    frequencies: Frequencies,
    answerable: float | None = None,
) -> Signals:
    """The signals for an answer made of `texts`; each text comes with its title and heading in front."""
    terms = list(dict.fromkeys(stems(" ".join(search_terms(question)))))
    weights = rarity(*frequencies(terms))
    everywhere = set(stems(" ".join(texts)))
    named = set(stems(" ".join(_NAMED.findall(question))))
    best = max(evidence.readings, key=lambda reading: reading.score, default=None)
    opposed = best is not None and clashes(Statement(question), statements([best.text]))
    return Signals(
        reading=best.score if best else NOTHING,
        coverage=_share(terms, weights, everywhere),
        rarest=float(bool(terms) and terms[int(np.argmax(weights))] in everywhere),
        names=len(named & everywhere) / len(named) if named else 1.0,
        agreement=float(not opposed),
        answerable=answerable,
    )


def confidence(found: Signals, fitted: Calibration | None = None) -> float:
    """Probability 0..1 that the library answers the question and this answer is right.

    By the fit that ships if none is given; a signal that was not worked out counts as its mean.
    """
    fitted = fitted or shipped()
    return fitted.probability({name: fitted.mean_of(name) for name in fitted.signals} | found.known())


def shipped() -> Calibration:
    """The fit in abstention.json."""
    return calibration("abstention")


def given(fit: Mapping[str, Any]) -> Calibration:
    """A fit under the keys of abstention.json."""
    mean, scale, weights = (np.asarray(fit[key], np.float64) for key in ("mean", "scale", "weights"))
    signals, thresholds = tuple(fit["signals"]), fit.get("thresholds", {})
    return Calibration(signals, mean, scale, weights, fit["intercept"], thresholds, "abstention given")


def reads(fitted: Calibration) -> bool:
    """Whether a fit has a use for the reader of whole passages."""
    return ANSWERABLE in fitted.signals or SHORT in fitted.thresholds


def answerable(fitted: Calibration, margin: float | None) -> float | None:
    """The signal from the reader's margin, where the fit names it; its mean, for or against nothing, where none is."""
    if ANSWERABLE not in fitted.signals:
        return None
    return fitted.mean_of(ANSWERABLE) if margin is None else margin


def reason(found: Signals) -> Reason:
    """Why there is no answer: nothing near the question, or something near that does not say it."""
    return "no_evidence" if found.coverage < 0.3 or found.reading < -9 else "weak_evidence"


def rarity(total: int, counts: Sequence[int]) -> list[float]:
    """A word's weight: its inverse document frequency, ln((N + 1) ÷ (n + ½)), and at least 0.1."""
    return [max(0.1, math.log((total + 1) / (count + 0.5))) for count in counts]


def _share(terms: Sequence[str], rarity: Sequence[float], held: set[str]) -> float:
    """The share of the terms that are held, by weight; 0 where there are none."""
    weights = dict(zip(terms, rarity, strict=True))
    return sum(weight for term, weight in weights.items() if term in held) / (sum(weights.values()) or 1.0)
