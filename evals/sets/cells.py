"""Rows of a table on disk: encoding, separator, and cells that hold several values."""

import codecs
import csv
import io
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.sets.files import json_object
from rag.errors import BadInput

BETWEEN = " | "
"""Stands between several values of one cell."""
_SEPARATORS = ",;\t"
_JSON = (".jsonl", ".ndjson", ".jsonlines")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .ods, and how .xls begins."""
_SAMPLE = 200_000
"""Bytes from which the encoding of a long file is guessed."""
_WRITTEN = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp932", "gb18030", "cp949")
"""The encodings that spreadsheets write beside UTF-8 and UTF-16, commonest first."""
_THRESHOLD = 0.3
"""How much disorder, 0 to 1, a reading may have to be thought of at all."""
_EVEN_CHAOS, _EVEN_COHERENCE = 0.02, 0.06
"""Readings this near to each other in disorder and in likeness to a language are equally good."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row by column."""

    line: int
    """Where it begins, from 1."""
    cells: dict[str, Any]


def read_rows(path: Path) -> tuple[list[str], list[Row]]:
    """The columns and the rows of a CSV or JSON Lines file, without empty rows.

    The encoding is UTF-8, what a byte order mark says, or guessed; the separator is the comma, semicolon or tab that
    cuts the first line in most parts. Raises `BadInput` with file and line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}; give the path of a table of questions") from None
    if data.startswith(_WORKBOOKS):
        raise BadInput(f"{path} is a workbook; save the sheet with the questions as CSV")
    if path.suffix.lower() == ".json":
        raise BadInput(f"{path}: write one JSON object a line, without brackets around them, into a .jsonl file")
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    rows = list(_objects(path, text) if path.suffix.lower() in _JSON else _table(path, text))
    return list(dict.fromkeys(column for row in rows for column in row.cells)), rows


def several(cell: Any, between: bool = True) -> list[str]:
    """The values of a cell: a list as it is, text that is a JSON list, else text cut at ` | ` if `between`."""
    if isinstance(cell, str) and cell.strip().startswith("["):
        with suppress(json.JSONDecodeError):  # text may begin with a bracket
            cell = json.loads(cell)
    if isinstance(cell, list):
        values = [_plain(item) for item in cell]
    else:
        text = _plain(cell)
        values = text.split(BETWEEN) if between else [text]
    return [value.strip() for value in values if value.strip()]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _objects(path: Path, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield Row(number, json_object(line, f"{path}:{number}"))


def _table(path: Path, text: str) -> Iterator[Row]:
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            began, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(path, cells)
            elif len(cells) > len(header):
                raise BadInput(
                    f"{path}:{began}: {len(cells)} cells, but {len(header)} columns; put quotes around text that holds "
                    f"{reader.dialect.delimiter!r}"
                )
            else:
                yield Row(began, dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=True)))
    except csv.Error as error:
        raise BadInput(f"{path}:{line}: {error}; look for a quotation mark that is not closed or doubled") from None


def _header(path: Path, cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise BadInput(f"{path}: two columns are called {twice!r}; rename one")
    return names


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=lambda separator: len(next(csv.reader([first], delimiter=separator), [])))


def _decoded(data: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(_guessed(data[:_SAMPLE]), "replace")


def _guessed(sample: bytes) -> str:
    """The encoding that reads most like a language; among equals the commonest, which is Western European."""
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=list(_WRITTEN), threshold=_THRESHOLD)
    best = found.best()
    if best is None or sum(byte > 0x7F for byte in sample) * 50 < len(sample):  # a few accents say too little
        return _WRITTEN[0]
    even = {
        one.encoding
        for one in found
        if one.chaos <= best.chaos + _EVEN_CHAOS and one.coherence >= best.coherence - _EVEN_COHERENCE
    }
    return next((common for common in _WRITTEN if common in even), best.encoding)
