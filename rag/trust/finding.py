"""What an exact check finds wrong with a sentence."""

from dataclasses import dataclass

from rag.types import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a sentence that the evidence does not bear out."""

    span: Span
    """In the sentence."""
    note: str
    """One short line for a reader, such as `“2023” is not in the evidence, which has “2022”`."""
    against: str | None = None
    """The evidence's own words that say otherwise, where it has some; None where it is merely silent."""
