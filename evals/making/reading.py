"""What a document states: its sentences and rows, each with its place in the text and as a person reads it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from rag.types import Document

_WRAPPED = {"text/plain", "text/markdown", "application/pdf", "message/rfc822"}
"""In these a newline may be only the end of a line."""
_OPENS = re.compile(r"\s*(?:[-*+•▪◦‣·]\s+|\d{1,3}[.)]\s+|\d{1,3}(?:\.\d{1,3})+\.?\s+(?=A\s|[A-Z][a-z])|>\s*)")
_DATED = re.compile(r"\s*(?:[A-Z][a-z]+ )?(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:of )?\d{4}(?: \([a-z]+\))?: ")
_PAIR = re.compile(r"[^\s:;][^:;]{0,60}: [^;]+")
_FRONT_MATTER = re.compile(r"---\n(?:[^\n]*\n){0,60}?---\n")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_DECORATED = re.compile(r"\[([^\]]*)\]\([^)]*\)|(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`")
_SPACED = re.compile(r" (?:[,.;:!?)](?=\s|$)|['’]s?(?=\s))|(?<=\() | (?=\))|(?<=\$) (?=\d)| (?=%)")
"""Spaces that a tokenizer left before a stop and within brackets."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Soft hyphens, and marks of width and direction: they would turn a question round, or part its words."""
_SPLIT_WORD = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|No|vs|Jr|Sr|etc|approx|[A-Z])|\b[A-Z]\.[A-Z])\.$"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a row of a table: `document.text[start:end]`, and `text` as one plain line."""

    source: str
    start: int
    end: int
    text: str
    section: str
    """The heading above it, or nothing."""
    row: bool = False
    """Whether it is a row: `Heading: value; Heading: value`."""


def statements(document: Document) -> Iterator[Statement]:
    """Every sentence and row of a document in order; headings, code and front matter are left out."""
    for start, end in _blocks(document):
        raw = document.text[start:end]
        if _is_row(raw):
            yield _statement(document, start, end, row=True)
            continue
        for left, right in _sentences(raw):
            yield _statement(document, start + left, start + right)


def plain(text: str, markdown: bool = False) -> str:
    """`text` as a person reads it: white space made one space, Markdown's and unseen marks dropped."""
    if markdown:
        text = _DECORATED.sub(lambda match: match[1] or "", text)
    text = (
        " ".join(_UNSEEN.sub("", text).split())
        .replace("`` ", '"')
        .replace("``", '"')
        .replace(" ''", '"')
        .replace("''", '"')
    )
    return _SPACED.sub(lambda match: match.group().strip(), text)


def pairs(row: str) -> list[tuple[str, str]]:
    """The headings of a row and their values."""
    parts = [part.partition(": ") for part in row.split("; ")]
    return [(heading.strip(), value.strip()) for heading, _, value in parts]


def _statement(document: Document, start: int, end: int, row: bool = False) -> Statement:
    raw = document.text[start:end]
    left = start + len(raw) - len(raw.lstrip())
    right = start + len(raw.rstrip())
    above = [heading for heading in document.headings if heading.start <= start]
    section = document.text[above[-1].start : above[-1].end].strip("# \n") if above else ""
    text = plain(document.text[left:right], document.media_type == "text/markdown")
    return Statement(document.source, left, right, text, section, row)


def _is_row(raw: str) -> bool:
    parts = raw.strip().split("; ")
    return len(parts) > 1 and "\n" not in raw.strip() and all(_PAIR.fullmatch(part) for part in parts)


def _blocks(document: Document) -> Iterator[tuple[int, int]]:
    """Paragraphs; list items, rows and dated lines open one of their own."""
    text, wrapped = document.text, document.media_type in _WRAPPED
    skipped = [(heading.start, heading.end) for heading in document.headings]
    matter = _FRONT_MATTER.match(text) if document.media_type == "text/markdown" else None
    at = matter.end() if matter else 0
    opened: int | None = None
    fenced = False
    before = ""
    widths = sorted(len(line) for line in text.splitlines() if line.strip())
    width = widths[len(widths) * 4 // 5] if widths else 0
    for line in text[at:].splitlines(keepends=True):
        start, at = at, at + len(line)
        fence = bool(_FENCE.match(line))
        heading = line.startswith("#") or _within(start, at, skipped)
        ends = not line.strip() or fence or fenced or heading
        fenced = fenced != fence
        apart = not wrapped or _OPENS.match(line) or _DATED.match(line) or _is_row(line) or _stops(before, line, width)
        if opened is not None and (ends or apart):
            yield opened, start
            opened = None
        if not ends and opened is None:
            mark = _OPENS.match(line)
            opened = start + (mark.end() if mark else 0)
        before = "" if ends else line
    if opened is not None:
        yield opened, len(text)


def _within(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(left < end and start < right for left, right in spans)


def _stops(before: str, line: str, width: int) -> bool:
    """Whether the line before ends by itself, like a heading over its paragraph, or was a row."""
    before = _OPENS.sub("", before, count=1).strip()
    short = len(before) < 0.6 * width and before[:1].isupper() and before[-1:].isalnum()
    return _is_row(before) or (short and line.lstrip()[:1].isupper())


def _sentences(raw: str) -> Iterator[tuple[int, int]]:
    """Sentences by sentencex, joined again where it parts at an initial or a title."""
    start: int | None = None
    for bound in get_sentence_boundaries("en", raw.replace("\n", " ")):
        left, right = bound["start_index"], bound["end_index"]
        start = left if start is None else start
        if _SPLIT_WORD.search(raw[start:right].strip()) and right < len(raw.rstrip()):
            continue
        if raw[start:right].strip():
            yield start, right
        start = None
    if start is not None and raw[start:].strip():
        yield start, len(raw)
