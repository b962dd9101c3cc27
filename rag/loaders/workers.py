"""PDFs are read in processes of their own: on every core, and no file can take this one down.

The processes are plain programs that speak through pipes. They are not made by `multiprocessing`, because forking is
unsafe beside the threads of the models and of a web server, and its other ways run the user's own script again.
"""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import IO, Any, Self, cast

from rag.loaders import as_document
from rag.loaders.kinds import is_pdf
from rag.loaders.pdf import join_parts
from rag.loaders.sources import Raw
from rag.loaders.worker import Message, answer, document_of, part_of, receive, request, send
from rag.types import Document

SPLIT = 100_000
"""Bytes of a PDF for each process that reads a part of it: about 20 pages."""
_PATIENCE = 600.0
"""Seconds that a file may take, and one more for every 10,000 bytes."""
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from rag.loaders.worker import main; main()"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

Reply = dict[str, Any]
_Tasks = queue.SimpleQueue[tuple[Future[Reply], Message] | None]


class Workers:
    """`count` processes that read files, each started when there is work for it. Ended by `close`."""

    def __init__(self, count: int) -> None:
        self._tasks: _Tasks = queue.SimpleQueue()
        self._workers = [_Worker(self._tasks) for _ in range(count)]
        for worker in self._workers:
            worker.start()

    def parse(self, raw: Raw, password: str | None = None) -> Callable[[], Document]:
        """Begin to read `raw`; what is returned waits for the document, and raises `LoadError` as `parse` does.

        A file that takes its process down, or far too long, is `broken`. A long PDF is read by several processes.
        """
        count = min(len(self._workers), len(raw.data) // SPLIT) if is_pdf(raw) else 1
        if count < 2:
            whole = self._begin(request(raw, password))
            return lambda: document_of(whole.result())
        parts = [self._begin(request(raw, password, part, count)) for part in range(count)]
        named = replace(raw, data=b"")
        return lambda: as_document(named, lambda: join_parts(named.name, [part_of(part.result()) for part in parts]))

    def _begin(self, message: Message) -> Future[Reply]:
        future: Future[Reply] = Future()
        self._tasks.put((future, message))
        return future

    def close(self) -> None:
        """End every process, whatever it is doing."""
        for worker in self._workers:
            worker.stop()
        for _ in self._workers:
            self._tasks.put(None)
        for worker in self._workers:
            worker.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker(threading.Thread):
    """One process, and the thread that speaks with it. A daemon: a program that ends does not wait for it."""

    def __init__(self, tasks: _Tasks) -> None:
        super().__init__(name="pincite-reader", daemon=True)
        self._tasks = tasks
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()
        self._stopped = False

    def run(self) -> None:
        while (task := self._tasks.get()) is not None:
            future, message = task
            try:
                self._refuse_if_stopped()
                future.set_result(self._ask(*message))
            except BaseException as error:
                future.set_exception(error)
        self._end()

    def stop(self) -> None:
        with self._starting:
            self._stopped = True
            process = self._process
        if process:
            process.kill()

    def _ask(self, header: dict[str, Any], data: bytes) -> Reply:
        process = self._process or self._start()
        if process is None:
            return answer(header, data)
        requests, replies = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        patience = _PATIENCE + len(data) / 10_000
        limit = threading.Timer(patience, process.kill)
        limit.daemon = True
        limit.start()
        began = time.monotonic()
        try:
            send(requests, header, data)
            return receive(replies)[0]
        except (OSError, EOFError, ValueError):
            self._refuse_if_stopped()
            slow = time.monotonic() - began >= patience
            self._end()
            what = (
                f"takes longer than {patience / 60:.0f} minutes to read" if slow else "stops the program that reads it"
            )
            return {"kind": "broken", "error": f"{header['raw']['name']}: {what}; save it anew, or split it"}
        finally:
            limit.cancel()

    def _start(self) -> subprocess.Popen[bytes] | None:
        """A new process, ready to read; None where there is none to be had."""
        with self._starting:
            self._refuse_if_stopped()
            try:
                self._process = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-P", "-c", _PROGRAM, *map(str, sys.path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=os.environ | _ONE_THREAD,
                    start_new_session=True,  # what the keyboard says is meant for the program in front
                )
            except OSError:
                return None
        try:
            receive(cast(IO[bytes], self._process.stdout))
        except (OSError, EOFError, ValueError):
            self._end()
            self._refuse_if_stopped()
        return self._process

    def _refuse_if_stopped(self) -> None:
        if self._stopped:
            raise CancelledError

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            with suppress(OSError):  # of what it was not yet sent
                cast(IO[bytes], process.stdin).close()
            cast(IO[bytes], process.stdout).close()
