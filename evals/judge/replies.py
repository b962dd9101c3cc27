"""What chat models replied, kept by content: the same question to the same model is paid for once."""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import BadInput

WAIT = 30.0
"""Seconds that one process waits for another to finish writing."""


def key(*parts: object) -> str:
    """SHA-256, in hexadecimal, of everything that a reply depends on."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


class Replies:
    """A table of replies in one SQLite file, safe for threads and for several processes.

    It holds what the model wrote, which may quote the documents; the questions are only there as hashes.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it. Raises `BadInput` where it cannot be one."""
        self.path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL)")
        except (OSError, sqlite3.Error) as error:
            raise BadInput(f"{path} cannot keep replies ({error}); delete it or name another file") from None

    def get(self, key: str) -> str | None:
        """The reply kept under `key`."""
        with self._told():
            row = self._base.execute("SELECT reply FROM replies WHERE key=?", (key,)).fetchone()
        return str(row[0]) if row else None

    def put(self, key: str, reply: str) -> None:
        """Keeps a reply; the first one under a key stays."""
        with self._told():
            self._base.execute(
                "INSERT OR IGNORE INTO replies VALUES (?, ?)", (key, reply.encode(errors="replace").decode())
            )

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's errors as one clear line, with the file held by this thread alone."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise BadInput(f"{self.path} cannot be used ({error}); delete it or name another file") from None
