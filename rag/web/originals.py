"""The files that documents were read from: whether they are still what was indexed, and their pages as images."""

import hashlib
import os
import stat
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar
from urllib.parse import quote

from rag.loaders.pdf_images import OpenPdf
from rag.loaders.sources import is_address
from rag.types import Document

State = Literal["same", "changed", "gone", "away"]
"""Of a document's file: as it was indexed, with other bytes, no longer there, or at an address and never kept."""

BASE = "originals/{library}/{document}/{sha256}"
"""The address of a version of a document, relative to the page."""
OPEN_BYTES = 256_000_000
"""PDFs held open at a time; a larger one is opened alone."""
DRAWN_BYTES = 64_000_000
"""Page images kept at a time."""
THUMB = 120
WIDTHS = (THUMB, 600, 700, 800, 900, 1000, 1200, 1500, 1900, 2400, 2800)
"""Widths in pixels that pages are drawn in; so few that most are drawn once. The script of the viewer has them too."""

Key = TypeVar("Key")
Value = TypeVar("Value")
Stamp = tuple[int, int, int]
"""Time, size and number of a file."""


def address(library: str, document: Document) -> str:
    """Where the page finds this version of `document`."""
    return BASE.format(library=quote(library, safe=""), document=document.id, sha256=document.sha256)


class LostError(Exception):
    """A file that is not what was indexed."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class _Seen:
    stamp: Stamp
    sha256: str


class Originals:
    """Opens PDFs and draws their pages when asked, and keeps the last ones. Safe for threads."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._open: _Kept[tuple[str, Stamp], OpenPdf] = _Kept(OPEN_BYTES, lambda pdf: pdf.bytes)
        self._drawn: _Kept[tuple[str, int, int], bytes] = _Kept(DRAWN_BYTES, len)

    def state(self, source: str, sha256: str) -> State:
        """What has become of the file of `source`; it is read only where its time or its size are new."""
        if is_address(source):
            return "away"
        try:
            stamp = _stamp(os.stat(source))
            if stamp is None:
                return "gone"
            seen = self._seen.get(source)
            if seen is None or seen.stamp != stamp:
                with open(source, "rb") as file:
                    seen = _Seen(stamp, hashlib.file_digest(file, "sha256").hexdigest())
                self._seen[source] = seen
        except OSError:
            return "gone"
        return "same" if seen.sha256 == sha256 else "changed"

    def pdf(self, source: str, sha256: str) -> OpenPdf:
        """The PDF of `source`, open. Raises `LostError`, and `LoadError`: `password` or `broken`."""
        state = self.state(source, sha256)
        if state != "same":
            raise LostError(state)
        stamp = self._seen[source].stamp
        return self._open.get((source, stamp), lambda: _read(source, stamp))

    def page(self, source: str, sha256: str, number: int, width: int) -> bytes:
        """Page `number`, from 1, as a JPEG `width` pixels wide.

        Raises as `pdf` does, and `IndexError` where there is no such page.
        """
        pdf = self.pdf(source, sha256)
        return self._drawn.get((sha256, number, width), lambda: pdf.image(number, width))


def _stamp(status: os.stat_result) -> Stamp | None:
    """What tells that a file has not changed, without reading it; None for what is no regular file."""
    return (status.st_mtime_ns, status.st_size, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _read(source: str, stamp: Stamp) -> OpenPdf:
    """Its bytes as one moment had them, so that PDFium never reads a file that is being written."""
    try:
        with open(source, "rb") as file:
            data = file.read(stamp[1] + 1)
            if _stamp(os.fstat(file.fileno())) != stamp or len(data) != stamp[1]:
                raise LostError("changed")
    except OSError:
        raise LostError("gone") from None
    return OpenPdf(data, Path(source).name)


class _Kept(Generic[Key, Value]):
    """The values last asked for, up to `limit` bytes of them, and the newest one always."""

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self._limit, self._size = limit, size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._held = 0
        self._changing = threading.Lock()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of `key`, made where it is not held; two threads may make it at once, and one is kept."""
        with self._changing:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._changing:
            if key not in self._values:
                self._values[key] = made
                self._held += self._size(made)
            while self._held > self._limit and len(self._values) > 1:
                self._held -= self._size(self._values.popitem(last=False)[1])
        return made
