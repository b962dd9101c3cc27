"""Many sources in order, the PDFs among them read ahead by processes of their own.

Per character of text a PDF costs about ten times what a web page does, and a hundred times what an office document
does: with these it does not pay to go elsewhere.
"""

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rag.errors import LoadError
from rag.loaders import fetch, parse
from rag.loaders.workers import Workers
from rag.types import Document

_WORTH_IT = 300_000
"""Bytes of PDFs, all together, from which it pays to start processes: some seconds of reading."""
_AHEAD = 16_000_000
"""Bytes of files that may be read ahead of the one whose turn it is, which bounds memory."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one source: a document, an error, or neither where its content is the one that was known."""

    source: str
    size: int
    """Bytes; −1 for what is not a file here."""
    mtime_ns: int
    sha256: str = ""
    document: Document | None = None
    error: LoadError | None = None


@dataclass(frozen=True, slots=True)
class Loader:
    """How sources are read."""

    max_bytes: int
    """Larger sources are refused."""
    password: str | None = None
    processes: int = 1
    """How many may read PDFs at the same time; with fewer than two all is read here."""

    def load(self, sources: Sequence[str], known: Mapping[str, str]) -> Generator[Loaded]:
        """What became of each of `sources`, in their order; `known` has the SHA-256 of content not to be read again.

        Close the iterator where it is left early, so that its processes end.
        """
        sizes = {source: look(source)[0] for source in sources if source.lower().endswith(".pdf")}
        costly = {source: size for source, size in sizes.items() if size > 0}  # no addresses: a server may be slow
        if self.processes < 2 or sum(costly.values()) < _WORTH_IT:
            costly = {}
        upcoming = iter(costly)
        begun: dict[str, Callable[[], Loaded]] = {}
        ahead = 0
        with Workers(self.processes if costly else 0) as workers:
            for source in sources:
                while ahead < _AHEAD and (one := next(upcoming, None)):
                    begun[one] = self._begin(one, known.get(one), workers)
                    ahead += costly[one]
                finish = begun.pop(source, None) or self._begin(source, known.get(source), None)
                ahead -= costly.get(source, 0)
                yield finish()

    def _begin(self, source: str, known: str | None, workers: Workers | None) -> Callable[[], Loaded]:
        """Fetch a source, and begin to parse it where there are workers; what is returned waits for the outcome."""
        loaded = partial(Loaded, source, *look(source))
        try:
            raw = fetch(source, max_bytes=self.max_bytes)
        except LoadError as error:
            return partial(loaded, error=error)
        sha256 = raw.sha256
        if sha256 == known:
            return partial(loaded, sha256)
        document = workers.parse(raw, self.password) if workers else partial(parse, raw, password=self.password)

        def finish() -> Loaded:
            try:
                return loaded(sha256, document())
            except LoadError as error:
                return loaded(sha256, error=error)

        return finish


def look(source: str) -> tuple[int, int]:
    """Size in bytes and modification time in nanoseconds; −1 for what is not a file here."""
    try:
        status = os.stat(source)
    except (OSError, ValueError):
        return -1, -1
    return status.st_size, status.st_mtime_ns
