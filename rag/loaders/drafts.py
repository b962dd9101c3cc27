"""What every loader hands back, and the writer that gives rendered documents (HTML, office, e-books) their text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rag.types import Heading, Page

_Block = Literal["heading", "paragraph", "item", "row"]
_FIGURE = re.compile(r"[-+−(]?[$€£¥]?\s?\d[\d\s.,:/%)-]*")
_FORBIDDEN = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a loader read, before it becomes a `Document`."""

    text: str
    media_type: str
    title: str | None = None
    date: str | None = None
    headings: tuple[Heading, ...] = ()
    pages: tuple[Page, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


def valid(text: str) -> str:
    """`text` with NUL and lone surrogates, which no store can hold, made U+FFFD; the length stays."""
    return _FORBIDDEN.sub("\ufffd", text)


def left_out(words: int) -> dict[str, str]:
    """The metadata of a draft from which `words` words were left out, because no reader of the document sees them."""
    return {"hidden_text": f"{words} word{'' if words == 1 else 's'}"} if words else {}


class Writer:
    """Writes blocks one after another: a line each, apart by a blank line, items and rows by a newline."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._last: _Block | None = None
        self.headings: list[Heading] = []

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """How many characters were written."""
        return self._length

    def heading(self, level: int, text: str) -> None:
        """A heading on one line, its span kept in `headings`."""
        start = self._write("heading", " ".join(text.split()))
        if start is not None:
            self.headings.append(Heading(max(1, level), start, self._length))

    def paragraph(self, text: str) -> None:
        """A paragraph; a newline in `text` (a line break, verse, code) is kept."""
        lines = (line.rstrip() for line in text.split("\n"))
        self._write("paragraph", "\n".join(line for line in lines if line))

    def item(self, text: str) -> None:
        """A list item: "- " and its text on one line."""
        shown = " ".join(text.split())
        self._write("item", f"- {shown}" if shown else "")

    def table(self, rows: Iterable[Sequence[str]], *, headed: bool | None = None) -> None:
        """One line for each row, with the column's heading before each cell: `Region: Kherson; Held: partly`.

        `headed` says whether the first row holds the headings; None lets the rows tell.
        """
        columns: Sequence[str] | None = None
        waiting: list[str] | None = None
        opened = False
        for cells in rows:
            row = [" ".join(cell.split()) for cell in cells]
            if sum(map(bool, row)) == 0:
                continue
            if opened:
                self._row(row, columns)
            elif waiting is not None:
                opened = True
                if headed or (headed is None and _heads(waiting, row)):
                    columns = waiting
                else:
                    self._row(waiting, None)
                self._row(row, columns)
            elif sum(map(bool, row)) == 1 and len(row) > 1:
                self._row(row, None)  # a title above the headings
            else:
                waiting = row
        if waiting is not None and not opened:
            self._row(waiting, None)

    def _row(self, cells: Sequence[str], columns: Sequence[str] | None) -> None:
        named = zip(cells, columns or (), strict=False)
        shown = [f"{column.rstrip(':')}: {cell}" if column else cell for cell, column in named if cell]
        shown.extend(cell for cell in cells[len(columns or ()) :] if cell)
        self._write("row", "; ".join(shown))

    def _write(self, block: _Block, text: str) -> int | None:
        text = valid(text.strip())
        if not text:
            return None
        if self._last is not None:
            self._add("\n" if block == self._last and block in ("item", "row") else "\n\n")
        start = self._length
        self._add(text)
        self._last = block
        return start

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _heads(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether `first` reads like column headings: short distinct words, no figures, no sentences."""
    named = [cell for cell in first if cell]
    if len(named) < 2 or len(set(named)) < len(named) or len(named) < sum(map(bool, second)) - 1:
        return False
    if any(len(cell) > 80 or cell.endswith(".") or (_FIGURE.fullmatch(cell) and not _year(cell)) for cell in named):
        return False
    return not named[0].endswith(":")  # a form: "Name: | Jane"


def _year(cell: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", cell) is not None
