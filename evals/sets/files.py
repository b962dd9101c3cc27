"""Lines and rows of the files that sets come in."""

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import BadInput


def key(text: str) -> str:
    """A short name for a text, the same every time."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def sha256(path: Path) -> str:
    """Of a file, or of a folder's files and their names."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file. Raises `BadInput` with the line for anything else."""
    return (item for _, item in numbered(path))


def numbered(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file, each with its place (`file:line`). Raises `BadInput` for anything else."""
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield f"{path}:{number}", json_object(line, f"{path}:{number}")
    except UnicodeDecodeError:
        raise BadInput(f"{path}:{number + 1}: not UTF-8 text; save it as UTF-8") from None


def rows(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """The rows of a table by the names in its first line."""
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=delimiter)


def json_object(line: str, where: str) -> dict[str, Any]:
    """The JSON object in `line`. Raises `BadInput`, beginning with `where`, for anything else."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(f"{where}: not JSON ({error.msg}, column {error.colno})") from None
    if not isinstance(value, dict):
        raise BadInput(f"{where}: not a JSON object; write one object a line")
    return value
