"""A library in one folder: `library.sqlite` is the truth, and what makes searching it fast is derived from it.

`vectors.faiss` is a snapshot of the vector index, `lexicon.tantivy/` holds the shards of the words. Either may lag
behind or be missing: what it lacks is read from the database, and what was removed since is left out.
"""

import threading
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.stores.base import Found
from rag.stores.by_meaning import ByMeaning
from rag.stores.by_words import ByWords
from rag.stores.followed import FollowedDatabase
from rag.types import Check

RARE = 1000
"""Passages: the frequency of a word in no more is looked up, of a more common one reckoned from the shards."""


class LocalStore(FollowedDatabase):
    """The database in `folder`, and indexes that follow it, whichever process changes it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._by_meaning = ByMeaning(self, folder / "vectors.faiss")
        self._by_words = ByWords(self, folder / "lexicon.tantivy")
        self._must_purge = threading.Event()

    def remove(self, sources: Collection[str]) -> None:
        super().remove(sources)
        self._must_purge.set()

    def nearest(self, vector: NDArray[np.float32], k: int, within: Collection[str] | None) -> list[Found]:
        only = None if within is None else np.asarray(self._numbers_of(within), np.int64)
        return self._by_meaning.nearest(vector, k, only)

    def matching(self, words: Sequence[str], k: int, within: Collection[str] | None, after: int = 0) -> list[Found]:
        shards = self._by_words.in_use()
        if shards.last <= after:
            return super().matching(words, k, within, after)
        documents = None if within is None else self.documents_of(within)
        found = self._by_words.matching(shards, words, k, documents)
        if self.highest() > shards.last:
            found += super().matching(words, k, within, shards.last)
        return sorted(found, key=lambda one: (-one.score, one.number))[:k]

    def frequencies(self, stems: Sequence[str]) -> tuple[int, list[int]]:
        shards = self._by_words.in_use()
        total = shards.size + self.count_passages(after=shards.last)
        covered = dict(zip(stems, shards.frequencies(stems), strict=True))
        counts = {stem: round(count * total / shards.size) for stem, count in covered.items() if count > RARE}
        rare = [stem for stem in stems if stem not in counts]
        counts.update(zip(rare, self._counts(rare), strict=True))
        return total, [counts[stem] for stem in stems]

    def save_snapshot(self) -> None:
        """Bring what later readers start from up to date, where enough has changed or something was removed."""
        purge = self._must_purge.is_set()
        self._must_purge.clear()
        try:
            self._by_meaning.save(purge)
            self._by_words.save(purge)
        except BaseException:
            if purge:
                self._must_purge.set()
            raise

    def check(self) -> list[Check]:
        """What `doctor` wants to know of the database, and whether the snapshot is current."""
        detail = "current" if self._by_meaning.is_current() else "missing or older; what it lacks is read on opening"
        return [*super().check(), Check("snapshot", True, detail)]
