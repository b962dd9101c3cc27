"""The files of a library: whether they are still where and what they were, and how much room they take."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rag.stores.base import Stamp
from rag.types import Check


def check_files(stamps: Mapping[str, Stamp]) -> Iterator[Check]:
    """Two checks: files that are gone, and files that were changed, each with what to do."""
    missing, changed = [], []
    for source, stamp in stamps.items():
        if stamp.size < 0:
            continue
        try:
            status = os.stat(source)
        except OSError:
            missing.append(source)
            continue
        if (status.st_size, status.st_mtime_ns) != (stamp.size, stamp.mtime_ns):
            changed.append(source)
    for name, found, detail, advice in (
        ("sources", missing, "no longer where they were", "put them back, or: pincite remove SOURCE"),
        ("freshness", changed, "changed since they were indexed", "read them again: pincite index PATH"),
    ):
        first = f" ({found[0]})" if found else ""
        yield Check(name, not found, f"{len(found)} of {len(stamps)} files {detail}{first}", advice)


def taken(folder: Path, names: Sequence[str]) -> int:
    """Bytes of everything in `folder` whose name begins with one of `names`, with all that lies below."""
    waiting, total = [os.fspath(place) for name in names for place in folder.glob(f"{name}*")], 0
    while waiting:
        place = waiting.pop()
        try:
            if os.path.isdir(place) and not os.path.islink(place):
                waiting.extend(entry.path for entry in os.scandir(place))
            else:
                total += os.lstat(place).st_size
        except OSError:  # it was removed meanwhile
            continue
    return total
