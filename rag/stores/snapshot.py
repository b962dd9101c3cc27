"""The snapshot file: a FAISS index with a header that says what it reflects. Derived, so never the truth.

Layout: 8 bytes magic, 4 bytes header length, header (JSON: generation, count, crc32), the index's bytes.
"""

import json
import os
import struct
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"PINCITE\x01"


class Snapshot(NamedTuple):
    """An index's bytes and the generation of the library that they reflect."""

    generation: int
    payload: NDArray[np.uint8]


def write(path: Path, snapshot: Snapshot) -> None:
    """Write to a temporary file, sync, rename: a reader sees the old file or the new one, never a part."""
    header = json.dumps({"generation": snapshot.generation, "crc32": zlib.crc32(snapshot.payload.data)}).encode()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(_MAGIC + struct.pack("<I", len(header)) + header)
            stream.write(snapshot.payload.data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read(path: Path) -> Snapshot | None:
    """The snapshot, or None where it is missing, torn or of another make."""
    try:
        content = np.fromfile(path, np.uint8)
        if content[: len(_MAGIC)].tobytes() != _MAGIC:
            return None
        body = len(_MAGIC) + 4
        (length,) = struct.unpack("<I", content[len(_MAGIC) : body].tobytes())
        header = json.loads(content[body : body + length].tobytes())
        payload = content[body + length :]
        if zlib.crc32(payload.data) != header["crc32"]:
            return None
        return Snapshot(int(header["generation"]), payload)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
