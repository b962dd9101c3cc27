"""Finding by words at scale: shards for all full ranges of passage numbers, SQLite's search for what they do not cover.

The shards in use are named in the database, so that a reader sees a shard whole or not at all.
"""

import secrets
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path

from rag.stores.base import Found
from rag.stores.followed import FollowedDatabase
from rag.stores.shards import SHARD, Shard, Shards, build

WORTH = 0.05
"""The share of a shard that may be removed before it is made again."""
PATIENCE = 600.0
"""Seconds to wait for another process that makes shards, where something is to be purged."""


class ByWords:
    """The shards of `database`, kept in `folder`: each in a folder of its own, called by place and generation."""

    def __init__(self, database: FollowedDatabase, folder: Path) -> None:
        self._database, self._folder = database, folder
        self._opening, self._saving = threading.Lock(), threading.Lock()
        self._names: tuple[str, ...] = ()
        self._open: dict[str, Shard | None] = {}
        self._shards = Shards([])

    def in_use(self) -> Shards:
        """The shards as they are now; none where the library is small or the first cannot be read."""
        names = tuple((self._database.setting("shards") or "").split())
        with self._opening:
            if names != self._names:
                self._open = {name: self._open.get(name) or Shard.open(self._folder / name) for name in names}
                readable = takewhile(lambda shard: shard is not None, self._open.values())
                self._names, self._shards = names, Shards([shard for shard in readable if shard])
            return self._shards

    def matching(self, shards: Shards, words: Sequence[str], k: int, documents: Sequence[int] | None) -> list[Found]:
        """The `k` passages of highest BM25, best first, of those that `shards` cover and that are still there."""
        wanted = k
        while True:
            found = shards.matching(words, wanted, documents)
            living = self._database.living([one.number for one in found])
            if len(living) >= k or len(found) < wanted:
                return [one for one in found if one.number in living][:k]
            wanted *= 4  # many were removed

    def save(self, purge: bool) -> None:
        """Make the shards that are missing or too much out of date; with `purge`, all that hold what was removed.

        Where another process is at it already this one leaves it to that, unless there is something to purge.
        """
        if not self._wanting(purge):
            return
        with self._saving, self._alone(wait=purge) as alone:
            wanting = self._wanting(purge) if alone else []
            names = list(self._names)
            for at in wanting:
                names[at : at + 1] = [self._build(at)]
                self._database.keep("shards", " ".join(names))  # each is of use at once, and kept if the next fails
                self._drop_others(names)

    def _wanting(self, purge: bool) -> list[int]:
        """The places of shards that are to be made."""
        self.in_use()
        names, full = self._names, self._database.highest() // SHARD
        stale = [at for at, name in enumerate(names) if not self._open[name] or self._is_stale(at, name, purge)]
        return [*stale, *range(len(names), full)]

    def _is_stale(self, at: int, name: str, purge: bool) -> bool:
        gone = len(self._database.removed(int(name.split(".")[1]), *_range(at)))
        return gone > (0 if purge else WORTH * SHARD)

    @contextmanager
    def _alone(self, wait: bool) -> Iterator[bool]:
        """Whether no other process is making shards; SQLite's lock works everywhere and ends with its process."""
        self._folder.mkdir(exist_ok=True)
        lock = sqlite3.connect(self._folder / "lock", timeout=PATIENCE if wait else 0, isolation_level=None)
        with closing(lock):
            try:
                lock.execute("BEGIN EXCLUSIVE")
                alone = True
            except sqlite3.OperationalError:
                alone = False
            yield alone

    def _build(self, at: int) -> str:
        """Make the shard of range `at` from the database as it is now; its name."""
        with self._database.reading():
            name = f"{at}.{self._database.generation()}.{secrets.token_hex(3)}"
            build(self._folder / name, self._database.rows(*_range(at)))
        return name

    def _drop_others(self, names: Sequence[str]) -> None:
        """Delete what is no longer used; who has it open reads on."""
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)


def _range(at: int) -> tuple[int, int]:
    """The first and last passage number of a shard."""
    return at * SHARD + 1, (at + 1) * SHARD
