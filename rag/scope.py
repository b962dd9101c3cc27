"""Which documents of a library a person means: by source, file name, folder or pattern."""

import os
from collections.abc import Callable, Collection, Sequence
from fnmatch import fnmatch

from rag.errors import NoSuchSource


def resolve(patterns: Sequence[str], known: Collection[str]) -> list[str]:
    """The known sources that `patterns` name, each once; one that is a source itself means that one alone.

    Raises `NoSuchSource` where a pattern names none.
    """
    found: list[str] = []
    for pattern in patterns:
        matched = [pattern] if pattern in known else list(filter(_named_by(pattern), known))
        if not matched:
            raise NoSuchSource(f"{pattern} matches no document of this library; see: pincite list")
        found.extend(matched)
    return list(dict.fromkeys(found))


def _named_by(pattern: str) -> Callable[[str], bool]:
    """Tells whether `pattern` names a source: by its whole, by its file name, or by the folder that it lies in."""
    folder = "" if "://" in pattern else os.path.abspath(pattern)
    below = folder.rstrip(os.sep) + os.sep

    def names(source: str) -> bool:
        name = source.rstrip("/").rsplit("/", 1)[-1]
        if fnmatch(source, pattern) or fnmatch(name, pattern):
            return True
        if not folder or "://" in source:
            return False
        return source == folder or source.startswith(below) or fnmatch(source, folder)

    return names
