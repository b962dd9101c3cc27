"""What was removed, kept for a while so that it can be brought back."""

import hashlib
import secrets
import shutil
import tempfile
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.types import Document, IngestReport
from rag.web.uploads import Adds, Job, Tell

KEPT = 600.0
"""Seconds for which a removal can be undone."""
MOST = 50
"""Removals that can be undone at one time; the oldest go first."""


class Restores(Adds, Protocol):
    """The part of a library that takes back what was removed."""

    def add_documents(self, documents: list[Document], /) -> IngestReport: ...


@dataclass(frozen=True, slots=True)
class Removed:
    """One document or one row of the ledger."""

    source: str
    title: str
    document: Document | None
    """Its text; None for a file that could not be read."""
    copy: Path | None
    """The uploaded file, where the library keeps none but its own."""


class Bin:
    """Removed documents by a name that nobody guesses, each for `KEPT` seconds. Safe for threads.

    Copies of uploads lie outside the library, in a folder that ends with this program.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Removed] = {}
        self._lock = threading.Lock()
        self._folder: Path | None = None

    def copy(self, source: str) -> Path | None:
        """A copy of the upload at `source`, to be made before it is removed; None for what is no upload."""
        place = Path(source)
        if "originals" not in place.parts or not place.is_file():
            return None
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="pincite-removed-"))
                weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            kept = self._folder / secrets.token_hex(8)
        shutil.copyfile(place, kept)
        return kept

    def keep(self, removed: Removed) -> str:
        """The name under which `removed` can be taken back."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._kept[name] = removed
            oldest = list(self._kept)[:-MOST]
        for one in oldest:
            self.forget(one)
        timer = threading.Timer(KEPT, self.forget, [name])
        timer.daemon = True
        timer.start()
        return name

    def take(self, name: str) -> Removed | None:
        """What is kept as `name`, once."""
        with self._lock:
            return self._kept.pop(name, None)

    def forget(self, name: str) -> None:
        """Keeps `name` no longer."""
        removed = self.take(name)
        if removed and removed.copy:
            removed.copy.unlink(missing_ok=True)


def restoring(library: Restores, removed: Removed) -> Job:
    """Puts `removed` back as it was: from its file where that is the same, else by the text that was read from it."""
    place, document = Path(removed.source), removed.document

    def drop() -> None:
        if removed.copy:
            removed.copy.unlink(missing_ok=True)

    def run(tell: Tell) -> IngestReport:
        if removed.copy and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(removed.copy, place)
        drop()
        if document is None:
            return library.add(removed.source, progress=tell)
        if place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == document.sha256:
            report = library.add(removed.source, progress=tell)
            if not report.failed:
                return report
        return library.add_documents([document])

    return Job(removed.title, run, drop)
