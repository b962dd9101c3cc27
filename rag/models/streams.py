"""An asynchronous stream read from ordinary code, with a deadline; whoever stops reading ends it at its source."""

import asyncio
import queue
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

BEAT = 0.25
"""Seconds between two signs that a reply is still waited for."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None = None


def read(
    source: Callable[[], AsyncGenerator[T, None]], seconds: float, waiting: T | None = None
) -> Generator[T, None, None]:
    """What the stream made by `source` gives, in order; `waiting` every `BEAT` seconds in which it gives nothing.

    Raises what the stream raises, and `TimeoutError` where all waiting together has taken `seconds`; the time that the
    reader spends between two reads does not count. Closing the iterator cancels the stream wherever it is, so that a
    server sees the connection go.
    """
    given: queue.SimpleQueue[T | _End] = queue.SimpleQueue()

    async def carry() -> None:
        try:
            async with aclosing(source()) as stream:
                async for one in stream:
                    given.put(one)
            given.put(_End())
        except Exception as error:
            given.put(_End(error))

    task = asyncio.run_coroutine_threadsafe(carry(), _loop())
    left = seconds
    try:
        while True:
            asked = time.monotonic()
            try:
                one = given.get(timeout=max(left if waiting is None else min(left, BEAT), 0.0))
            except queue.Empty:
                left -= time.monotonic() - asked
                if waiting is None or left <= 0:
                    raise TimeoutError from None
                yield waiting
                continue
            left -= time.monotonic() - asked
            if isinstance(one, _End):
                if one.error is not None:
                    raise one.error
                return
            yield one
    finally:
        task.cancel()


class Cut:
    """A text that comes in pieces, up to the first of some texts that end it."""

    def __init__(self, stops: Sequence[str]) -> None:
        self.done = False
        self._stops = [stop for stop in stops if stop]
        self._held = ""

    def feed(self, text: str) -> str:
        """What may be shown by now: all but what may be the beginning of a stop."""
        if self.done:
            return ""
        self._held += text
        found = [at for at in map(self._held.find, self._stops) if at >= 0]
        if found:
            shown, self._held, self.done = self._held[: min(found)], "", True
            return shown
        kept = max((_overlap(self._held, stop) for stop in self._stops), default=0)
        shown, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return shown

    def rest(self) -> str:
        """What was held back and turned out to be no stop."""
        rest, self._held, self.done = self._held, "", True
        return rest


def _overlap(text: str, stop: str) -> int:
    """Characters at the end of `text` that are the beginning of `stop`."""
    return next((size for size in range(min(len(stop) - 1, len(text)), 0, -1) if text.endswith(stop[:size])), 0)


_lock = threading.Lock()
_running: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    """One event loop for the whole process, on a thread of its own that ends with it."""
    with _lock:
        if not _running:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="chat-models", daemon=True).start()
            _running.append(loop)
        return _running[0]
