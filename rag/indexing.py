"""load → chunk → embed → store: the first story.

Documents are gathered until they make a batch worth embedding, then embedded and stored in one transaction: what was
committed stays, and a reader never sees half a document.
"""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rag.chunking import context, passages
from rag.errors import LoadError, NoSuchSource
from rag.loaders import fetch, find, parse
from rag.models.embedding import Embedder
from rag.settings import Settings
from rag.stores.base import Prepared, Stamp, Store
from rag.types import Document, Failure, IngestReport, Notice, Passage, Progress

BATCH = 256
"""Passages embedded and committed together."""

OWN = ("library.sqlite", "vectors.faiss", "originals")
"""What a library's folder holds; documents may lie beside it."""

Watcher = Callable[[Progress], None]


@dataclass
class _Tally:
    """The report while it grows."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)

    def report(self) -> IngestReport:
        return IngestReport(
            added=tuple(self.added),
            updated=tuple(self.updated),
            unchanged=tuple(self.unchanged),
            removed=tuple(self.removed),
            failed=tuple(self.failed),
            notices=tuple(self.notices),
            seconds=time.perf_counter() - self.started,
        )


@dataclass
class Indexer:
    """Puts documents into a store, with one embedder and one set of settings."""

    store: Store
    embedder: Callable[[], Embedder]
    """Asked for only when there is something to embed: looking through unchanged files loads no model."""
    settings: Settings
    home: Path
    """The library's own folder."""
    watch: Watcher = lambda progress: None

    def add(self, targets: Sequence[str | Path], *, password: str | None = None, sync: bool = False) -> IngestReport:
        """Index every file under `targets`; with `sync`, forget what has vanished under them.

        A file that cannot be read becomes a row of the ledger and stops nothing; a version of it that was indexed
        earlier stays. Raises `NoSuchSource` where a target does not exist, before anything is changed.
        """
        tally = _Tally()
        known = self.store.stamps()
        sources = list(dict.fromkeys(source for target in targets for source in self._found(target, known, sync)))
        if sync:
            self._forget_vanished(targets, set(sources), known, tally)
        batch = _Batch(self, tally, known, len(sources))
        for done, source in enumerate(sources):
            batch.done = done
            try:
                loaded = self._load(source, known.get(source), password)
            except LoadError as error:
                self._fail(Failure(source, str(error), error.kind, _now()), tally)
                self.watch(Progress(done + 1, len(sources), source, "failed"))
                continue
            if loaded is None:
                tally.unchanged.append(source)
                self.watch(Progress(done + 1, len(sources), source, "unchanged"))
            else:
                batch.take(*loaded)
        batch.flush()
        return tally.report()

    def add_documents(self, documents: Iterable[Document]) -> IngestReport:
        """Index documents that are already read, by source and hash like files."""
        tally = _Tally()
        known = self.store.stamps()
        given = list(documents)
        batch = _Batch(self, tally, known, len(given))
        for batch.done, document in enumerate(given):
            if document.source in known and known[document.source].sha256 == document.sha256:
                tally.unchanged.append(document.source)
            else:
                batch.take(document, Stamp(document.sha256))
        batch.flush()
        return tally.report()

    def prepare(self, document: Document) -> tuple[list[Passage], bool]:
        """The passages of a document, and whether the embedder knows its language."""
        cut = passages(document, self.settings.chunking.words, self.settings.chunking.overlap)
        known = self.embedder().languages
        return cut, known is None or document.language is None or document.language in known

    def _found(self, target: str | Path, known: dict[str, Stamp], sync: bool) -> list[str]:
        """The sources under a target, without the library's own files; with `sync` there may be none left."""
        try:
            found = find(target)
        except NoSuchSource:
            if sync and any(_is_under(source, target) for source in known):
                return []
            raise
        return [source for source in found if len(found) == 1 or not self._is_own(source)]

    def _is_own(self, source: str) -> bool:
        """Whether a file is one that the library keeps for itself."""
        inside = _is_under(source, self.home) and Path(source).relative_to(self.home).parts[0]
        return bool(inside) and str(inside).startswith(OWN)

    def _load(self, source: str, known: Stamp | None, password: str | None) -> tuple[Document, Stamp] | None:
        """The document at `source` with its stamp; None where it is the version that the store holds."""
        size, mtime_ns = _stat(source)
        if known and size >= 0 and (known.size, known.mtime_ns) == (size, mtime_ns):
            return None
        raw = fetch(source, max_bytes=self.settings.max_file_mb * 1_000_000)
        stamp = Stamp(raw.sha256, size, mtime_ns)
        if known and known.sha256 == raw.sha256:
            self.store.touch(source, stamp)
            return None
        return parse(raw, password=password), stamp

    def _fail(self, failure: Failure, tally: _Tally) -> None:
        self.store.fail(failure)
        tally.failed.append(failure)

    def _forget_vanished(
        self, targets: Sequence[str | Path], present: set[str], known: dict[str, Stamp], tally: _Tally
    ) -> None:
        vanished = [
            source for source in known if source not in present and any(_is_under(source, target) for target in targets)
        ]
        self.store.remove(vanished)
        tally.removed.extend(vanished)


@dataclass
class _Batch:
    """Documents waiting to be embedded and stored together."""

    indexer: Indexer
    tally: _Tally
    known: dict[str, Stamp]
    total: int
    done: int = 0
    waiting: list[tuple[Document, Stamp, list[Passage], bool]] = field(default_factory=list)

    def take(self, document: Document, stamp: Stamp) -> None:
        """Add a document, and store the batch once it is full."""
        cut, understood = self.indexer.prepare(document)
        self.waiting.append((document, stamp, cut, understood))
        self.indexer.watch(Progress(self.done, self.total, document.source, "embedding"))
        if sum(len(item[2]) for item in self.waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Embed what waits and store it, in one transaction."""
        if not self.waiting:
            return
        texts = [context(passage) for _, _, cut, understood in self.waiting if understood for passage in cut]
        vectors = self.indexer.embedder().embed_passages(texts)
        prepared, at = [], 0
        for document, stamp, cut, understood in self.waiting:
            prepared.append(Prepared(document, cut, vectors[at : at + len(cut)] if understood else None, stamp))
            at += len(cut) if understood else 0
        self.indexer.store.put(prepared)
        for document, _, _, understood in self.waiting:
            (self.tally.updated if document.source in self.known else self.tally.added).append(document.source)
            if not understood:
                note = f"language {document.language}: the embedder does not know it, so it is searched by words only"
                self.tally.notices.append(Notice(document.source, note))
            if pages := document.metadata.get("pages_without_text"):
                self.tally.notices.append(Notice(document.source, f"no text on page {pages}; run OCR to search it"))
            self.indexer.watch(Progress(self.done + 1, self.total, document.source, "stored"))
        self.waiting.clear()


def _is_under(source: str, target: str | Path) -> bool:
    """Whether a file is `target` or lies in it."""
    return "://" not in source and Path(source).is_relative_to(os.path.abspath(os.path.expanduser(target)))


def _stat(source: str) -> tuple[int, int]:
    """Size and modification time in nanoseconds; −1 for what is not a file here."""
    try:
        status = os.stat(source)
    except (OSError, ValueError):
        return -1, -1
    return status.st_size, status.st_mtime_ns


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
