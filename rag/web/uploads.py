"""Uploads into a library, told step by step."""

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from rag.errors import PinciteError
from rag.types import IngestReport, Progress

State = Literal["waiting", "reading", "embedding", "added", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it: the name it had there, and where it lies for now."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Line:
    """How one file fares."""

    name: str
    state: State = "waiting"
    detail: str = ""


class Adds(Protocol):
    """The part of a library that takes uploads."""

    def add_bytes(self, data: bytes, name: str, *, progress: "Tell | None" = None) -> IngestReport: ...


class Tell(Protocol):
    """Hears how far the work has got."""

    def __call__(self, progress: Progress, /) -> None: ...


def adding(library: Adds, files: Sequence[Upload]) -> Iterator[tuple[Line, ...]]:
    """Adds `files` one after the other, and yields the state of all of them at each change.

    Each file's temporary copy is deleted once it has been read. A file that fails does not stop the next.
    """
    lines = [Line(file.name) for file in files]
    yield tuple(lines)
    for index, file in enumerate(files):
        for line in _one(library, file):
            if line != lines[index]:
                lines[index] = line
                yield tuple(lines)


def _one(library: Adds, file: Upload) -> Iterator[Line]:
    """Runs in a thread of its own, so that its progress can be told while it works."""
    told: queue.SimpleQueue[Line | BaseException] = queue.SimpleQueue()
    line = Line(file.name, "reading")
    yield line

    def tell(progress: Progress, /) -> None:
        if progress.stage == "embedding":
            told.put(replace(line, state="embedding"))

    def work() -> None:
        try:
            data = file.path.read_bytes()
            file.path.unlink(missing_ok=True)
            told.put(_outcome(file.name, library.add_bytes(data, file.name, progress=tell)))
        except (PinciteError, OSError) as error:
            told.put(Line(file.name, "failed", str(error)))
        except BaseException as error:
            told.put(error)

    worker = threading.Thread(target=work, name="pincite-upload", daemon=True)
    worker.start()
    while True:
        news = told.get()
        if isinstance(news, BaseException):
            raise news
        yield news
        if news.state != "embedding":
            break
    worker.join()


def _outcome(name: str, report: IngestReport) -> Line:
    if report.failed:
        return Line(name, "failed", report.failed[0].error)
    detail = " ".join(notice.text for notice in report.notices)
    state: State = "added" if report.added else "updated" if report.updated else "unchanged"
    return Line(name, state, detail)
