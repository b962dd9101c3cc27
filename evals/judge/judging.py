"""Texts and evidence → rulings, by the judge that ships or by one that is known to be wrong."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from evals.judge.metrics import Outcomes
from evals.judge.sets import NEUTRAL, REFUTES, SUPPORTS, Judged
from rag.types import Label, Verdict

Verify = Callable[[str, Sequence[str]], Verdict]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a judge said of one text."""

    label: Label
    support: float
    """0..1; 1 or 0 by the label where the judge gave none, and as its set has it for what is unchecked."""
    scored: bool = True
    """Whether the judge gave a support, or it follows from the label."""
    seconds: float = 0.0

    @property
    def supported(self) -> bool:
        """Whether the judge raises no objection."""
        return self.label == "supported" or (self.label == "unchecked" and self.support == 1.0)

    @property
    def contradiction(self) -> float:
        """0..1, for ranking: what is called contradicted comes first, then what has less support."""
        return (1 - self.support + (self.label == "contradicted")) / 2


def ruling(verify: Verify, text: str, evidence: Sequence[str], *, idle_holds: bool = True) -> Ruling:
    """What `verify` says of `text` against `evidence`.

    A text that makes no claim says nothing false (`idle_holds`), or has nothing that could be supported.
    """
    began = time.perf_counter()
    verdict = verify(text, evidence)
    seconds = time.perf_counter() - began
    if verdict.label == "unchecked":
        return Ruling("unchecked", float(idle_holds), seconds=seconds)
    if verdict.support is None:
        return Ruling(verdict.label, float(verdict.label == "supported"), scored=False, seconds=seconds)
    return Ruling(verdict.label, verdict.support, seconds=seconds)


def support_outcomes(
    items: Sequence[Judged], given: Sequence[Ruling], also_supported: frozenset[str] = frozenset()
) -> Outcomes:
    """Support as people see it against support as the judge does; `also_supported` are labels to be kind to."""
    return Outcomes.of(
        [item.supported or item.label in also_supported for item in items],
        [one.supported for one in given],
        [one.support for one in given],
    )


def contradiction_outcomes(items: Sequence[Judged], given: Sequence[Ruling]) -> Outcomes:
    """Whether the evidence refutes a text, for sets of three labels."""
    return Outcomes.of(
        [item.label == REFUTES for item in items],
        [one.label == "contradicted" for one in given],
        [one.contradiction for one in given],
    )


TRUTH = "the labels themselves"


def known_judges(gold: Sequence[str], seed: int) -> dict[str, list[Ruling]]:
    """Judges whose worth is known: the labels themselves, two that say one thing to all, and one that guesses.

    `gold` has `SUPPORTS`, `REFUTES` or `NEUTRAL` for each text.
    """
    random = Random(seed)  # noqa: S311 - no secret
    labels: dict[str, Label] = {SUPPORTS: "supported", REFUTES: "contradicted", NEUTRAL: "unsupported"}
    guesses = [random.random() for _ in gold]
    return {
        TRUTH: [Ruling(labels[one], float(one == SUPPORTS)) for one in gold],
        "a judge that says supported to all": [Ruling("supported", 1.0)] * len(gold),
        "a judge that says contradicted to all": [Ruling("contradicted", 0.0)] * len(gold),
        "a judge that guesses": [
            Ruling("supported" if guess >= 0.5 else random.choice(("unsupported", "contradicted")), guess)
            for guess in guesses
        ],
    }
