"""Sentences and words as spans of characters, shared by chunking, answering and trust.

A *unit* is what can be quoted whole: a sentence, a list item, a heading, or one row of a table.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

import sentencex
import Stemmer
from markdown_it import MarkdownIt

from rag.types import Span

LONGEST_UNIT = 80
"""Words. A run without sentence ends (a table in a PDF, say) is cut so that a quote stays readable."""

_HARD_WRAPPED = {"text/plain", "text/markdown", "application/pdf", "message/rfc822"}
"""In these a newline may be only the end of a line; in the others the loader puts one after each block."""

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_CJK_RUN = re.compile(rf"[{_CJK}]+")
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+(?:[-'’.,][^\W{_CJK}]+)*")
_PART = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_NUMERIC = re.compile(r"\(?[-+−]?[$€£¥]?\d[\d.,]*\)?%?")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_STRUCTURE = re.compile(r"\s*(?:[-*+•▪◦‣·]\s|\d{1,3}[.)]\s|\(?[a-z][.)]\s|#{1,6}\s|\||>|```)")
_RULE = re.compile(r"\s*(?:\|?(?:\s*:?-{2,}:?\s*\|?)+|[-*_=\s]{3,}|```\w*)\s*")
_FRONT_MATTER = re.compile(r"---\n(?:[^\n]*\n){0,60}?---\n")
_MARKDOWN = MarkdownIt("commonmark")


def words(text: str) -> list[Span]:
    """The words of `text`; each Chinese, Japanese or Korean character counts as one."""
    return [Span(*match.span()) for match in _TOKEN.finditer(text)]


def count_words(text: str) -> int:
    """How many words `text` has, as `words` counts them."""
    return sum(1 for _ in _TOKEN.finditer(text))


def units(
    text: str, start: int = 0, end: int | None = None, *, media_type: str = "text/plain", language: str | None = None
) -> list[Span]:
    """The quotable units of `text[start:end]`, in order, without surrounding white space and never overlapping.

    Every character of the range that is not white space, a bare rule (`---`, `|---|`) or Markdown's front matter is in
    exactly one unit.
    """
    end = len(text) if end is None else end
    if media_type == "text/markdown" and (matter := _FRONT_MATTER.match(text)):
        start = max(start, matter.end())
    found: list[Span] = []
    for block in _blocks(text, start, end, media_type in _HARD_WRAPPED):
        for sentence in _sentences(text, block, language or "en"):
            found.extend(_cut(text, sentence))
    return found


def shown(text: str, span: Span, media_type: str = "text/plain") -> str:
    """The unit at `span` of a whole text as a person reads it; a row of a Markdown table with its column headings."""
    header = table_header(text, span) if media_type == "text/markdown" else None
    if header is None:
        return plain(span.of(text), media_type)
    names, cells = (_cells(part.of(text)) for part in (header, span))
    pairs = (f"{plain(name, media_type)}: {plain(cell, media_type)}" for name, cell in zip(names, cells, strict=False))
    return "; ".join(pair for pair in pairs if not pair.endswith(": "))


def table_header(text: str, span: Span) -> Span | None:
    """The row of column headings above the row at `span`; None where it is no row of a Markdown table, or that one."""
    if not span.of(text).startswith("|"):
        return None
    lines: list[Span] = []
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end
    for match in _LINE.finditer(text, text.rfind("\n\n", 0, span.start) + 1, end):
        lines = [*lines, Span(*match.span())] if match.group().lstrip().startswith("|") else []
    has_rule = len(lines) > 2 and _RULE.fullmatch(lines[1].of(text).strip())
    return _stripped(text, *lines[0]) if has_rule else None


def heads_table(text: str, span: Span) -> bool:
    """Whether the unit at `span` is the row of column headings of a Markdown table."""
    after = text[span.end :].lstrip(" ").removeprefix("\n").partition("\n")[0]
    return span.of(text).startswith("|") and bool(after.strip()) and bool(_RULE.fullmatch(after.strip()))


def is_heading_like(text: str, span: Span) -> bool:
    """Whether a unit of a text without marked headings stands like one: a short line of its own, and no sentence."""
    line = span.of(text)
    alone = text[span.end : span.end + 1] in ("", "\n") and text[: span.start].rstrip(" ")[-1:] in ("", "\n")
    ends = (line[-1:].isalnum() or line[-1:] in ")?") and not _STRUCTURE.match(line)
    return alone and ends and "\n" not in line and not re.search(r"\d|[:;|]", line) and count_words(line) <= 10


def trail(headings: Iterable[tuple[int, int, str]], at: int) -> list[str]:
    """The headings in force at character `at`, outermost first; each given as its level, its start and its words."""
    above: list[tuple[int, str]] = []
    for level, start, name in headings:
        if start > at:
            break
        above = [*(outer for outer in above if outer[0] < level), (level, name)]
    return [name for _, name in above if name]


def plain(text: str, media_type: str = "text/plain") -> str:
    """`text` as a person reads it: Markdown's marks dropped, runs of white space made one space."""
    if media_type == "text/markdown":
        text = _plain_markdown(text)
    return " ".join(text.split())


