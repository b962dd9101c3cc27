"""The SQLite file of past conversations: its tables, and how it is read and written by several at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rag.errors import LibraryError

WAIT = 10.0
"""Seconds that one process waits for another to finish writing."""

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL, begun TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_of ON conversations (user);
CREATE TABLE IF NOT EXISTS turns (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    at           TEXT NOT NULL,
    question     TEXT NOT NULL,
    turn         TEXT,           -- NULL once a document that the answer quotes was removed
    words        TEXT NOT NULL,  -- what a search looks through, case folded
    good         INTEGER,
    note         TEXT NOT NULL DEFAULT '',
    judged_at    TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS turns_of ON turns (conversation);
CREATE TABLE IF NOT EXISTS rests (
    turn INTEGER NOT NULL REFERENCES turns ON DELETE CASCADE, source TEXT NOT NULL, PRIMARY KEY (turn, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS rests_on ON rests (source);
"""


class TalkFile:
    """One file, made when it is first needed. Raises `LibraryError` where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept."""
        return self._path.exists()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, after which nothing that it deleted can be read from the file."""
        with self.reading() as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
                base.execute("COMMIT")
            finally:
                if base.in_transaction:
                    base.execute("ROLLBACK")
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)) as base:
                base.execute("PRAGMA foreign_keys = ON")
                base.execute("PRAGMA secure_delete = ON")
                base.create_function("folded", 1, str.casefold, deterministic=True)
                self._prepare(base)
                yield base
        except (sqlite3.Error, OSError, UnicodeError) as error:
            raise LibraryError(
                f"{self._path}: {error}; try again, or move this file away to begin with no conversations"
            ) from error

    def _prepare(self, base: sqlite3.Connection) -> None:
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version == _VERSION:
            return
        if version:
            raise LibraryError(
                f"{self._path} was made by another version of Pincite; move it away to begin with no conversations"
            )
        base.execute("PRAGMA journal_mode = WAL")
        base.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
