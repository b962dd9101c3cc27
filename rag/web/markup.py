"""Text into HTML without ever letting text become markup."""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.text import plain
from rag.types import Label, Span
from rag.unseen import UNSEEN, visible

_ICONS: dict[str, str] = {
    "supported": "M3 8.5l3.2 3L13 4.5",
    "partial": "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 2.5v11",
    "contradicted": "M4 4l8 8M12 4l-8 8",
    "unsupported": "M8 3v6.5M8 12.6v.2",
    "unchecked": "M4 8h8",
    "open": "M6 3.5L10.5 8L6 12.5",
    "back": "M8 13V3M4 7l4-4l4 4",
    "filter": "M2.5 4h11M4.5 8h7M6.5 12h3",
    "down": "M4 6l4 4l4-4",
    "in": "M8 2.5v7.5M4.8 7L8 10.2L11.2 7M2.5 11v2.5h11V11",
    "fault": "M8 2.2L14.2 13H1.8zM8 6.4v3M8 11.2v.2",
    "out": "M9.5 3H13v3.5M13 3L7.5 8.5M11.5 9.5V13H3V4.5h3.5",
    "copy": "M6 5.5h7.5v8H6zM3 10.5v-8h7.5",
    "left": "M10 3.5L5.5 8L10 12.5",
    "right": "M6 3.5L10.5 8L6 12.5",
    "less": "M3.5 8h9",
    "more": "M3.5 8h9M8 3.5v9",
    "fit": "M2.5 8h11M5 5.5L2.5 8L5 10.5M11 5.5L13.5 8L11 10.5",
    "new": "M8 3.5v9M3.5 8h9",
    "clock": "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.2l2.2 1.4",
    "pen": "M3 13l.6-2.8L10.8 3l2.2 2.2l-7.2 7.2zM9.3 4.5l2.2 2.2",
    "bin": "M3 4.5h10M6.5 4.5V3h3v1.5M4.3 4.5l.6 8.5h6.2l.6-8.5",
    "good": (
        "M2.5 7.5h2.3v5.8H2.5zM4.8 7.7L7.6 2.6c1.2 0 1.7.9 1.5 1.9L8.7 6.6h3.6c.9 0 1.4.7 1.2 1.5l-1 4.1"
        "c-.2.7-.6 1.1-1.3 1.1H4.8"
    ),
    "bad": (
        "M2.5 8.5h2.3V2.7H2.5zM4.8 8.3l2.8 5.1c1.2 0 1.7-.9 1.5-1.9l-.4-2.1h3.6c.9 0 1.4-.7 1.2-1.5l-1-4.1"
        "c-.2-.7-.6-1.1-1.3-1.1H4.8"
    ),
    "save": "M8 2.5v8M4.8 7.5L8 10.7l3.2-3.2M3 13.5h10",
    "differ": "M2.5 5.5h11M10.5 2.5l3 3l-3 3M13.5 11h-11M5.5 8l-3 3l3 3",
}


_OUT_OF_SIGHT = r'<span class="unseen">\g<0></span>'


@dataclass(frozen=True, slots=True)
class Layer:
    """A range of characters that stands inside `<tag>`; among layers of one text, earlier ones are outside."""

    span: Span
    tag: Literal["mark", "strong", "em", "code", "span", "u"]
    name: str = ""
    """Class of the element."""
    title: str = ""
    described: str = ""
    """Id of the card that says more of it on hovering or focus."""


def esc(text: str) -> str:
    """`text` as a reader sees it, as characters only, in an element or in a quoted attribute."""
    return html.escape(visible(text), quote=True)


def exact(text: str) -> str:
    """`text` whole, as characters only, in an attribute whose value comes back to the program."""
    return html.escape(text, quote=True)


def excerpt(text: str, source: str, longest: int) -> str:
    """`text` as a person reads it, on one line, cut after a word at `longest` characters. Not yet escaped."""
    markdown = source.lower().endswith((".md", ".markdown"))
    shown = plain(text, "text/markdown" if markdown else "text/plain")
    if len(shown) > longest:
        shown = shown[: max(shown.rfind(" ", 0, longest), longest // 2)].rstrip(",;:") + "…"
    return shown


def icon(name: Label | str) -> str:
    """A line drawing of 16 by 16, hidden from screen readers: a word always stands beside it."""
    return (
        f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="{_ICONS[name]}"/></svg>'
    )


def tagged(text: str, span: Span, layers: Iterable[Layer], stops: Mapping[int, str] | None = None) -> str:
    """`text[span]` escaped, with `layers` around their ranges and the markup in `stops` put in at its offsets.

    The text content of the result is exactly `span.of(text)`, however the layers overlap.
    """
    stops = stops or {}
    within = [layer for layer in layers if layer.span.start < span.end and layer.span.end > span.start]
    cuts = {span.start, span.end}
    for layer in within:
        cuts |= {max(layer.span.start, span.start), min(layer.span.end, span.end)}
    cuts |= {offset for offset in stops if span.start <= offset < span.end}
    edges = sorted(cuts)
    shown: list[str] = []
    open_: list[Layer] = []
    for start, end in pairwise(edges):
        active = [layer for layer in within if layer.span.start <= start and layer.span.end >= end]
        _turn(shown, open_, active)
        shown.append(stops.get(start, ""))
        shown.append(UNSEEN.sub(_OUT_OF_SIGHT, exact(text[start:end])))
    _turn(shown, open_, [])
    return "".join(shown)


def _turn(shown: list[str], open_: list[Layer], active: Sequence[Layer]) -> None:
    kept = 0
    while kept < min(len(open_), len(active)) and open_[kept] is active[kept]:
        kept += 1
    while len(open_) > kept:
        shown.append(f"</{open_.pop().tag}>")
    for layer in active[kept:]:
        attributes = f' class="{layer.name}"' if layer.name else ""
        attributes += f' title="{esc(layer.title)}"' if layer.title else ""
        if layer.described:
            attributes += f' tabindex="0" data-peek="{layer.described}" aria-describedby="{layer.described}"'
        shown.append(f"<{layer.tag}{attributes}>")
        open_.append(layer)
