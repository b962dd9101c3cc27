"""Trees of blocks to text: HTML, and trafilatura's own elements, which are few and mean the same."""

import re
from collections.abc import Iterator
from typing import Any

from rag.loaders.drafts import Writer


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_ITEMS = {"li", "item", "dt", "dd"}
_ROWS = {"tr", "row"}
_CELLS = {"td", "th", "cell"}
_BREAKS = {"br", "lb"}
_KEPT_LINES = {"pre", "listing", "xmp"}
_INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font hi i ins kbd label mark q ref ruby rb rp rt s samp"
    " small span strike strong sub sup time tt u var wbr"
)
_BLOCKS_IN_CELLS = _names("table ul ol dl h1 h2 h3 h4 h5 h6 pre blockquote list head quote")
_NEVER = _names(
    "script style template noscript svg annotation annotation-xml object embed iframe canvas audio video select"
    " textarea button input dialog"
)
_SURROUNDINGS = ("nav", "header", "footer", "aside", "form", "menu")
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar"}
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)
_SPACE = re.compile(r"[^\S\xa0]+|\xa0")
_WIDEST_CELL = 60
"""Words; a cell as long as this is a layout's, not a table's."""


def strip_hidden(tree: Any) -> None:
    """Drops scripts, styles, and every element a reader is never shown."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "head", "title"):
            continue
        hidden = "hidden" in element.attrib and element.get("hidden") != "until-found"
        if (
            element.tag in _NEVER
            or hidden
            or element.get("aria-hidden") == "true"
            or _HIDING.search(element.get("style", ""))
        ):
            drop(element)


def strip_surroundings(tree: Any) -> None:
    """Drops navigation, page heads and feet, forms and side matter; an article's own header stays."""
    for element in list(tree.iter(*_SURROUNDINGS)):
        own = element.tag == "header" and next(element.iterancestors("article", "main"), None) is not None
        if not own:
            drop(element)
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and element.get("role", "").lower() in _ROLES:
            drop(element)


def drop(element: Any) -> None:
    """Takes an element out of its tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before, tail = element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def render(tree: Any, writer: Writer) -> None:
    """Writes the blocks of `tree`, in order."""
    _Renderer(writer).children(tree)


class _Renderer:
    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.said: list[str] = []
        self.item = False

    def children(self, node: Any) -> None:
        self._say(node.text)
        for child in node:
            if isinstance(child.tag, str):
                self._element(child)
            self._say(child.tail)
        if node.tag not in _INLINE:
            self.flush()

    def _element(self, node: Any) -> None:
        tag = node.tag
        if tag in _INLINE:
            self.children(node)
        elif tag in _BREAKS:
            self.said.append("\n")
        elif tag in _NEVER:
            return
        elif tag in _HEADINGS or tag == "head":
            self.flush()
            level = _HEADINGS.get(tag) or _HEADINGS.get(node.get("rend", ""), 2)
            self.writer.heading(level, "".join(_texts(node)))
        elif tag == "table":
            self._table(node)
        else:
            self._block(node)

    def _block(self, node: Any) -> None:
        self.flush()
        if node.tag in _KEPT_LINES or (node.tag == "quote" and "\n" in (node.text or "").strip()):
            self.writer.paragraph("".join(node.itertext()).strip("\n"))
            return
        before = self.item
        self.item = node.tag in _ITEMS
        if node.tag not in _ITEMS and before and node.tag not in ("ul", "ol", "dl", "list"):
            self.item = before  # a paragraph inside an item opens it
        self.children(node)
        self.item = False

    def _table(self, node: Any) -> None:
        self.flush()
        rows = [row for row in node.iter(*_ROWS) if next(row.iterancestors("table"), None) is node]
        cells = [[cell for cell in row if cell.tag in _CELLS] for row in rows]
        if _is_layout(cells):
            for row in cells:
                for cell in row:
                    self.children(cell)
                    self.flush()
            return
        for caption in node.iterchildren("caption"):
            self.writer.paragraph("".join(_texts(caption)))
        first = next((row for row in cells if row), [])
        headed = True if len(first) > 1 and all(_heads_column(cell) for cell in first) else None
        self.writer.table((_spread(row) for row in cells), headed=headed)

    def _say(self, text: str | None) -> None:
        if text:
            self.said.append(_SPACE.sub(" ", text))

    def flush(self) -> None:
        text = re.sub(r" {2,}", " ", "".join(self.said))
        self.said = []
        lines = [line.strip() for line in text.split("\n")]
        shown = "\n".join(line for line in lines if line)
        if not shown:
            return
        if self.item:
            self.writer.item(shown)
            self.item = False
        else:
            self.writer.paragraph(shown)


def _texts(node: Any) -> Iterator[str]:
    for part in node.iter():
        if part.tag in _BREAKS:
            yield " "
        if isinstance(part.tag, str) and part.tag not in _NEVER and part.text:
            yield part.text
        if part is not node and part.tail:
            yield part.tail


def _is_layout(cells: list[list[Any]]) -> bool:
    if max((len(row) for row in cells), default=0) < 2:
        return True
    for row in cells:
        for cell in row:
            if (
                next(cell.iter(*_BLOCKS_IN_CELLS), None) is not None
                or len("".join(_texts(cell)).split()) > _WIDEST_CELL
            ):
                return True
    return False


def _heads_column(cell: Any) -> bool:
    return bool(cell.tag == "th") or cell.get("role") == "head"


def _spread(row: list[Any]) -> list[str]:
    """The cells of a row; one that spans columns is followed by empty ones, so that the columns stay in line."""
    spread: list[str] = []
    for cell in row:
        spread.append(" ".join("".join(_texts(cell)).split()))
        span = cell.get("colspan") or cell.get("span") or "1"
        spread.extend([""] * (min(int(span), 100) - 1 if span.isdigit() else 0))
    return spread
