"""Evaluations started from the page: one at a time, as a program of its own beside it, which can be stopped."""

import hashlib
import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Literal

from rag.errors import BadInput
from rag.web import words

What = Literal["seeds", "judged"]
State = Literal["running", "done", "stopped", "failed"]
JUDGED = "judged.jsonl"
"""The file of the cases made from the judged answers of one library."""
PATIENCE = 10.0
"""Seconds that a run has to end by itself once it is told to."""
_LAST = 2000
"""Characters of what it said that are looked at."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the evaluation that was started last stands."""

    what: What
    state: State
    done: int = 0
    """Cases asked."""
    count: int | None = None
    """Of so many; None before that is known."""
    folder: Path | None = None
    said: str = ""
    """What it said last, where it failed."""


class Measuring:
    """Runs `python -m evals` and knows how far it is. Safe for threads."""

    def __init__(self, runs: Path, program: Sequence[str] = (sys.executable, "-m", "evals")) -> None:
        """The runs go to the folder `runs`; `program` is the evaluation's command line."""
        self._runs, self._program = runs.absolute(), tuple(program)
        self._lock = threading.Lock()
        self._now: Measured | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self._last: Sequence[list[str]] = ()

    def state(self) -> Measured | None:
        """The evaluation under way or the last one; None before the first."""
        with self._lock:
            now = self._now
        if now is None or now.state != "running" or now.folder is None:
            return now
        count, done = _count(now.folder / "manifest.json"), _lines(now.folder / "results.jsonl")
        return Measured(now.what, now.state, done, count, now.folder)

    def start(self, what: What, index: Path | None = None, model: str | None = None) -> None:
        """Begin to run the seeds' cases, or those judged in the library at `index`, answered as by `model`.

        Raises `BadInput` where one is under way, or the evaluation is not installed.
        """
        self._begin(what, *self._steps(what, index, model))

    def resume(self) -> None:
        """Go on with the one that was stopped last. Raises `BadInput` where there is none, or one is under way."""
        now = self.state()
        if now is None or now.state != "stopped" or now.folder is None:
            raise BadInput(words.MEASURE_NOTHING)
        self._begin(now.what, self._last, now.folder)

    def cancel(self) -> None:
        """Stop the one under way; what it has asked so far is kept, and `resume` goes on from there."""
        with self._lock:
            self._stopping, process = True, self._process
        if process is not None:
            _end(process)

    def close(self) -> None:
        """Stop the one under way, and wait for it."""
        self.cancel()

    def _steps(self, what: What, index: Path | None, model: str | None) -> tuple[list[list[str]], Path]:
        """The commands, one after the other, and the folder of the run."""
        cases = seed_cases() if what == "seeds" else index and judged_cases(self._runs, index)
        if cases is None:
            raise BadInput(words.MEASURE_ABSENT)
        if what == "judged":
            try:
                cases.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                why = error.strerror or error
                raise BadInput(words.MEASURE_UNWRITABLE.format(folder=cases.parent, why=why)) from None
        place = ["--index", str(index)] if what == "judged" else []
        folder = self._runs / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{what}"
        written = ["--model", model] if model else []
        run = [*self._program, "run", str(cases), *place, "--out", str(folder), "--workers", "1", *written]
        return [[*self._program, "make", str(cases), *place, "--judged"], run] if what == "judged" else [run], folder

    def _begin(self, what: What, steps: Sequence[list[str]], folder: Path) -> None:
        with self._lock:
            if self._now is not None and self._now.state == "running":
                raise BadInput(words.MEASURE_BUSY)
            self._now, self._stopping, self._last = Measured(what, "running", folder=folder), False, steps[-1:]
        threading.Thread(target=self._work, args=(what, steps, folder), daemon=True).start()

    def _work(self, what: What, steps: Sequence[list[str]], folder: Path) -> None:
        for step in steps:
            status, said = self._done(step)
            if status:
                break
        state: State = "done" if not status else "stopped" if self._stopping else "failed"
        count, done = _count(folder / "manifest.json"), _lines(folder / "results.jsonl")
        with self._lock:
            self._now = Measured(what, state, done, count, folder, said if state == "failed" else "")

    def _done(self, command: list[str]) -> tuple[int, str]:
        """The exit status of a command, and the last line that it said."""
        with TemporaryFile() as told:
            with self._lock:
                if self._stopping:
                    return 1, ""
                try:
                    self._process = subprocess.Popen(  # noqa: S603 - our own program
                        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=told
                    )
                except OSError as error:
                    return 1, str(error)
            status = self._process.wait()
            with self._lock:
                self._process = None
            told.seek(0)
            lines = told.read().decode(errors="replace")[-_LAST:].strip().splitlines()
        return status, lines[-1].removeprefix("error: ").strip() if lines else ""


def judged_cases(runs: Path, index: Path) -> Path:
    """Where the cases of the library at `index` lie: with the runs, which quote its documents as they do."""
    place = str(index.absolute())
    return runs / "judged" / f"{index.name}-{hashlib.sha256(place.encode()).hexdigest()[:8]}" / JUDGED


def seed_cases() -> Path | None:
    """The cases on the example documents; None where the evaluation is not installed."""
    found = importlib.util.find_spec("evals")
    place = Path(found.origin).parent / "cases" / "seeds.jsonl" if found and found.origin else None
    return place if place and place.is_file() else None


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _count(manifest: Path) -> int | None:
    try:
        count = json.loads(manifest.read_text(encoding="utf-8"))["cases"]["count"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return count if isinstance(count, int) else None


def _lines(results: Path) -> int:
    try:
        return results.read_bytes().count(b"\n")
    except OSError:
        return 0
