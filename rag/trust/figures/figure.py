"""One figure of a text, as a value."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rag.trust.figures.when import When
from rag.types import Span

Kind = Literal["number", "group", "ordinal", "date", "time", "daypart", "often", "vague", "relative", "literal"]
Bound = Literal["", "about", "over", "under", "within", "after"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text."""

    span: Span
    """In the text, with its unit."""
    kind: Kind
    value: Fraction = Fraction(0)
    """A number's value; minutes since midnight of a time of day; -1, 0 or 1 of `last`, `this` and `next` week."""
    until: Fraction = Fraction(0)
    """The other end of a range (`10–12`); the same as `value` where it is none."""
    step: Fraction = Fraction(1)
    """The place of its last figure that counts: a million for `25 million`, a tenth for `3.5`."""
    unit: str = ""
    """A unit of `rag.trust.figures.units`; empty where it has none."""
    noun: str = ""
    """The stem of what it counts or ranks (`25 men`, `third term`); of a literal its letters and figures."""
    bound: Bound = ""
    """`over` for `more than 20`, `under` for `up to 20`; `within` and `after` of a length of time."""
    when: When | None = None
    """What a date tells."""
    weak: bool = False
    """Whether it may be no figure at all (`one`, `first`, `a year`): wrong only where the evidence has another."""
    shift: int = 0
    """1 for `two years later`, -1 for `two years earlier`."""
    scaled: int = 1
    """The scale that a word or letter gave it: a million for `25 million` and `25m`."""

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.value != self.until
