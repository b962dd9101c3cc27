"""load → chunk → embed → store: the first story.

Documents are gathered until they make a batch worth embedding, then embedded and stored in one transaction: what was
committed stays, and a reader never sees half a document. What the library has embedded before is not embedded again.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import numpy as np

from rag.chunking import context, passages
from rag.errors import LoadError, NoSuchSource
from rag.loaders import find
from rag.loaders.ahead import Loaded, Loader, look
from rag.loaders.drafts import valid
from rag.models.embedding import Embedder, Vectors
from rag.settings import Settings
from rag.stores.base import Prepared, Stamp, Store
from rag.tally import Outcome, Tally, Watcher
from rag.types import Document, Failure, IngestReport, Passage

BATCH = 256
"""Passages embedded and committed together."""
MOST_PROCESSES = 8
"""Processes that read files, at most, however many cores there are: each takes some 200 MB."""

OWN = (
    "library.sqlite",
    "replies.sqlite",
    "conversations.sqlite",
    "vectors.faiss",
    "lexicon.tantivy",
    "map.npz",
    "originals",
)
"""What a library's folder holds; documents may lie beside it."""


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
        known = self.store.stamps()
        sources = list(dict.fromkeys(source for target in targets for source in self._found(target, known, sync)))
        tally = Tally(sources, self.watch)
        if sync:
            self._forget_vanished(targets, set(sources), known, tally)
        unchanged = dict.fromkeys(source for source in sources if _is_unchanged(source, known.get(source)))
        tally.unchanged(unchanged)
        waiting = [source for source in sources if source not in unchanged]
        hashes = {source: stamp.sha256 for source, stamp in known.items()}
        batch = _Batch(self, tally, known)
        with closing(self._loader(password).load(waiting, hashes)) as everything:
            for loaded in everything:
                batch.take(loaded)
        batch.flush()
        return tally.report()

    def add_documents(self, documents: Iterable[Document]) -> IngestReport:
        """Index documents that are already read, by source and hash like files."""
        given = {document.source: document for document in documents}
        known = self.store.stamps()
        tally = Tally(list(given), self.watch)
        unchanged = dict.fromkeys(one for one in given if one in known and known[one].sha256 == given[one].sha256)
        tally.unchanged(unchanged)
        batch = _Batch(self, tally, known)
        for source, document in given.items():
            if source not in unchanged:
                batch.take(Loaded(source, -1, -1, document.sha256, document))
        batch.flush()
        return tally.report()

    def prepare(self, document: Document) -> tuple[list[Passage], bool]:
        """The passages of a document, and whether the embedder knows its language."""
        cut = passages(document, self.settings.chunking.words, self.settings.chunking.overlap)
        known = self.embedder().languages
        return cut, known is None or document.language is None or document.language in known

    def embed(self, texts: Sequence[str]) -> tuple[Vectors, list[bytes]]:
        """(n, dimensions) for `texts`, and their digests; each text is embedded once in the life of a library."""
        embedder = self.embedder()
        digests = [blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest() for text in texts]
        vectors = self.store.embedded(set(digests))
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in vectors}
        if new:
            vectors.update(zip(new, embedder.embed_passages(list(new.values())), strict=True))
        rows = [vectors[digest] for digest in digests]
        return np.stack(rows) if rows else np.zeros((0, embedder.dimensions), np.float32), digests

    def _loader(self, password: str | None) -> Loader:
        processes = min(self.settings.threads or os.cpu_count() or 1, MOST_PROCESSES)
        return Loader(self.settings.max_file_mb * 1_000_000, password, processes)

    def _found(self, target: str | Path, known: dict[str, Stamp], sync: bool) -> list[str]:
        """The sources under a target, without the library's own files; with `sync` there may be none left."""
        try:
            found = find(target)
        except NoSuchSource:
            if sync and any(map(_below(target), known)):
                return []
            raise
        is_own = self._is_own()
        return [source for source in found if len(found) == 1 or not is_own(source)]

    def _is_own(self) -> Callable[[str], bool]:
        """Tells whether a file is one that the library keeps for itself."""
        home = os.path.abspath(self.home)
        inside = _below(home)
        return lambda source: inside(source) and source[len(home) + 1 :].startswith(OWN)

    def _forget_vanished(
        self, targets: Sequence[str | Path], present: set[str], known: dict[str, Stamp], tally: Tally
    ) -> None:
        under = [_below(target) for target in targets]
        vanished = [source for source in known if source not in present and any(inside(source) for inside in under)]
        self.store.remove(vanished)
        tally.removed.extend(vanished)


@dataclass(frozen=True, slots=True)
class _Waiting:
    document: Document
    stamp: Stamp
    passages: list[Passage]
    understood: bool
    """Whether the embedder knows the language."""


@dataclass
class _Batch:
    """Documents waiting to be embedded and stored together."""

    indexer: Indexer
    tally: Tally
    known: dict[str, Stamp]
    waiting: list[_Waiting] = field(default_factory=list)
    touched: dict[str, Stamp] = field(default_factory=dict)
    """New stamps of files that were rewritten with the same content."""

    def take(self, loaded: Loaded) -> None:
        """Add a document, and store the batch once it is full; or note what else became of a source."""
        if loaded.error:
            self._fail(loaded.source, loaded.error)
        elif loaded.document is None:
            self.touched[loaded.source] = _stamp(loaded)
            self.tally.unchanged([loaded.source])
        else:
            cut, understood = self.indexer.prepare(loaded.document)
            self.waiting.append(_Waiting(loaded.document, _stamp(loaded), cut, understood))
            self.tally.embedding(loaded.source)
            if sum(len(item.passages) for item in self.waiting) >= BATCH:
                self.flush()

    def flush(self) -> None:
        """Embed what waits and store it, in one transaction."""
        if self.touched:
            self.indexer.store.touch(self.touched)
        if self.waiting:
            texts = [context(passage) for item in self.waiting if item.understood for passage in item.passages]
            vectors, digests = self.indexer.embed(texts)
            prepared, at = [], 0
            for item in self.waiting:
                part = slice(at, at + len(item.passages) * item.understood)
                own = (vectors[part], digests[part]) if item.understood else (None, ())
                prepared.append(Prepared(item.document, item.passages, own[0], item.stamp, own[1]))
                at = part.stop
            self.indexer.store.put(prepared)
        for item in self.waiting:
            outcome: Outcome = "updated" if item.document.source in self.known else "added"
            self.tally.stored(item.document, outcome, understood=item.understood)
        self.waiting.clear()
        self.touched.clear()

    def _fail(self, source: str, error: LoadError) -> None:
        failure = Failure(valid(source), str(error), error.kind, datetime.now(UTC).isoformat(timespec="seconds"))
        self.indexer.store.fail(failure)
        self.tally.failed(failure)


def _below(target: str | Path) -> Callable[[str], bool]:
    """Tells whether a file is `target` or lies in it."""
    place = os.path.normcase(os.path.abspath(os.path.expanduser(target)))
    folder = place.rstrip(os.sep) + os.sep
    return lambda source: "://" not in source and (os.path.normcase(source) + os.sep).startswith(folder)


def _is_unchanged(source: str, known: Stamp | None) -> bool:
    """Whether a file looks as it did when it was indexed, without reading it."""
    return known is not None and known.size >= 0 and look(source) == (known.size, known.mtime_ns)


def _stamp(loaded: Loaded) -> Stamp:
    return Stamp(loaded.sha256, loaded.size, loaded.mtime_ns)