def _blocks(text: str, start: int, end: int, wrapped: bool) -> Iterator[Span]:
    """Paragraphs; each structural line (list item, row, heading) opens a block of its own."""
    opened: int | None = None
    closed = last = start
    width = max((len(line) for line in text[start:end].splitlines()), default=0) if wrapped else 0
    for match in _LINE.finditer(text, start, end):
        line = match.group()
        if not line.strip() or _RULE.fullmatch(line):
            if opened is not None and not _runs_on(text, closed, match.end()):
                yield Span(opened, closed)
                opened = None
            continue
        alone = not wrapped or _row(line) or line.lstrip().startswith(("|", "#"))
        apart = opened is not None and _stops_short(text[last : match.start()], line, width)
        last = match.start()
        if opened is not None and (alone or apart or _STRUCTURE.match(line)):
            yield Span(opened, closed)
            opened = None
        opened = match.start() if opened is None else opened
        closed = match.end()
        if alone:
            yield Span(opened, closed)
            opened = None
    if opened is not None:
        yield Span(opened, closed)


def _runs_on(text: str, before: int, after: int) -> bool:
    """Whether a sentence goes on across a blank line (a page or column break): `…overtures` ⏎⏎ `from the…`."""
    head, tail = text[max(0, before - 80) : before].rstrip(), text[after : after + 80].lstrip()
    return bool(head) and head[-1].islower() and len(head.split()) > 5 and tail[:1].islower()


_LEADING_ON = frozenset(
    "a an the this that these those his her its their our my your and or but nor of to in on at by for from with into"
    " over under about as than which who whose when where while because is was are were be been not".split()
)
"""Words that no heading ends with, unless it asks (“Who is who”): more must follow."""
_ASKING = frozenset("who what when where which why how".split())


def _stops_short(before: str, line: str, width: int) -> bool:
    """Whether the line before ends by itself, like a heading over its paragraph, and not because the page does."""
    before = before.strip()
    short = len(before) < 0.6 * width and before[:1].isupper() and before[-1:].isalnum()
    if not short or not line.lstrip()[:1].isupper():
        return False
    words = before.casefold().split()
    return words[-1] not in _LEADING_ON or words[0] in _ASKING


def _row(line: str) -> bool:
    """Whether a line reads like a row of figures: at least two, and two of five of its words."""
    parts = line.split()
    figures = sum(1 for part in parts if _NUMERIC.fullmatch(part))
    return figures >= 2 and figures >= 0.4 * len(parts)


def _sentences(text: str, block: Span, language: str) -> Iterator[Span]:
    piece = block.of(text).replace("\n", " ")  # a wrapped line is no paragraph end
    for bound in sentencex.get_sentence_boundaries(language, piece):
        span = _stripped(text, block.start + bound["start_index"], block.start + bound["end_index"])
        if span.end > span.start:
            yield span


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _cut(text: str, span: Span) -> Iterator[Span]:
    """A unit longer than `LONGEST_UNIT` words in parts: at line ends where there are any, else between words."""
    ends = [span.start + word.end for word in words(span.of(text))]
    if len(ends) <= LONGEST_UNIT:
        yield span
        return
    start, first = span.start, 0
    while len(ends) - first > LONGEST_UNIT:
        half, reach = ends[first + LONGEST_UNIT // 2], ends[first + LONGEST_UNIT - 1]
        cut = max(text.rfind("\n", half, reach), text.rfind("; ", half, reach) + 1)
        cut = cut if cut > half else reach
        yield _stripped(text, start, cut)
        start, first = cut, bisect_right(ends, cut)
    yield _stripped(text, start, span.end)


def _plain_markdown(text: str) -> str:
    shown: list[str] = []
    for block in _MARKDOWN.parse(text):
        for token in block.children or []:
            if token.type in ("text", "code_inline") or token.type == "image":
                shown.append(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                shown.append(" ")
        if block.type in ("fence", "code_block"):
            shown.append(block.content)
        shown.append(" ")
    return "\n".join(_row_of_cells(line) for line in "".join(shown).splitlines())


def _row_of_cells(line: str) -> str:
    return ", ".join(cell for cell in _cells(line) if cell) if line.lstrip().startswith("|") else line


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def stems(text: str) -> list[str]:
    """The stems of the words of `text` in order, parts of "cease-fire" and "Putin's" apart, accents dropped.

    The Porter algorithm (1980) on the words as SQLite's full-text search splits them, so that they can be looked up.
    """
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return [_stem(part) for part in _PART.findall(text.casefold()) if part != "s"]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    found: str = Stemmer.Stemmer("porter").stemWord(word)  # made anew: one is not to be shared by threads
    return found


def spaced(text: str) -> str:
    """`text` with a space around each Chinese, Japanese or Korean character, for engines that split on spaces."""
    return _CJK_RUN.sub(lambda match: f" {' '.join(match.group())} ", text)
