"""Whether the files of a library are still where they were, and still what they were."""

import os
from collections.abc import Iterator, Mapping

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
