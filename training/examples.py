"""What the model learns from: a text beside evidence, with whatever is known of the three answers it is to give.

claim    ─┐            ┌ verdict: supported, contradicted or not enough
          ├ + evidence ┤ the claim's unsupported words
question ─┘            └ where the evidence answers the question, or that it does not
"""

from collections.abc import Iterable
from dataclasses import dataclass

from evals.sets.parts import Part, part
from rag.types import Span

SUPPORTED, CONTRADICTED, NOT_ENOUGH = range(3)
"""The places of the three verdicts in the model's output."""
HOLDS = frozenset({SUPPORTED})
FAILS = frozenset({CONTRADICTED, NOT_ENOUGH})
"""Of a claim that people call not supported, without saying which of the two it is."""
NO_ANSWER = Span(0, 0)
"""The evidence does not answer the question."""


@dataclass(frozen=True, slots=True)
class Example:
    """One text beside its evidence; what is not known is None."""

    source: str
    """The set that it comes from, or the way it was made."""
    group: str
    """Article, question or document: examples of one group are never parted."""
    text: str
    """Claim or question."""
    evidence: str
    verdicts: frozenset[int] | None = None
    """Those that the label leaves open."""
    unsupported: tuple[Span, ...] | None = None
    """Characters of the claim that the evidence does not bear out."""
    answer: Span | None = None
    """Characters of the evidence that answer the question, or `NO_ANSWER`."""
    accepted: tuple[str, ...] = ()
    """Every answer that people gave."""
    by_people: bool = False
    """Whether a person gave the label; only such examples choose a checkpoint or are measured on."""


def of_part(examples: Iterable[Example], wanted: Part) -> list[Example]:
    """Those whose group is in the part."""
    return [one for one in examples if part(one.group) == wanted]
