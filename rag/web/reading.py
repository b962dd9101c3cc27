"""A document as a person reads it, with some of its words highlighted: every character kept, in its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.types import Document, Span
from rag.web import words
from rag.web.markup import Layer, tagged

REACH = 1500
"""Characters shown on each side of a span."""
LONGEST = 96_000
"""Characters shown on each side, at most, however often a reader asks for more."""
_FURTHER = 4
"""How many times as far one goes on reading at once."""
WHOLE = 6000
"""Documents up to this many characters are shown whole."""
_FRONT_MATTER = re.compile(r"---\n.*?\n---\n\s*", re.DOTALL)
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_LINE = re.compile(r"\n\s*")
_WRAPPED = {"text/plain", "text/markdown", "application/pdf", "message/rfc822"}
"""In these a line may end where the page did; in the others each line is a paragraph or a row of its own."""
_TABLES = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_OPENS_LINE = re.compile(r"[ \t]*(?:[-*+•▪]\s|\d{1,3}[.)]\s|\|)")
_WRAPPED_LINE = 46
"""Characters. A line longer than this ended where the page did, not where its writer did."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Characters shown before and after a span."""

    before: int = REACH
    after: int = REACH


def reading(document: Document, span: Span, name: str, reach: Reach | None = None, *, further: bool = True) -> str:
    """The text of `document` around `span`, which is highlighted as `name`; where it is cut, a way to read on.

    Without a `further` way, it is only said that there is more.
    """
    reach = reach or Reach()
    shown = window(document.text, span, reach.before, reach.after)
    earlier = Reach(min(reach.before * _FURTHER, LONGEST), reach.after)
    later = Reach(reach.before, min(reach.after * _FURTHER, LONGEST))
    above = _cut(words.EARLIER, earlier, further and earlier != reach) if shown.start else ""
    below = _cut(words.LATER, later, further and later != reach) if shown.end < len(document.text) else ""
    return above + body(document, shown, span, name) + below


def _cut(labels: tuple[str, str], reach: Reach, further: bool) -> str:
    if not further:
        return f'<p class="cut">{labels[0]}</p>'
    to = f'data-before="{reach.before}" data-after="{reach.after}"'
    return f'<button type="button" class="quiet cut" {to}>{labels[1]}</button>'


def window(text: str, span: Span, before: int = REACH, after: int = REACH) -> Span:
    """The range of `text` to show around `span`: whole where short, else cut where paragraphs (or lines) end."""
    if len(text) <= WHOLE:
        return Span(0, len(text))
    return Span(_from(text, span.start, span.start - before), _to(text, span.end, span.end + after))


def body(document: Document, shown: Span, marked: Span, name: str = "cited") -> str:
    """`document.text[shown]` as paragraphs, with `marked` highlighted and page ends noted."""
    text = document.text
    shown = _past_front_matter(document, shown, marked)
    pages = [page for page in document.pages[1:] if shown.start <= page.start < shown.end]
    blocks = []
    row = ' class="row"' if document.media_type in _TABLES else ""
    for block in _paragraphs(text, shown, _BLANK if document.media_type in _WRAPPED else _LINE):
        leaves = {
            max(page.start, block.start): f'<span class="leaf" data-page="{page.number}"></span>'
            for page in pages
            if page.start < block.end
        }
        pages = [page for page in pages if page.start >= block.end]
        layers = [Layer(marked, "mark", name)] if marked.end > marked.start else []
        layers += list(_decoration(document, block))
        heading = any(head.start < block.end and head.end > block.start for head in document.headings)
        kind = "p" if not heading or block.end - block.start > 200 else "h3"
        blocks.append(f"<{kind}{row if kind == 'p' else ''}>{tagged(text, block, layers, leaves)}</{kind}>")
    return "".join(blocks)


def _from(text: str, start: int, target: int) -> int:
    if target <= 0:
        return 0
    for end in ("\n\n", "\n", " "):
        found = text.find(end, target, start)
        if found >= 0:
            return found + len(end)
    return target


def _to(text: str, end: int, target: int) -> int:
    if target >= len(text):
        return len(text)
    for stop in ("\n\n", "\n", " "):
        found = text.rfind(stop, end, target)
        if found > end:
            return found
    return target


def _paragraphs(text: str, shown: Span, end: re.Pattern[str]) -> Iterator[Span]:
    start = shown.start
    for gap in end.finditer(text, shown.start, shown.end):
        if gap.start() > start:
            yield Span(start, gap.start())
        start = gap.end()
    if text[start : shown.end].strip():
        yield Span(start, shown.end)


def _past_front_matter(document: Document, shown: Span, marked: Span) -> Span:
    """A Markdown file's opening block of keys says nothing to a reader, unless it is what was cited."""
    front = _FRONT_MATTER.match(document.text) if document.media_type == "text/markdown" else None
    if front and shown.start == 0 and front.end() <= marked.start:
        return Span(front.end(), shown.end)
    return shown


def _decoration(document: Document, block: Span) -> Iterator[Layer]:
    if document.media_type == "text/markdown":
        yield from _markdown(document.text, block)
    yield from _kept_breaks(document.text, block)


def _kept_breaks(text: str, block: Span) -> Iterator[Layer]:
    """Line ends that mean something: after a short line, or before a list item or a table row."""
    line = block.start
    while (end := text.find("\n", line, block.end)) >= 0:
        if end - line < _WRAPPED_LINE or _OPENS_LINE.match(text, end + 1) or text[line] == "|":
            yield Layer(Span(end, end + 1), "span", "break")
        line = end + 1


_HIDDEN = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]+|^ {0,3}>[ \t]?|^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|?)+[ \t]*$")
_LINK = re.compile(r"(!?\[)([^\]\n]*)(\]\([^)\n]*\))")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)(\1)", re.DOTALL)
_ITALIC = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])(.+?)(?<=[^\s*_])(\1)(?![\w*_])", re.DOTALL)
_CODE = re.compile(r"(`+)([^`]+)(\1)")
_AUTOLINK = re.compile(r"(<)(https?://[^>\s]+)(>)")


def _markdown(text: str, block: Span) -> Iterator[Layer]:
    """Markdown's marks stay in the text, so that offsets hold, but out of sight."""
    for match in _HIDDEN.finditer(text, *block):
        yield Layer(Span(*match.span()), "span", "unseen")
    for pattern, tag in ((_LINK, None), (_AUTOLINK, None), (_BOLD, "strong"), (_ITALIC, "em"), (_CODE, "code")):
        for match in pattern.finditer(text, *block):
            if tag == "strong":
                yield Layer(Span(*match.span(2)), "strong")
            elif tag == "em":
                yield Layer(Span(*match.span(2)), "em")
            elif tag == "code":
                yield Layer(Span(*match.span(2)), "code")
            yield Layer(Span(*match.span(1)), "span", "unseen")
            yield Layer(Span(*match.span(3)), "span", "unseen")
