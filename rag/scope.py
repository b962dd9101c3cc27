"""Which documents of a library a person means: by source, file name, folder or pattern."""

import os
from collections.abc import Collection, Sequence
from fnmatch import fnmatch
from pathlib import Path

from rag.errors import NoSuchSource


def resolve(patterns: Sequence[str], known: Collection[str]) -> list[str]:
    """The known sources that `patterns` name, each once; one that is a source itself means that one alone.

    Raises `NoSuchSource` where a pattern names none.
    """
    found: list[str] = []
    for pattern in patterns:
        matched = [pattern] if pattern in known else [source for source in known if _names(pattern, source)]
        if not matched:
            raise NoSuchSource(f"{pattern} matches no document of this library; see: pincite list")
        found.extend(matched)
    return list(dict.fromkeys(found))


def _names(pattern: str, source: str) -> bool:
    name = source.rstrip("/").rsplit("/", 1)[-1]
    if fnmatch(source, pattern) or fnmatch(name, pattern):
        return True
    if "://" in source or "://" in pattern:
        return False
    path = Path(os.path.normpath(Path(pattern).absolute()))
    return Path(source).is_relative_to(path) or fnmatch(source, str(path))
