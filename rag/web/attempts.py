"""How often a password may be tried."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW = 15 * 60.0
"""Seconds for which a failed try counts."""
LIMITS = {"pair": 5, "address": 25, "name": 100}
"""Failed tries within them: of one name from one address, from one address, and of one name from anywhere (so many
that nobody can easily shut somebody else out)."""
MOST = 10_000
"""Names and addresses remembered; the oldest are forgotten first."""


class Attempts:
    """Counts failed tries. Safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._failed: OrderedDict[tuple[str, str, str], deque[float]] = OrderedDict()
        self._changing = threading.Lock()

    def wait(self, name: str, address: str) -> float:
        """Seconds until `name` may be tried from `address`; 0 where it may be now."""
        now = self._clock()
        with self._changing:
            waits = []
            for key in _keys(name, address):
                recent = [at for at in self._failed.get(key, ()) if at > now - WINDOW]
                if len(recent) >= LIMITS[key[0]]:
                    waits.append(recent[-LIMITS[key[0]]] + WINDOW - now)
            return max(waits, default=0.0)

    def fail(self, name: str, address: str) -> None:
        """A try that failed."""
        with self._changing:
            for key in _keys(name, address):
                self._failed.setdefault(key, deque(maxlen=LIMITS[key[0]])).append(self._clock())
                self._failed.move_to_end(key)
            while len(self._failed) > MOST:
                self._failed.popitem(last=False)

    def forgive(self, name: str, address: str) -> None:
        """The right password came: the last try does not count, nor what this person mistyped here before it."""
        with self._changing:
            for key in _keys(name, address):
                if self._failed.get(key):
                    self._failed[key].pop()
            self._failed.pop(("pair", name, address), None)


def _keys(name: str, address: str) -> tuple[tuple[str, str, str], ...]:
    return ("pair", name, address), ("address", "", address), ("name", name, "")
