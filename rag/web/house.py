"""What stands behind the page: the libraries to choose from, and the folder of evaluation runs."""

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from rag.errors import BadInput, PinciteError
from rag.library import Library
from rag.stores.conversations import Conversations
from rag.unseen import visible
from rag.users import Users
from rag.web import words
from rag.web.desk import Desk, Holdings
from rag.web.gate import Gate
from rag.web.keeping import Keeper
from rag.web.line import Line
from rag.web.measuring import Measuring
from rag.web.runs import listed

FORBIDDEN = '/\\:*?"<>|'
"""What no name of a library may hold, so that its folder can be copied to any system."""
LONGEST = 60
"""Characters of a name, at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One library to choose: its folder's name, how it is shown, and how many documents it has."""

    name: str
    title: str
    documents: int | None
    """None where they cannot be counted."""


class House:
    """The libraries that visitors may ask, by the name of their folder. Safe for threads.

    They are the first one and those beside it in the same folder. One is opened when it is first chosen and stays open
    until `close`; where that fails, its desk says why, and the others go on.
    """

    def __init__(self, library: Holdings, runs: Path, *, name: str = "default", users: Users | None = None) -> None:
        """`library` is the one that is open at first, and stays its owner's to close; `runs` need not be there.

        Without `users` nobody signs in.
        """
        self.default = name
        self.runs = runs
        self.measuring = Measuring(runs)
        self.users = users
        self.gate = Gate(users)
        self.line = Line()
        self._first = library if isinstance(library, Library) else None
        self._desks = {name: Desk(library, name)}
        self._keepers = {name: Keeper(library)}
        self._shut: dict[str, Keeper] = {}
        self._libraries: dict[str, Holdings] = {name: library}
        self._opening = threading.RLock()

    @property
    def limit(self) -> int | None:
        """Bytes of the largest file that is taken in, or None where any is."""
        return self._first.settings.max_file_mb * 1_000_000 if self._first else None

    @property
    def can_grow(self) -> bool:
        """Whether further libraries can lie beside the first."""
        return self._first is not None

    def names(self) -> list[Choice]:
        """Every library, the first one first, the others by name."""
        found = sorted({self.default, *self._beside()}, key=lambda name: (name != self.default, name.lower(), name))
        return [Choice(name, visible(name), self._count(name)) for name in found]

    def library(self, name: str) -> Holdings:
        """The library called `name`. Raises `BadInput` where there is none, and what `Library` raises."""
        with self._opening:
            if name not in self._libraries:
                if self._first is None or name not in self._beside():
                    raise BadInput(words.NO_LIBRARY.format(name=visible(name)))
                self._libraries[name] = self._first.beside(self._first.path.parent / name)
            return self._libraries[name]

    def held(self, name: str) -> Holdings:
        """The library called `name`; where it cannot be opened, what says so whatever it is asked."""
        try:
            return self.library(name)
        except PinciteError as error:
            return cast(Holdings, _Shut(error))

    def desk(self, name: str) -> Desk:
        """What answers for the library called `name`; where it cannot be opened, it says so and nothing else."""
        with self._opening:
            if name not in self._desks:
                try:
                    self._desks[name] = Desk(self.library(name), name)
                except PinciteError as error:
                    return Desk(cast(Holdings, _Shut(error)))
            return self._desks[name]

    def keeper(self, name: str) -> Keeper:
        """What keeps the library called `name`: takes documents in, removes them and brings them back."""
        with self._opening:
            if name not in self._keepers:
                try:
                    self._keepers[name] = Keeper(self.library(name))
                except PinciteError as error:  # one that stays, so that it can tell how documents fared
                    return self._shut.setdefault(name, Keeper(cast(Holdings, _Shut(error))))
            return self._keepers[name]

    def conversations(self, name: str) -> Conversations:
        """The past conversations with the library called `name`. Raises what `library` raises."""
        return self.library(name).conversations

    def make(self, name: str) -> Choice:
        """A new, empty library. Raises `BadInput` for a name that is taken or cannot be a folder's."""
        name = " ".join(name.split())
        _refuse_unfit(name)
        with self._opening:
            if self._first is None:
                raise BadInput(words.ONE_LIBRARY)
            place = self._first.path.parent / name
            taken = {one.name.lower() for one in place.parent.iterdir()}
            if name.lower() in taken:
                raise BadInput(words.NAME_TAKEN.format(name=name))
            self._libraries[name] = self._first.beside(place)
        return Choice(name, visible(name), 0)

    def stamp(self, name: str) -> str:
        """What changes whenever anything does that visitors of the library called `name` see, whoever changed it."""
        shown = (self.names(), self.desk(name).shelf().stamp, self.keeper(name).intake.busy, self.measuring.state())
        return hashlib.sha256(repr((*shown, listed(self.runs))).encode(errors="replace")).hexdigest()[:16]

    def close(self) -> None:
        """Closes every library that was opened here, and stops what is measured."""
        self.measuring.close()
        with self._opening:
            for name in [name for name in self._libraries if name != self.default]:
                self._desks.pop(name, None)
                if keeper := self._keepers.pop(name, None):
                    keeper.intake.cancel()
                library = self._libraries.pop(name)
                if isinstance(library, Library):
                    library.close()

    def _beside(self) -> list[str]:
        """The folders beside the first library that hold a library too."""
        if self._first is None:
            return []
        try:
            return [
                place.name
                for place in self._first.path.parent.iterdir()
                if not place.name.startswith(".") and Library.exists(place)
            ]
        except OSError:
            return []

    def _count(self, name: str) -> int | None:
        if self._first is None:
            return len(self._libraries[name].documents())
        return Library.count(self._first.path.parent / name)


class _Shut:
    """Stands for a library that could not be opened: whatever it is asked, it says why."""

    path = None

    def __init__(self, error: PinciteError) -> None:
        self._error = error

    @property
    def settings(self) -> Any:
        raise self._error

    @property
    def conversations(self) -> Any:
        raise self._error

    def __getattr__(self, name: str) -> Any:
        def tell(*_: object, **__: object) -> None:
            raise self._error

        return tell


def _refuse_unfit(name: str) -> None:
    if not name:
        raise BadInput(words.NAME_MISSING)
    if len(name) > LONGEST:
        raise BadInput(words.NAME_TOO_LONG.format(longest=LONGEST))
    if name.startswith(".") or name.endswith(".") or any(sign in FORBIDDEN or not sign.isprintable() for sign in name):
        raise BadInput(words.NAME_UNFIT.format(signs=" ".join(FORBIDDEN)))
