"""One sentence of a document, read for what it says: its words, figures and names."""

import re
from dataclasses import dataclass
from functools import cached_property

from rag.answering.draft import Place
from rag.text import stems
from rag.trust.alignment import FUNCTION_WORDS, Statement, Token
from rag.trust.figures import Figure, figures
from rag.trust.names import Name, names
from rag.types import Span

_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_SEASON = re.compile(r"\b(?:spring|summer|autumn|fall|winter)\b", re.IGNORECASE)
_NO_CONTENT = frozenset(stems(" ".join(FUNCTION_WORDS)))
SHORT = 6
"""Words of a sentence that has few to share: one fewer is asked of it."""
_IDLE = frozenset({"vague", "relative", "often", "daypart"})


@dataclass(frozen=True)
class Said:
    """One sentence of a document."""

    place: Place
    text: str
    title: str = ""
    """The document's: what the sentence may leave unsaid."""

    @property
    def source(self) -> str:
        """Its document."""
        return self.place.source

    @property
    def span(self) -> Span:
        """Where it stands there."""
        return self.place.span

    @cached_property
    def statement(self) -> Statement:
        """Its words."""
        return Statement(self.text)

    @cached_property
    def figures(self) -> list[Figure]:
        """Its figures and dates, but for those too vague to be held against another."""
        return [figure for figure in figures(self.text) if figure.kind not in _IDLE]

    @cached_property
    def names(self) -> list[Name]:
        """Its proper names."""
        return names(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, quickly."""
        return frozenset(stems(self.text)) - _NO_CONTENT

    @cached_property
    def year(self) -> str:
        """A year that it names; empty where there is none."""
        return match.group() if (match := _YEAR.search(self.text)) else ""

    @cached_property
    def content(self) -> list[Token]:
        """Its words that say something, figures left out."""
        taken = [figure.span for figure in self.figures]
        tokens = (token for token in self.statement.tokens if token.content)
        return [token for token in tokens if not any(touch(token.span, span) for span in taken)]

    @cached_property
    def keys(self) -> frozenset[str]:
        """The stems of `content`."""
        return frozenset(key for token in self.content for key in token.keys)


def may_compare(one: Said, other: Said, least: int) -> bool:
    """Whether it is worth a closer look: some words in common, or one year of which one sentence tells the season."""
    shared = len(one.stems & other.stems) + (one.title == other.title)
    if shared >= least or (shared == least - 1 and max(len(one.stems), len(other.stems)) <= SHORT):
        return True
    return bool(one.year) and one.year == other.year and bool(_SEASON.search(one.text) or _SEASON.search(other.text))


def touch(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end
