"""Finding by meaning: a vector index in memory that follows the database, whichever process changes it.

It starts from the snapshot file and adds what that lacks. The snapshot is written again where enough has changed, or
where a document was removed; where the library has outgrown its kind, a new index is built beside the one in use.
"""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from rag.stores import snapshot
from rag.stores.base import Found
from rag.stores.followed import FollowedDatabase, Numbers, Vectors
from rag.stores.gate import Gate
from rag.stores.snapshot import Reflects
from rag.stores.vectors import VectorIndex, clusters_for, suits

WORTH = 0.05
"""The share of a snapshot that may be out of date: so much is caught up in no time."""
TRAINING = 50
"""Vectors for each cluster that its centre is learnt from."""
_NOTHING = Reflects(generation=-1, largest=0, clusters=0)


class ByMeaning:
    """The vector index of `database`, with its snapshot at `path`."""

    def __init__(self, database: FollowedDatabase, path: Path) -> None:
        self._database, self._path = database, path
        self._gate = Gate()
        self._saving = threading.Lock()
        self._index: VectorIndex | None = None
        self._reflects = _NOTHING

    def nearest(self, vector: Vectors, k: int, only: Numbers | None) -> list[Found]:
        """The `k` passages of highest cosine, best first, among the numbers `only`, where given."""
        self._refresh()
        with self._gate.reading():
            if not self._index:
                return []
            found, rough = self._index.search(vector, k, only), self._index.clusters > 0
        return self._rescored(vector, found)[:k] if rough else found

    def save(self, purge: bool) -> None:
        """Bring the snapshot up to date where that is worth it; with `purge`, wherever it holds what was removed."""
        with self._saving:
            size, saved = self._database.count_vectors(), self._saved()
            if saved and suits(saved.clusters, size) and not self._is_worth(saved, size, purge):
                return
            self._refresh()
            if self._index and not suits(self._index.clusters, size):
                self._rebuild()
            with self._gate.reading():
                reflects, payload = self._reflects, self._index.to_bytes() if self._index else None
            if payload is None:
                self._path.unlink(missing_ok=True)
            else:
                mark = secrets.token_hex(8)
                self._database.keep("snapshot", mark)
                snapshot.write(self._path, replace(reflects, mark=mark), payload)

    def is_current(self) -> bool:
        """Whether the snapshot holds just what the library does."""
        saved = self._saved()
        return bool(saved and snapshot.read(self._path) and not self._behind(saved).any())

    def _saved(self) -> Reflects | None:
        """What the snapshot reflects; None where there is none that the database knows."""
        saved = snapshot.reflects(self._path)
        return saved if saved and saved.mark == self._database.setting("snapshot") else None

    def _is_worth(self, saved: Reflects, size: int, purge: bool) -> bool:
        new, gone = self._behind(saved)
        return bool((purge and gone) or new + gone > WORTH * size)

    def _behind(self, saved: Reflects) -> Numbers:
        """How many vectors are new and how many gone since."""
        gone = self._database.removed(saved.generation, last=saved.largest)
        return np.asarray([self._database.count_vectors(after=saved.largest), len(gone)])

    def _refresh(self) -> None:
        """Bring the index in memory up to the library on disk."""
        if self._database.generation() == self._reflects.generation:
            return
        with self._gate.changing():
            saved = self._saved()
            ahead = saved is not None and saved.generation > self._reflects.generation
            if ahead and (not self._index or not suits(self._index.clusters, len(self._index))):
                self._load()
            with self._database.reading():  # numbers and vectors of one moment, whatever is committed meanwhile
                if self._index:
                    self._catch_up(self._index)
                else:
                    self._index, self._reflects = self._built()

    def _load(self) -> None:
        saved = snapshot.read(self._path)
        if saved and saved[0].mark == self._database.setting("snapshot"):
            self._reflects, self._index = saved[0], VectorIndex.from_bytes(saved[1])

    def _catch_up(self, index: VectorIndex) -> None:
        generation, since, largest = self._database.generation(), self._reflects.generation, self._reflects.largest
        self._index, self._reflects = None, _NOTHING  # if this fails half-way, it is begun anew
        index.remove(self._database.removed(since))
        for numbers, vectors in self._database.vectors_after(largest):
            index.add(numbers, vectors)
            largest = int(numbers[-1])
        self._index, self._reflects = index, Reflects(generation, largest, index.clusters)

    def _rebuild(self) -> None:
        """An index of the right kind instead of the one in use, which is searched until then."""
        with self._database.reading():
            built = self._built()
        with self._gate.changing():
            self._index, self._reflects = built

    def _built(self) -> tuple[VectorIndex | None, Reflects]:
        """An index of all vectors, of the kind that suits their number."""
        generation, size = self._database.generation(), self._database.count_vectors()
        if not size:
            return None, Reflects(generation, 0, 0)
        sample = self._database.some_vectors(TRAINING * max(1, clusters_for(size)))
        index = VectorIndex.made_for(size, sample)
        largest = 0
        for numbers, vectors in self._database.vectors_after(0):
            index.add(numbers, vectors)
            largest = int(numbers[-1])
        return index, Reflects(generation, largest, index.clusters)

    def _rescored(self, vector: Vectors, found: Sequence[Found]) -> list[Found]:
        """By their true cosines; what was removed meanwhile is left out."""
        cosines = self._database.cosines(vector, [one.number for one in found])
        return [Found(*one) for one in sorted(cosines.items(), key=lambda one: (-one[1], one[0]))]
