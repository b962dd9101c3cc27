"""The truth of a library: one SQLite file with documents, pages, passages, words, vectors and the ledger."""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import LibraryError
from rag.stores.base import Found, Named, Prepared, Stamp
from rag.stores.rows import forget, insert
from rag.types import Check, Document, Entry, Failure, Heading, Page, Passage

SCHEMA_VERSION = "2"
FILE = "library.sqlite"
TITLE_WEIGHT, HEADING_WEIGHT, TEXT_WEIGHT = 2.0, 1.0, 1.0
"""What a word counts for where it stands (BM25 column weights)."""
_ENTRIES = (
    "SELECT document_id, source, title, date, language, media_type, sha256, characters, page_count, passage_count,"
    " indexed_at, searched FROM documents"
)


def count(folder: Path) -> int | None:
    """How many documents the library in `folder` has, without changing anything; None where that cannot be told."""
    try:
        with closing(sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=ro", uri=True)) as db:
            (found,) = db.execute("SELECT count(*) FROM documents").fetchone()
    except sqlite3.Error:
        return None
    return int(found)


class Database:
    """`library.sqlite` in `folder`, made where it is missing. Every write is one transaction; reading never waits.

    Raises `LibraryError` where the folder or the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._threads = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._writing = threading.RLock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._upgrade()
            self._db.executescript(files("rag.stores").joinpath("schema.sql").read_text())
        except (sqlite3.Error, OSError) as error:
            message = f"{folder} cannot be used as a library ({error}); run: pincite doctor --index {folder}"
            raise LibraryError(message) from error
        version = self.setting("schema") or self._keep("schema", SCHEMA_VERSION)
        if version != SCHEMA_VERSION:
            raise LibraryError(
                f"{folder} was made by another version of Pincite; index its documents into a new folder"
            )

    def generation(self) -> int:
        return int(self.setting("generation") or 0)

    def setting(self, key: str) -> str | None:
        """A value kept with the library, such as the embedder's fingerprint."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def keep(self, key: str, value: str) -> None:
        """Keep a value with the library."""
        with self._write(changes=False):
            self._keep(key, value)

    # --- documents

    def put(self, prepared: Iterable[Prepared]) -> None:
        with self._write() as db:
            for item in prepared:
                forget(db, item.document.source, self.generation() + 1)
                insert(db, item)

    def embedded(self, digests: Collection[bytes]) -> dict[bytes, NDArray[np.float32]]:
        wanted = list(digests)
        found: dict[bytes, NDArray[np.float32]] = {}
        for first in range(0, len(wanted), 500):  # SQLite takes only so many values in one statement
            some = wanted[first : first + 500]
            marks = ", ".join("?" * len(some))
            rows = self._db.execute(f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})", some)  # noqa: S608
            found.update((digest, np.frombuffer(vector, "<f4")) for digest, vector in rows)
        return found

    def touch(self, stamps: Mapping[str, Stamp]) -> None:
        with self._write(changes=False) as db:
            db.executemany(
                "UPDATE documents SET size = ?, mtime_ns = ? WHERE source = ?",
                [(stamp.size, stamp.mtime_ns, source) for source, stamp in stamps.items()],
            )

    def remove(self, sources: Collection[str]) -> None:
        with self._write() as db:
            for source in sources:
                forget(db, source, self.generation() + 1)

    def fail(self, failure: Failure) -> None:
        with self._write(changes=False) as db:
            row = (failure.source, failure.error, failure.kind, failure.at)
            db.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)", row)

    def stamps(self) -> dict[str, Stamp]:
        rows = self._db.execute("SELECT source, sha256, size, mtime_ns FROM documents")
        return {source: Stamp(sha256, size, mtime) for source, sha256, size, mtime in rows}

    def entries(self) -> list[Entry]:
        return [Entry(*row) for row in self._db.execute(f"{_ENTRIES} ORDER BY source")]

    def entry(self, document_id: str) -> Entry | None:
        row = self._db.execute(f"{_ENTRIES} WHERE document_id = ?", (document_id,)).fetchone()
        return Entry(*row) if row else None

    def failures(self) -> list[Failure]:
        return [
            Failure(*row) for row in self._db.execute("SELECT source, error, kind, at FROM failures ORDER BY source")
        ]

    def document(self, source: str) -> Document | None:
        row = self._db.execute(
            "SELECT document_id, source, sha256, title, text, media_type, date, language, metadata, id"
            " FROM documents WHERE source = ?",
            (source,),
        ).fetchone()
        if row is None:
            return None
        metadata, number = row[8:]
        pages = self._db.execute('SELECT number, start, "end" FROM pages WHERE document = ? ORDER BY number', (number,))
        headings = self._db.execute(
            'SELECT level, start, "end" FROM headings WHERE document = ? ORDER BY start', (number,)
        )
        document = Document(*row[:8])
        return replace(
            document,
            pages=tuple(Page(*page) for page in pages),
            headings=tuple(Heading(*heading) for heading in headings),
            metadata=json.loads(metadata),
        )

    def headings(self, source: str) -> list[Named]:
        rows = self._db.execute(
            'SELECT h.level, h.start, h."end", h.name FROM headings h JOIN documents d ON d.id = h.document'
            " WHERE d.source = ? ORDER BY h.start",
            (source,),
        )
        return [Named(*row) for row in rows]

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        rows = self._db.execute(
            'SELECT p.id, p.passage_id, d.document_id, d.source, d.title, p.start, p."end", p.text, p.heading,'
            " p.page_first, p.page_last, d.media_type, d.language FROM passages p JOIN documents d ON d.id = p.document"
            " WHERE p.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        return {number: Passage(*fields) for number, *fields in rows}

    # --- words

    def matching(self, words: Sequence[str], k: int, within: Collection[str] | None, after: int = 0) -> list[Found]:
        """As the protocol has it, of the passages with a number above `after`."""
        if not words:
            return []
        query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        where, values = " AND rowid > ?", [query, after]
        if within is not None:
            where += " AND +rowid IN (SELECT value FROM json_each(?))"  # without + it searches anew for each of them
            values.append(json.dumps(self._numbers_of(within)))
        rows = self._db.execute(
            f"SELECT rowid, -bm25(lexicon, {TITLE_WEIGHT}, {HEADING_WEIGHT}, {TEXT_WEIGHT}) AS score FROM lexicon"  # noqa: S608
            f" WHERE lexicon MATCH ?{where} ORDER BY score DESC, rowid LIMIT {int(k)}",
            values,
        )
        return [Found(*row) for row in rows]

    def frequencies(self, stems: Sequence[str]) -> tuple[int, list[int]]:
        return self.count_passages(), self._counts(stems)

    def count_passages(self, after: int = 0) -> int:
        """How many passages have a number above `after`."""
        return self._count("passages", "id", after)

    def _count(self, table: str, number: str, after: int) -> int:
        where = f" WHERE {number} > {int(after)}" if after else ""  # all are counted in an index, without reading rows
        (count,) = self._db.execute(f"SELECT count(*) FROM {table}{where}").fetchone()  # noqa: S608
        return int(count)

    def _counts(self, stems: Sequence[str]) -> list[int]:
        rows = self._db.execute(
            "SELECT term, doc FROM lexicon_words WHERE term IN (SELECT value FROM json_each(?))", (json.dumps(stems),)
        )
        counts = dict(rows.fetchall())
        return [int(counts.get(stem, 0)) for stem in stems]

    # --- health

    def check(self) -> list[Check]:
        """What `doctor` wants to know: is the file whole, do its parts agree, is the snapshot current."""
        (state,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        checks = [
            Check(
                "database", state == "ok", state, "restore library.sqlite from a copy, or index again into a new folder"
            )
        ]
        (passages,) = self._db.execute("SELECT count(*) FROM passages").fetchone()
        (words,) = self._db.execute("SELECT count(*) FROM lexicon_docsize").fetchone()
        advice = "index the documents again into a new folder"
        checks.append(Check("words", words == passages, f"{words} of {passages} passages", advice))
        (vectors,) = self._db.execute("SELECT count(*) FROM vectors").fetchone()
        (expected,) = self._db.execute(
            "SELECT count(*) FROM passages p JOIN documents d ON d.id = p.document"
            " WHERE d.searched = 'meaning and words'"
        ).fetchone()
        checks.append(Check("vectors", vectors == expected, f"{vectors} of {expected} passages", advice))
        return checks

    # --- connections and transactions

    def _upgrade(self) -> None:
        """Version 1 kept no digests of what was embedded; its vectors get empty ones, which are never looked for."""
        if not self._lacks_digests():
            return
        with self._write():
            if self._lacks_digests():  # another process may have been here first
                self._db.execute("ALTER TABLE vectors ADD COLUMN digest BLOB NOT NULL DEFAULT x''")
                self._keep("schema", "2")

    def _lacks_digests(self) -> bool:
        columns = {row[1] for row in self._db.execute("PRAGMA table_info(vectors)")}
        return bool(columns) and "digest" not in columns

    @property
    def _db(self) -> sqlite3.Connection:
        """This thread's own connection."""
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            path = self.folder / FILE
            connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._threads.connection = connection
            self._connections.append(connection)
        return connection

    @contextmanager
    def _write(self, changes: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction; with `changes`, readers will see that the passages are others."""
        with self._writing:
            db = self._db
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                if changes:
                    self._keep("generation", str(self.generation() + 1))
                db.execute("COMMIT")
            except BaseException as error:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise LibraryError(
                        f"{self.folder}: {error}; free some space or wait for the other writer, then try again"
                    ) from error
                raise

    def _keep(self, key: str, value: str) -> str:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        return value

    def _numbers_of(self, sources: Collection[str]) -> list[int]:
        rows = self._db.execute(
            "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document"
            " WHERE d.source IN (SELECT value FROM json_each(?))",
            (json.dumps(list(sources)),),
        )
        return [row[0] for row in rows]

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._threads = threading.local()
