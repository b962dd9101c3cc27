"""One page's text: which of pypdf's two readings to take, and where its paragraphs break."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

_GAP = re.compile(r"\S( {3,})(?=\S)")
_WORD = re.compile(r"[^\W\d_]+")
_SPLIT = re.compile(r"(?<![^\W\d_])([^\W\d_]+) {1,4}(?=([^\W\d_]+))")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_OPENING = re.compile(r"[\"'“‘(\[]?[A-Z0-9\u00c0-\u00de]")


class Sized(NamedTuple):
    """A run of text and the height of its letters, in points on the page."""

    text: str
    size: float


def choose(flowing: str, laid_out: str) -> str:
    """The better of two readings of a page, with a blank line between paragraphs.

    `laid_out` keeps lines, table rows and indents, and is right where letters are placed one by one; but it misses
    text in nested forms and reads straight across columns, and there `flowing`, in the order of drawing, is right.
    """
    whole = _letters(laid_out) >= 0.99 * _letters(flowing)
    if not whole or _has_columns(laid_out):
        return _paragraphs(flowing.splitlines())
    return _paragraphs(_mended(laid_out, flowing).splitlines())


def _letters(text: str) -> int:
    return sum(not mark.isspace() for mark in text)


def _mended(laid_out: str, flowing: str) -> str:
    """`laid_out` with words that it split ("wellbein g") put together as `flowing` has them.

    Where `flowing` has many words of its own it is the broken one of the two, and nothing is mended.
    """
    known = set(_WORD.findall(flowing))
    if len(known - set(_WORD.findall(laid_out))) > max(1, 0.02 * len(known)):
        return laid_out

    def join(match: re.Match[str]) -> str:
        left, right = match.group(1), match.group(2)
        split = left + right in known and (left not in known or right not in known)
        return left if split else match.group()

    return _SPLIT.sub(join, laid_out)


def _has_columns(laid_out: str) -> bool:
    """Whether prose stands in columns: many lines with a gap at the same place and words on both sides."""
    lines = [line for line in laid_out.splitlines() if line.strip()]
    gutters: Counter[int] = Counter()
    for line in lines:
        for match in _GAP.finditer(line):
            left, right = line[: match.start() + 1], line[match.end() :]
            if len(_WORD.findall(left)) >= 3 and len(_WORD.findall(right)) >= 3:
                gutters[match.end()] += 1
    if not gutters:
        return False
    place, _ = gutters.most_common(1)[0]
    together = sum(count for column, count in gutters.items() if abs(column - place) <= 2)
    return together >= 8 and together >= 0.35 * len(lines)


def _paragraphs(lines: Sequence[str]) -> str:
    """Lines without their indents; a blank line where space, an indent or a short line shows a new paragraph."""
    lines = _single_spaced([line.expandtabs(4).rstrip() for line in lines])
    ends = sorted(len(line) for line in lines if line.strip())
    if not ends:
        return ""
    width = ends[int(0.9 * (len(ends) - 1))]
    full = [line for line in lines if len(line) >= 0.7 * width]
    margin = Counter(_indent(line) for line in full).most_common(1)[0][0] if full else 0
    written: list[str] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else ""
        after = lines[number + 1] if number + 1 < len(lines) else ""
        if not line.strip() or (before.strip() and _breaks(before, line, after, width, margin)):
            written.append("")
        if line.strip():
            written.append(" ".join(line.split()))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).strip("\n")


def _breaks(before: str, line: str, after: str, width: int, margin: int) -> bool:
    """Whether a paragraph begins at `line`, given the lines around it."""
    if not _OPENING.match(line.strip()):
        return False
    long_enough = len(line) >= 0.7 * width
    if long_enough and margin + 2 <= _indent(line) <= margin + 16 and _indent(before) <= margin + 1:
        return True
    short_before = len(before) < 0.6 * width
    if short_before and long_enough and not before.rstrip().endswith((",", "-", "–", "—")):
        return True
    heads = len(line) < 0.6 * width and not _SENTENCE_END.search(line) and _OPENING.match(after.strip() or "A")
    return bool(heads) and len(after) >= 0.7 * width and bool(_SENTENCE_END.search(before))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _single_spaced(lines: list[str]) -> list[str]:
    """In a text set with double spacing a single blank line is no paragraph break."""
    inner = [
        (before, after)
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False)
        if before and not line and after
    ]
    tight = sum(1 for before, after in pairwise(lines) if before and after)
    running = sum(1 for before, _ in inner if not _SENTENCE_END.search(before))
    if len(inner) < 6 or len(inner) < 4 * tight or running < 0.6 * len(inner):
        return lines
    kept = [line for number, line in enumerate(lines) if line or not (number and lines[number - 1])]
    return kept


def largest_line(runs: Iterable[Sized]) -> str | None:
    """The words set largest, if clearly larger than the rest: a title, where the file names none."""
    sized = [Sized(" ".join(run.text.split()), run.size) for run in runs if run.text.strip()]
    if not sized:
        return None
    body = median([size for text, size in sized for _ in range(len(text))])
    largest = max((size for text, size in sized if len(text) > 3), default=0.0)
    if largest < 1.25 * body:
        return None
    first = next(place for place, run in enumerate(sized) if run.size == largest and len(run.text) > 3)
    words: list[str] = []
    for run in sized[first:]:
        if run.size < 0.95 * largest or sum(map(len, words)) > 150:
            break
        words.append(run.text)
    return " ".join(words) if sum(map(len, words)) >= 8 else None
