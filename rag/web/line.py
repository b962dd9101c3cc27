"""The line of questions: so many are answered at once, so many wait and are told how many are before theirs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import PinciteError
from rag.web import words

AT_ONCE = 4
"""Questions answered at the same time: more would only slow one another down where quotes are read on this machine."""
WAITING = 100
"""Questions that may wait; further ones are turned away."""


class Crowded(PinciteError):
    """So many questions wait already that another one would wait too long."""


class Line:
    """Who is answered now and who waits, in the order of their coming. Safe for threads."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._at_once, self._waiting = at_once, waiting
        self._places: list[Place] = []
        self._moved = threading.Condition()

    @contextmanager
    def place(self) -> "Iterator[Place]":
        """A place at the end, given up at the end of the block. Raises `Crowded`."""
        place = Place(self)
        with self._moved:
            if len(self._places) >= self._at_once + self._waiting:
                raise Crowded(words.CROWDED)
            self._places.append(place)
        try:
            yield place
        finally:
            with self._moved:
                self._places.remove(place)
                self._moved.notify_all()

    def _before(self, place: "Place", seconds: float) -> int:
        with self._moved:
            self._moved.wait_for(lambda: not self._count(place), seconds)
            return self._count(place)

    def _count(self, place: "Place") -> int:
        return max(0, self._places.index(place) + 1 - self._at_once)


class Place:
    """One question in the line."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def before(self, seconds: float = 0.0) -> int:
        """How many have to be answered before it is its turn, after waiting `seconds` at most for that to come."""
        return self._line._before(self, seconds)
