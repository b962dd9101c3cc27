"""What every judge of sentences offers, and the one that ships."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rag import Judge
from rag.types import Verdict


class NamedJudge(Protocol):
    """Judges a text by evidence, and says which judge it is."""

    @property
    def name(self) -> str: ...
    @property
    def qualified(self) -> bool:
        """Whether it has been held against human labels and found good enough for a gate."""
        ...

    def verdict(self, text: str, evidence: Sequence[str], /) -> Verdict: ...


@dataclass(frozen=True)
class LocalJudge:
    """The judge that ships: no key, no server, no network; its scorecard is measured with `python -m evals judge`."""

    judge: Judge = field(default_factory=Judge)

    @property
    def name(self) -> str:
        return f"local {self.judge.version}"

    @property
    def qualified(self) -> bool:
        return True

    def verdict(self, text: str, evidence: Sequence[str], /) -> Verdict:
        return self.judge.verdict(text, evidence)
