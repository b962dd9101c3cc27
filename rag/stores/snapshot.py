"""The snapshot file: a FAISS index with a header that says what it reflects. Derived, so never the truth.

Layout: 8 bytes magic, 4 bytes header length, header (JSON: the fields of `Reflects`, and crc32), the index's bytes.
"""

import json
import os
import struct
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"PINCITE\x02"
_BODY = len(_MAGIC) + 4


@dataclass(frozen=True, slots=True)
class Reflects:
    """What of a library an index holds: every vector up to `largest`, less what was removed up to `generation`."""

    generation: int
    largest: int
    """The highest passage number with a vector."""
    clusters: int
    """0 for an index that compares one by one."""
    mark: str = ""
    """What the database calls this very snapshot: one restored from a copy does not know those made since."""


def write(path: Path, reflects: Reflects, payload: NDArray[np.uint8]) -> None:
    """Write to a temporary file, sync, rename: a reader sees the old file or the new one, never a part."""
    header = json.dumps({**asdict(reflects), "crc32": zlib.crc32(payload.data)}).encode()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(_MAGIC + struct.pack("<I", len(header)) + header)
            stream.write(payload.data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read(path: Path) -> tuple[Reflects, NDArray[np.uint8]] | None:
    """What it reflects and the index's bytes, or None where it is missing, torn or of another make."""
    header = _header(path)
    if header is None:
        return None
    body, fields, crc32 = header
    payload = np.fromfile(path, np.uint8, offset=body)
    return (fields, payload) if zlib.crc32(payload.data) == crc32 else None


def reflects(path: Path) -> Reflects | None:
    """What the snapshot says that it reflects; None where it is missing or of another make."""
    header = _header(path)
    return None if header is None else header[1]


def _header(path: Path) -> tuple[int, Reflects, int] | None:
    """Where the index's bytes begin, what they reflect, and their checksum."""
    try:
        with path.open("rb") as stream:
            start = stream.read(_BODY)
            if start[: len(_MAGIC)] != _MAGIC:
                return None
            (length,) = struct.unpack("<I", start[len(_MAGIC) :])
            fields: dict[str, Any] = json.loads(stream.read(min(length, 1000)))
        crc32 = fields.pop("crc32")
        return _BODY + length, Reflects(**fields), int(crc32)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
