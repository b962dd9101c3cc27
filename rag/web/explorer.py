"""What the room for looking around does when asked, free of any page library: search, map, timeline."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.types import Document, Hit, Passage
from rag.web import explore, source, timeline
from rag.web.atlas import MOST, Atlas, Mapped, draw
from rag.web.faults import line

RESULTS = 20
"""Passages that a search brings."""


class Explored(Mapped, Protocol):
    """The part of `rag.Library` that is looked around in."""

    @property
    def path(self) -> Path | None: ...
    def document(self, source: str, /) -> Document: ...
    def search(self, query: str, k: int = 10, *, sources: Sequence[str] | None = None) -> list[Hit]: ...


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map that is being drawn."""

    passages: int
    seconds: float
    """Since it was begun."""


class Explorer:
    """Looks around in one library. Safe for threads; faults become one clear line."""

    def __init__(self, library: Explored, name: str = "") -> None:
        """`name` is what the page calls the library; its originals are shown under it."""
        self.library = library
        self._name = name
        self._kept = library.path / "map.npz" if library.path else None
        self._lock = threading.Lock()
        self._work: threading.Thread | None = None
        self._begun = 0.0
        self._atlas: Atlas | None = None
        self._fault: Exception | None = None

    def search(self, query: str, sources: Sequence[str] | None = None) -> tuple[tuple[Hit, ...], str]:
        """The passages found, best first, and how they are shown."""
        query = " ".join(query.split())
        begun = time.perf_counter()
        try:
            hits = self.library.search(query, RESULTS, sources=list(sources) if sources else None)
        except Exception as error:
            return (), explore.fault(line(error))
        return tuple(hits), explore.found(query, hits, time.perf_counter() - begun)

    def welcome(self) -> str:
        """What stands there before the first search."""
        try:
            return explore.welcome(len(self.library.documents()))
        except Exception as error:
            return explore.fault(line(error))

    def opened(self, passage: Passage) -> str:
        """The source panel at `passage`."""
        try:
            shown = source.passage(Hit(passage, 1, 1.0, "cosine"), self.library.document, self._name)
            return source.panels(shown, (), self.library.document)
        except Exception as error:
            return explore.fault(line(error))

    def document(self, wanted: str) -> str:
        """The source panel at the beginning of the document of that source."""
        try:
            held = self.library.document(wanted)
        except Exception as error:
            return explore.fault(line(error))
        page = held.pages[0].number if held.pages else None
        start = Passage("", held.id, held.source, held.title, 0, 0, "", "", page, page, held.media_type, held.language)
        return self.opened(start)

    def timeline(self, period: str = "") -> str:
        """The documents by date: those of `period` (`2024`, `2024-03` or `1990s`), or all."""
        try:
            return timeline.timeline(self.library.documents(), period)
        except Exception as error:
            return explore.fault(line(error))

    def atlas(self) -> Atlas | Drawing:
        """The map of the library as it is now; where there is none yet it is begun. Raises what drawing it raised."""
        with self._lock:
            fault, self._fault = self._fault, None
            if fault:
                raise fault
            if self._atlas and self._atlas.generation == self.library.generation():
                return self._atlas
            if not self._work:
                self._begun = time.monotonic()
                self._work = threading.Thread(target=self._draw, daemon=True)
                self._work.start()
        total = sum(entry.passages for entry in self.library.documents())
        return Drawing(min(total, MOST), time.monotonic() - self._begun)

    def passage(self, key: str) -> Passage | None:
        """A passage of the map by its id; None where the map is another by now."""
        atlas = self._atlas
        return atlas.passages[atlas.number_of[key]] if atlas and key in atlas.number_of else None

    def lit(self, hits: Sequence[Hit]) -> str:
        """Where the passages found lie on the map."""
        atlas = self._atlas
        if not atlas or not hits:
            return ""
        try:
            places = atlas.locate([hit.passage for hit in hits], self.library)
        except Exception as error:
            return explore.fault(line(error))
        return explore.lit(hits, places)

    def _draw(self) -> None:
        try:
            made = draw(self.library, self._kept)
            with self._lock:
                self._atlas, self._work = made, None
        except Exception as error:
            with self._lock:
                self._fault, self._work = error, None
