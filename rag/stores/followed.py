"""The database as the indexes derived from it see it: what is there, what is new, what is gone."""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from rag.stores.database import Database
from rag.stores.shards import Row
from rag.types import Passage

Numbers = NDArray[np.int64]
Vectors = NDArray[np.float32]
ROWS = 10_000
"""Vectors read at a time."""


class FollowedDatabase(Database):
    """A database that tells its changes. Numbers only grow, so what is new has a higher one than all before."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read inside is of one moment."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def highest(self) -> int:
        """The highest number that a passage ever had, 0 where there was none."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
        return int(row[0]) if row else 0

    def removed(self, since: int, first: int = 1, last: int = 2**62) -> Numbers:
        """The numbers `first` to `last` of passages removed after generation `since`."""
        rows = self._db.execute(
            "SELECT passage FROM removed WHERE generation > ? AND passage BETWEEN ? AND ?", (since, first, last)
        )
        return np.fromiter((row[0] for row in rows), np.int64)

    def living(self, numbers: Collection[int]) -> set[int]:
        """Those of `numbers` that passages still have."""
        rows = self._db.execute("SELECT id FROM passages WHERE id IN (SELECT value FROM json_each(?))", _json(numbers))
        return {row[0] for row in rows}

    def rows(self, first: int, last: int) -> Iterator[Row]:
        """The words of the passages with numbers `first` to `last`."""
        rows = self._db.execute(
            "SELECT p.id, p.document, d.title, p.heading, p.text FROM passages p JOIN documents d ON d.id = p.document"
            " WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
            (first, last),
        )
        return map(Row._make, rows)

    def documents_of(self, sources: Collection[str]) -> list[int]:
        """The numbers of documents, by source."""
        rows = self._db.execute(
            "SELECT id FROM documents WHERE source IN (SELECT value FROM json_each(?))", (json.dumps(list(sources)),)
        )
        return [row[0] for row in rows]

    def count_vectors(self, after: int = 0) -> int:
        """How many passages with a number above `after` have a vector."""
        return self._count("vectors", "passage", after)

    def vectors_after(self, number: int) -> Iterator[tuple[Numbers, Vectors]]:
        """The vectors of passages with a higher number, in their order, `ROWS` at a time."""
        rows = self._db.execute("SELECT passage, vector FROM vectors WHERE passage > ? ORDER BY passage", (number,))
        while some := rows.fetchmany(ROWS):
            yield _arrays(some)

    def vectors_of(self, numbers: Collection[int]) -> tuple[Numbers, Vectors]:
        """The vectors of those passages that have one."""
        return _arrays(
            self._db.execute(
                "SELECT passage, vector FROM vectors WHERE passage IN (SELECT value FROM json_each(?))", _json(numbers)
            ).fetchall()
        )

    def cosines(self, vector: Vectors, numbers: Sequence[int]) -> dict[int, float]:
        held, vectors = self.vectors_of(numbers)
        return dict(zip(held.tolist(), (vectors @ vector).tolist(), strict=True)) if len(held) else {}

    def sample(self, most: int) -> tuple[list[Passage], Vectors]:
        """At most `most` passages with a vector, evenly from all over the library, in order, and their vectors."""
        with self.reading():
            numbers = np.fromiter(
                (row[0] for row in self._db.execute("SELECT passage FROM vectors ORDER BY 1")), np.int64
            )
            if len(numbers) > most:
                numbers = numbers[np.linspace(0, len(numbers) - 1, most).round().astype(int)]
            held, vectors = self.vectors_of(numbers.tolist())
            passages = self.passages(held.tolist())
        order = np.argsort(held)
        return [passages[number] for number in held[order].tolist()], vectors[order]

    def vectors_by_id(self, passages: Sequence[Passage]) -> dict[str, Vectors]:
        """The vectors of those `passages` that have one, by the passage's id."""
        rows = self._db.execute(
            "SELECT p.passage_id, v.vector FROM documents d JOIN passages p ON p.document = d.id"
            " JOIN vectors v ON v.passage = p.id WHERE d.source IN (SELECT value FROM json_each(?))"
            " AND p.passage_id IN (SELECT value FROM json_each(?))",
            (json.dumps([one.source for one in passages]), json.dumps([one.id for one in passages])),
        )
        return {key: np.frombuffer(vector, "<f4") for key, vector in rows}

    def some_vectors(self, count: int) -> Vectors:
        """At least `count` vectors from all over the library, or all."""
        numbers = np.fromiter((row[0] for row in self._db.execute("SELECT passage FROM vectors")), np.int64)
        return self.vectors_of(numbers[:: max(1, len(numbers) // count)].tolist())[1]


def _arrays(rows: Sequence[tuple[int, bytes]]) -> tuple[Numbers, Vectors]:
    numbers = np.fromiter((row[0] for row in rows), np.int64)
    vectors = np.frombuffer(b"".join(row[1] for row in rows), "<f4")
    return numbers, vectors.reshape(len(rows), -1 if rows else 0)


def _json(numbers: Collection[int]) -> tuple[str]:
    return (json.dumps(list(numbers)),)
