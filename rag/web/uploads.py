"""Documents taken into a library one after another while the page goes on, each told step by step."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from rag.errors import PinciteError
from rag.types import IngestReport, Progress
from rag.web import words
from rag.web.faults import line as said
from rag.web.ledger import reason

State = Literal["waiting", "reading", "embedding", "added", "updated", "unchanged", "failed", "cancelled"]
UNDER_WAY: tuple[State, ...] = ("waiting", "reading", "embedding")


class Tell(Protocol):
    """Hears how far the work has got."""

    def __call__(self, progress: Progress, /) -> None: ...


class Adds(Protocol):
    """The part of a library that takes documents in."""

    def add(
        self, *targets: str | Path, password: str | None = None, sync: bool = False, progress: Tell | None = None
    ) -> IngestReport: ...
    def add_bytes(self, data: bytes, name: str, *, folder: str = "", progress: Tell | None = None) -> IngestReport: ...


@dataclass(frozen=True, slots=True)
class Line:
    """How one document fares."""

    name: str
    state: State = "waiting"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it: the name it had there, with the folders above it, and where it lies for now."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to take in: what it is called, what takes it in, and what is left to do where it is not begun."""

    name: str
    run: Callable[[Tell], IngestReport]
    drop: Callable[[], None] | None = None


def arrival(library: Adds, file: Upload) -> Job:
    """Takes an uploaded file in. Its temporary copy is deleted once it has been read, or where it is cancelled."""
    parts = [part for part in file.name.replace("\\", "/").replace("\0", "").split("/") if part not in ("", ".", "..")]
    folder, name = "/".join(parts[:-1]), parts[-1] if parts else ""

    def drop() -> None:
        file.path.unlink(missing_ok=True)

    def run(tell: Tell) -> IngestReport:
        data = file.path.read_bytes()
        drop()
        return library.add_bytes(data, name, folder=folder, progress=tell)

    return Job("/".join(parts) or file.name, run, drop)


class Intake:
    """Takes documents into one library, in the order given. Safe for threads; whoever looks sees the same lines.

    What has been begun is finished, also where the rest is cancelled: a document is in the library whole or not at all.
    """

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._waiting: deque[tuple[int, Job]] = deque()
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None

    def put(self, jobs: Sequence[Job], refused: Sequence[Line] = ()) -> None:
        """Takes `jobs` in after those that wait; `refused` are files that never arrived, to be told with them."""
        with self._lock:
            if self._worker is None:
                self._lines.clear()
            for job in jobs:
                self._waiting.append((len(self._lines), job))
                self._lines.append(Line(job.name))
            self._lines.extend(refused)
            if self._waiting and self._worker is None:
                self._worker = threading.Thread(target=self._work, name="pincite-intake", daemon=True)
                self._worker.start()

    def cancel(self) -> None:
        """Drops what has not been begun."""
        with self._lock:
            dropped = list(self._waiting)
            self._waiting.clear()
            for at, _ in dropped:
                self._lines[at] = replace(self._lines[at], state="cancelled")
        for _, job in dropped:
            if job.drop:
                job.drop()

    def clear(self) -> None:
        """Forgets what was told, where nothing is under way."""
        with self._lock:
            if self._worker is None:
                self._lines.clear()

    def lines(self) -> tuple[Line, ...]:
        """How each document fares, in the order given."""
        with self._lock:
            return tuple(self._lines)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._worker is not None

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._worker = None
                    return
                at, job = self._waiting.popleft()
                self._lines[at] = replace(self._lines[at], state="reading")
            outcome = self._outcome(at, job)
            with self._lock:
                self._lines[at] = outcome

    def _outcome(self, at: int, job: Job) -> Line:
        def tell(progress: Progress, /) -> None:
            if progress.stage == "embedding":
                with self._lock:
                    self._lines[at] = replace(self._lines[at], state="embedding")

        try:
            return _told(job.name, job.run(tell))
        except PinciteError as error:
            return Line(job.name, "failed", str(error))
        except OSError as error:
            return Line(job.name, "failed", words.UNREADABLE.format(why=error.strerror or type(error).__name__))
        except Exception as error:
            return Line(job.name, "failed", said(error))


def _told(name: str, report: IngestReport) -> Line:
    if report.failed:
        return Line(name, "failed", reason(report.failed[0]))
    detail = " ".join(notice.text for notice in report.notices)
    state: State = "added" if report.added else "updated" if report.updated else "unchanged"
    return Line(name, state, detail)
