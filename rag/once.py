"""A property that is made when first asked for."""

import threading
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - a decorator, as `property`
    """What a method returns, kept from its first use on: made once, also where several threads ask for it first.

    `functools.cached_property` is so up to Python 3.11 only. A method that raises is called again the next time.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name = make, make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, held: None, owner: type) -> Self: ...
    @overload
    def __get__(self, held: object, owner: type) -> T: ...
    def __get__(self, held: object | None, owner: type) -> Self | T:
        """Asked only while nothing is kept: what is kept under its name comes before it."""
        if held is None:
            return self
        kept = held.__dict__
        with kept.setdefault(f"{self._name} being made", threading.RLock()):
            if self._name not in kept:
                kept[self._name] = self._make(held)
        made: T = kept[self._name]
        return made
