"""What every way of answering hands on to be checked."""

from dataclasses import dataclass

from rag.types import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A range of characters of one document."""

    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of an answer before it is checked, with the places it cites."""

    text: str
    places: tuple[Place, ...]
