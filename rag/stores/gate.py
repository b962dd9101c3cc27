"""Many threads read at once; one that changes what they read is alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """A lock that readers share. Not to be entered twice by one thread."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._readers = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Together with other readers."""
        with self._condition:
            self._readers += 1
        try:
            yield
        finally:
            with self._condition:
                self._readers -= 1
                self._condition.notify_all()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Alone: readers inside are waited for, and new ones wait outside."""
        with self._condition:
            self._condition.wait_for(lambda: not self._readers)
            yield
