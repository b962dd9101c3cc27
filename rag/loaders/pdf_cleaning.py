"""The pages of a PDF to one text: running heads dropped, broken words joined, pages as spans that tile it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from rag.loaders.drafts import valid
from rag.types import Page

_LIGATURES = {ord(mark): unicodedata.normalize("NFKC", mark) for mark in "ﬀﬁﬂﬃﬄﬅﬆ"}
_DROPPED = dict.fromkeys((0x00AD, 0x200B, 0xFEFF))
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]*[^\W\d_A-Z])[-‐]\n([^\W\d_A-Z][^\W\d_]*)")
_HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]+[-‐][^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERING = re.compile(r"\d+|\b[ivxlc]+\b|\W+")
_ENDS = re.compile(r"[.!?:;…][\"'”’)\]]*$")


def clean(texts: Sequence[str]) -> tuple[str, tuple[Page, ...]]:
    """One text out of page texts, and the span of each page; the spans tile the text in order.

    Pages are apart by a blank line, by a newline where a sentence runs on, and by nothing where a word does.
    """
    pages = _without_running_lines([_tidy(text) for text in texts])
    known = _Vocabulary(pages)
    pages = [_BROKEN.sub(lambda match: known.join(match[1], match[2]), page) for page in pages]
    parts: list[str] = []
    spans: list[Page] = []
    length = 0
    for number, page in enumerate(pages, 1):
        following = next((later for later in pages[number:] if later), "")
        part, glue = _glued(page, following, known)
        start = length
        length += len(part) + len(glue)
        parts += (part, glue)
        spans.append(Page(number, start, length))
    return "".join(parts), tuple(spans)


def _tidy(text: str) -> str:
    text = valid(text.replace("\r\n", "\n").replace("\r", "\n")).translate(_LIGATURES).translate(_DROPPED)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _without_running_lines(pages: list[str]) -> list[str]:
    """Pages without the lines that most of them share, but for their numbers, at the top or the bottom."""
    for bottom in (False, True):
        edges = [[line for line in page.split("\n") if line][-2 if bottom else 0 :][:2] for page in pages]
        running = _running([{_key(line) for line in lines} for lines in edges])
        pages = [_cut(page, running, bottom=bottom) or page for page in pages]  # a page of nothing else keeps it
    return pages


def _running(seen: list[set[str]]) -> set[str]:
    """Keys on over half of all pages, or on three of four left or right ones; always three at least."""
    running: set[str] = set()
    for some, share in ((seen, 0.5), (seen[0::2], 0.75), (seen[1::2], 0.75)):
        filled = [keys for keys in some if keys]
        counts = Counter(key for keys in filled for key in keys)
        running |= {key for key, count in counts.items() if count >= 3 and count > share * len(filled)}
    return running


def _key(line: str) -> str:
    return _NUMBERING.sub("", line.lower())


def _cut(page: str, running: set[str], *, bottom: bool) -> str:
    lines = page.split("\n")
    if bottom:
        lines.reverse()
    looked = 0
    kept: list[str] = []
    for number, line in enumerate(lines):
        if looked == 2:
            kept.extend(lines[number:])
            break
        looked += bool(line)
        if not line or _key(line) not in running:
            kept.append(line)
    if bottom:
        kept.reverse()
    return "\n".join(kept).strip("\n")


class _Vocabulary:
    """Which words and compounds the document writes inside its lines."""

    def __init__(self, pages: Sequence[str]) -> None:
        self.words: Counter[str] = Counter()
        self.compounds: Counter[str] = Counter()
        whole = _BROKEN.sub(" ", "\n".join(pages)).lower()
        self.compounds.update(match.replace("‐", "-") for match in _HYPHENATED.findall(whole))
        self.words.update(_WORD.findall(_HYPHENATED.sub(" ", whole)))

    def join(self, left: str, right: str) -> str:
        """`left-` at a line's end and `right`: one word, or a compound where the document writes it so."""
        word, compound = (left + right).lower(), f"{left}-{right}".lower()
        if self.words[word] or self.compounds[compound]:
            keep = self.compounds[compound] > self.words[word]
        else:
            keep = self.words[left.lower()] > 0 and self.words[right.lower()] > 0
        return f"{left}-{right}" if keep else left + right


def _glued(page: str, following: str, known: _Vocabulary) -> tuple[str, str]:
    """`page` and what stands between it and the next text."""
    if not page or not following:
        return page, ""
    broken = _BROKEN.search(page[-40:] + "\n" + following[:40])
    if broken and page.endswith(("-", "‐")):
        return (page if "-" in known.join(broken[1], broken[2]) else page[:-1]), ""
    runs_on = not _ENDS.search(page) and following[0].islower()
    return page, "\n" if runs_on else "\n\n"
