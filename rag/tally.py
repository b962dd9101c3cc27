"""What became of each source while documents are indexed: the report while it grows, told to whoever watches."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rag.types import Document, Failure, IngestReport, Notice, Progress

Watcher = Callable[[Progress], None]
Outcome = Literal["added", "updated", "unchanged", "failed"]


@dataclass
class Tally:
    """The report on `sources`. Its lists keep their order, whenever each was done with."""

    sources: Sequence[str]
    watch: Watcher
    removed: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _outcomes: dict[str, Outcome] = field(default_factory=dict)
    _started: float = field(default_factory=time.perf_counter)

    def unchanged(self, sources: Iterable[str]) -> None:
        """Sources that are as they were; told once for all, because there may be many."""
        same: dict[str, Outcome] = dict.fromkeys(sources, "unchanged")
        self._outcomes.update(same)
        if same:
            self._tell(next(reversed(same)), "unchanged")

    def failed(self, failure: Failure) -> None:
        """A source that could not be read."""
        self.failures.append(failure)
        self._outcomes[failure.source] = "failed"
        self._tell(failure.source, "failed")

    def embedding(self, source: str) -> None:
        """A source that was read, and is to be embedded."""
        self._tell(source, "embedding")

    def stored(self, document: Document, outcome: Outcome, *, understood: bool) -> None:
        """A document that is in the library now, with what a person should know about it."""
        if not understood:
            note = f"language {document.language}: the embedder does not know it, so it is searched by words only"
            self.notices.append(Notice(document.source, note))
        if pages := document.metadata.get("pages_without_text"):
            self.notices.append(Notice(document.source, f"no text on page {pages}; run OCR to search it"))
        if hidden := document.metadata.get("hidden_text"):
            note = f"left out {hidden} that no reader of it sees: set tiny, transparent, off the page or white on white"
            self.notices.append(Notice(document.source, note))
        self._outcomes[document.source] = outcome
        self._tell(document.source, "stored")

    def report(self) -> IngestReport:
        """All of it."""
        return IngestReport(
            added=self._which("added"),
            updated=self._which("updated"),
            unchanged=self._which("unchanged"),
            removed=tuple(self.removed),
            failed=tuple(self.failures),
            notices=tuple(self.notices),
            seconds=time.perf_counter() - self._started,
        )

    def _which(self, outcome: Outcome) -> tuple[str, ...]:
        return tuple(source for source in self.sources if self._outcomes.get(source) == outcome)

    def _tell(self, source: str, stage: Literal["embedding", "stored", "failed", "unchanged"]) -> None:
        self.watch(Progress(len(self._outcomes), len(self.sources), source, stage))
