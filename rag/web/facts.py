"""What there is to say of a library as a whole."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.types import Entry


@dataclass(frozen=True, slots=True)
class Facts:
    """A library in figures."""

    documents: int
    passages: int
    languages: tuple[tuple[str | None, int], ...]
    """ISO 639-1 code (None where it cannot be told) and documents, the most frequent first."""
    last: str
    """When a document was last indexed, ISO 8601 in UTC; empty where there is none."""
    size: int | None
    """Bytes on disk, or None where it lies on none."""
    place: str
    """Its folder, or empty."""


def in_figures(entries: Sequence[Entry], size: int | None = None, place: Path | None = None) -> Facts:
    """The figures of the library that holds `entries`."""
    languages = Counter(entry.language for entry in entries)
    return Facts(
        len(entries),
        sum(entry.passages for entry in entries),
        tuple(languages.most_common()),
        max((entry.indexed_at for entry in entries), default=""),
        size,
        "" if place is None else str(place),
    )
