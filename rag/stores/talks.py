"""What is kept of past conversations, as values."""

from dataclasses import dataclass

from rag.types import Answer, Turn


@dataclass(frozen=True, slots=True)
class Kept:
    """A past conversation, as a list shows it."""

    id: str
    title: str
    begun: str
    """ISO 8601 in UTC, as every time here."""
    last: str
    count: int
    """Questions in it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One answer as it was given."""

    id: str
    conversation: str
    user: str
    made_at: str
    answer: Answer
    good: bool | None = None
    """What its user thought of it."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of a past conversation, and what its user thought of the answer."""

    id: str
    at: str
    turn: Turn
    """Without answer and text, where a document that the answer quoted was removed."""
    good: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer that a user called good or bad."""

    id: str
    conversation: str
    answer: Answer
    earlier: tuple[Turn, ...]
    """Of a follow-up, the turns before it, the oldest first, without their answers' evidence."""
    user: str
    good: bool
    note: str
    at: str
