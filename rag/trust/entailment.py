"""The layer that reads: does the evidence bear a sentence out, by the model that Pincite trained for it?

    sentence + the part of the evidence nearest to it → supported, contradicted, and each word's chance of being made up

It is run where a calibration names one of its signals or thresholds, and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.models.verifying import Judgement, Verifier
from rag.models.weights import PACKAGED
from rag.text import words
from rag.trust.alignment import Statement, nearest
from rag.trust.calibration import Calibration
from rag.types import Span

SIGNALS = ("entails", "refutes")
THRESHOLDS = ("contradicted", "words")
"""Log-odds from which on a sentence is `contradicted`, and a word unsupported; each is off where a calibration has
none."""
NOTHING = -12.0
"""Log-odds of any model where there is no evidence to read."""
OTHERWISE = "the cited text says otherwise"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of one sentence, in log-odds."""

    entails: float = NOTHING
    """That the nearest part of the evidence bears it out."""
    refutes: float = NOTHING
    """That the nearest part says otherwise."""
    words: tuple[tuple[Span, float], ...] = ()
    """Its words, each with the greatest log-odds of one of its tokens that the evidence does not bear it out."""

    @property
    def signals(self) -> dict[str, float]:
        """By the names in `SIGNALS`."""
        return {"entails": self.entails, "refutes": self.refutes}

    def reaches(self, threshold: float | None) -> bool:
        """Whether the evidence contradicts the sentence; never without a threshold."""
        return threshold is not None and self.refutes >= threshold

    def unsupported(self, threshold: float | None) -> tuple[Span, ...]:
        """The words that are not borne out; none without a threshold."""
        return tuple(span for span, odds in self.words if threshold is not None and odds >= threshold)


NOT_READ = Reading()


def needed(fitted: Calibration) -> bool:
    """Whether the calibration reads anything of the model."""
    return not set(SIGNALS).isdisjoint(fitted.signals) or not set(THRESHOLDS).isdisjoint(fitted.thresholds)


def version(verifier: Verifier | None) -> str:
    """Which model reads: of the packaged one (None) the first digits of its weights' SHA-256."""
    return verifier.name if verifier else f"verifier {PACKAGED['verifier'].sha256[:8]}"


def read(verifier: Verifier, said: Statement, evidence: Sequence[Statement]) -> Reading:
    """Without evidence the model is not asked."""
    near = nearest(said, evidence)
    if not near:
        return NOT_READ
    found = verifier.judge(said.text, [near])[0]
    return Reading(found.supported, found.contradicted, _by_word(said.text, found))


def _by_word(claim: str, found: Judgement) -> tuple[tuple[Span, float], ...]:
    """Tokens are parts of words, or punctuation: a word is as bad as the worst of its tokens."""
    judged = []
    for word in words(claim):
        own = [odds for span, odds in found.unsupported if span.start < word.end and span.end > word.start]
        if own:  # none where the claim is longer than the model reads
            judged.append((word, max(own)))
    return tuple(judged)
