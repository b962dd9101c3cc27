"""What stands behind the page: the libraries to choose from, and the folder of evaluation runs."""

from pathlib import Path

from rag.web.desk import Desk, Holdings


class House:
    """The libraries that visitors may ask, by name. Safe for threads."""

    def __init__(self, library: Holdings, runs: Path, *, name: str = "default") -> None:
        """`library` is the one that is open at first; `runs` need not be there."""
        self.default = name
        self.runs = runs
        self._desks = {name: Desk(library)}

    def desk(self, name: str) -> Desk:
        """What answers for the library called `name`; the first one, where there is none of that name."""
        return self._desks.get(name) or self._desks[self.default]
