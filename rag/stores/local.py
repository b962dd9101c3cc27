"""A library in one folder: `library.sqlite` is the truth, `vectors.faiss` a snapshot derived from it."""

import json
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.stores import snapshot
from rag.stores.base import Found
from rag.stores.database import Database
from rag.types import Check


class LocalStore(Database):
    """The database in `folder`, and a FAISS index in memory that follows it, whichever process changes it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._indexing = threading.RLock()
        self._index: Any = None
        self._reflected = -1

    def nearest(self, vector: NDArray[np.float32], k: int, within: Collection[str] | None) -> list[Found]:
        with self._indexing:
            self.refresh()
            if self._index is None or not self._index.ntotal:
                return []
            parameters = None
            if within is not None:
                numbers = np.asarray(self._numbers_of(within), np.int64)
                parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(numbers))  # type: ignore[call-arg]
            k = min(k, self._index.ntotal)
            scores, found = self._index.search(vector.reshape(1, -1), k, params=parameters)
        return [
            Found(int(number), float(score)) for number, score in zip(found[0], scores[0], strict=True) if number >= 0
        ]

    def refresh(self) -> None:
        """Bring the index in memory up to the library on disk, whoever changed it."""
        with self._indexing:
            if self.generation() == self._reflected:
                return
            if self._reflected < 0:
                self._load_snapshot()
            with self._reading():  # numbers and vectors of one moment, whatever is committed meanwhile
                self._catch_up()
                self._reflected = self.generation()

    def save_snapshot(self) -> None:
        """Write the snapshot that later readers start from."""
        with self._indexing:
            self.refresh()
            if self._index is None:
                return
            payload = faiss.serialize_index(self._index)
            snapshot.write(self._snapshot, snapshot.Snapshot(self._reflected, payload))

    def _load_snapshot(self) -> None:
        saved = snapshot.read(self._snapshot)
        self._index = None if saved is None else faiss.deserialize_index(saved.payload)

    def _catch_up(self) -> None:
        """Numbers are never used twice, so comparing them tells exactly what the snapshot lacks or has too much."""
        wanted = np.fromiter((row[0] for row in self._db.execute("SELECT passage FROM vectors")), np.int64)
        held = np.zeros(0, np.int64) if self._index is None else faiss.vector_to_array(self._index.id_map)
        gone = np.setdiff1d(held, wanted, assume_unique=True)
        if len(gone):
            self._index.remove_ids(faiss.IDSelectorBatch(gone))
        missing = np.setdiff1d(wanted, held, assume_unique=True)
        for numbers in np.array_split(missing, len(missing) // 50_000 + 1):
            rows = self._db.execute(
                "SELECT passage, vector FROM vectors WHERE passage IN (SELECT value FROM json_each(?))",
                (json.dumps(numbers.tolist()),),
            ).fetchall()
            if rows:
                vectors = np.frombuffer(b"".join(row[1] for row in rows), np.float32).reshape(len(rows), -1)
                if self._index is None:
                    self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
                self._index.add_with_ids(vectors, np.asarray([row[0] for row in rows], np.int64))

    def check(self) -> list[Check]:
        """What `doctor` wants to know of the database, and whether the snapshot is current."""
        saved = snapshot.read(self._snapshot)
        current = saved is not None and saved.generation == self.generation()
        detail = "current" if current else "missing or older; it is caught up whenever the library opens"
        return [*super().check(), Check("snapshot", True, detail)]

    @property
    def _snapshot(self) -> Path:
        return self.folder / "vectors.faiss"
