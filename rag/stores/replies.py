"""What chat models replied, kept by content: who asks the same of the same model about the same words pays once.

A file of its own beside the library. It holds the replies, which may quote the documents; what was asked, and which
documents a reply rests on, are only there as hashes. Without those documents a reply goes, and its bytes with it.
"""

import hashlib
import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from rag.errors import LibraryError

WAIT = 10.0
"""Seconds that one process waits for another to finish writing."""

_TABLES = """
CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL, used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rests (
    key TEXT NOT NULL REFERENCES replies ON DELETE CASCADE, source TEXT NOT NULL, PRIMARY KEY (key, source)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS rests_on ON rests (source);
"""


class Replies:
    """The replies kept in one SQLite file, at most `most` of them; safe for threads and for several processes.

    A file that is damaged, or held too long by another process, keeps nothing and holds up no answer.
    """

    def __init__(self, path: Path, most: int) -> None:
        self._path, self._most = path, most

    def get(self, key: str) -> str | None:
        """The reply kept under `key`."""
        with suppress(sqlite3.Error), self._open() as base:
            row = base.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
            base.execute("UPDATE replies SET used = ? WHERE key = ?", (time.time_ns(), key))
            return str(row[0]) if row else None
        return None

    def put(self, key: str, reply: str, sources: Collection[str]) -> None:
        """Keep a reply that rests on the documents of `sources`; those longest unused make room for it."""
        kept = reply.encode(errors="replace").decode()
        with suppress(sqlite3.Error), self._open() as base:
            base.execute("DELETE FROM replies WHERE key = ?", (key,))
            base.execute("INSERT INTO replies VALUES (?, ?, ?)", (key, kept, time.time_ns()))
            base.executemany("INSERT INTO rests VALUES (?, ?)", {(key, hashed(source)) for source in sources})
            base.execute(
                "DELETE FROM replies WHERE key NOT IN (SELECT key FROM replies ORDER BY used DESC LIMIT ?)",
                (self._most,),
            )

    def forget(self, sources: Collection[str]) -> None:
        """Drop what rests on any of these documents. Raises `LibraryError` where that cannot be done."""
        if not sources or not self._path.exists():
            return
        try:
            with self._open() as base:
                base.executemany(
                    "DELETE FROM replies WHERE key IN (SELECT key FROM rests WHERE source = ?)",
                    [(hashed(source),) for source in sources],
                )
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # it is in use: what it holds must not outlive this
                raise LibraryError(f"{self._path} cannot be purged ({error}); delete it") from None
            self._path.unlink(missing_ok=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=WAIT)) as base:
            base.execute("PRAGMA foreign_keys = ON")
            base.execute("PRAGMA secure_delete = ON")
            base.executescript(_TABLES)
            with base:
                yield base


def hashed(*parts: str) -> str:
    """SHA-256, in hexadecimal, of texts of which none can be mistaken for a part of another."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode(errors="surrogatepass")
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()
