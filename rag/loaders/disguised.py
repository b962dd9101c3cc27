"""Words of a web page that its style keeps from every reader: transparent, tiny, off the screen, white on white.

Only what the page itself says is weighed: `style` attributes, the old `color` and `bgcolor`, and the plain rules (for a
tag, a class, an id) of its own `<style>` elements. Where a colour depends on style that is not at hand, words stay.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rag.loaders.blocks import drop, strip_hidden

Colour = tuple[int, int, int]
Style = dict[str, str]

_WHITE: Colour = (255, 255, 255)
_NAMED = {"white": _WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_ALIKE = 12
"""Of 255, on each channel: closer colours cannot be told apart."""
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_PLAIN = re.compile(r"(?:\w+)?(?:[.#][\w-]+)?")
_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))([a-z%]*)")
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+)(%?))?\s*\)")
_MOVED = ("transition", "animation", "transform")
_FAR = -999.0
"""Pixels to the left or above from which a box is put there to be out of sight."""


def strip_unseen(tree: Any) -> int:
    """Drops what a reader of the page is never shown; how many words of it were disguised, scripts and such aside."""
    sheet = _Sheet(tree)
    strip_hidden(tree)
    return sum(len(text.split()) for text in _stripped(tree, sheet, _Look(ground=None if sheet.partial else _WHITE)))


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands down to those inside it; a colour that is not known is None."""

    ink: Colour | None = (0, 0, 0)
    ground: Colour | None = _WHITE
    clear: bool = False
    tiny: bool = False

    @property
    def unseen(self) -> bool:
        same = (
            self.ink and self.ground and all(abs(a - b) <= _ALIKE for a, b in zip(self.ink, self.ground, strict=True))
        )
        return self.tiny or self.clear or bool(same)


class _Sheet:
    """The plain rules of a page's own style sheets, by selector."""

    def __init__(self, tree: Any) -> None:
        self._rules: dict[str, Style] = {}
        links = tree.iter("link")
        self.partial = any("stylesheet" in (link.get("rel") or "").lower() for link in links)
        """Whether colours may come from style that is not at hand."""
        for element in tree.iter("style"):
            for selectors, body in _rules(_COMMENT.sub(" ", element.text or "")):
                self._take(selectors, body)

    def _take(self, selectors: str, body: str) -> None:
        style = _declared(body)
        for selector in map(str.strip, selectors.split(",")):
            if selector and _PLAIN.fullmatch(selector):
                self._rules.setdefault(selector, {}).update(style)
            elif not selector.startswith("@") and any(name.startswith("background") for name in style):
                self.partial = True

    def style_of(self, element: Any) -> Style:
        """What the element itself is declared to look like."""
        classes, name = (element.get("class") or "").split(), element.get("id")
        keys = [element.tag, *(f".{one}" for one in classes), *(f"{element.tag}.{one}" for one in classes)]
        keys += [f"#{name}", f"{element.tag}#{name}"] if name else []
        style = {key: value for key in ("color", "bgcolor", "text") if (value := element.get(key))}
        style = {
            {"bgcolor": "background", "text": "color"}.get(key, key): value.lower() for key, value in style.items()
        }
        for key in keys:
            style |= self._rules.get(key, {})
        return style | _declared(element.get("style") or "")


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule that stands by itself; those inside `@media` and the like are left out."""
    depth = 0
    for piece in css.split("}"):
        opened = piece.count("{")
        if depth == 0 and opened == 1:
            selectors, _, body = piece.partition("{")
            yield selectors, body
        depth = max(0, depth + opened - 1)


def _declared(style: str) -> Style:
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value}


def _stripped(element: Any, sheet: _Sheet, above: _Look) -> Iterator[str]:
    """Takes unseen words out of `element` and all inside it, and yields them."""
    style = sheet.style_of(element)
    look = _looking(element, style, sheet, above)
    if look.unseen:
        yield element.text or ""
        element.text = None
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag == "head":
            continue
        if _is_away(child, sheet.style_of(child)):
            yield " ".join(child.itertext())
            drop(child)
            continue
        yield from _stripped(child, sheet, look)
        if look.unseen:
            yield child.tail or ""
            child.tail = None


def _looking(element: Any, style: Style, sheet: _Sheet, above: _Look) -> _Look:
    look = above
    if background := style.get("background-color") or style.get("background"):
        look = replace(look, ground=look.ground if _is_clear(background) else _colour(background))
    elif sheet.partial and (element.get("class") or element.get("id")):
        look = replace(look, ground=None)
    if "background-image" in style or "url(" in style.get("background", ""):
        look = replace(look, ground=None)
    if (ink := style.get("color", "inherit")) != "inherit":
        gradient = any("background-clip" in name for name in style)
        look = replace(look, ink=_colour(ink), clear=_is_clear(ink) and not gradient)
    if size := _LENGTH.match(style.get("font-size", "")):
        look = replace(look, tiny=_is_tiny(float(size[1]), size[2], above.tiny))
    return look


def _is_away(element: Any, style: Style) -> bool:
    """Whether a box as a whole is out of sight: not displayed, clipped to nothing, off the screen, transparent."""
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    placed = style.get("position") in ("absolute", "fixed")
    edges = [style.get(edge, "") for edge in ("left", "top", "right", "bottom")] if placed else []
    if any(_pixels(edge, 0) <= _FAR for edge in (*edges, style.get("text-indent", ""), style.get("margin-left", ""))):
        return True
    sides = ("width", "height", "max-width", "max-height")
    if style.get("overflow") in ("hidden", "clip") and any(_pixels(style.get(side, ""), 99) <= 1 for side in sides):
        return True
    if placed and re.match(r"rect\((?:0|1px)\w*[\s,]+(?:0|1px)", style.get("clip", "")):
        return True
    appears = any(name.startswith(_MOVED) for name in style) or any(key.startswith("data-") for key in element.attrib)
    faint = _LENGTH.fullmatch(style.get("opacity", ""))
    return bool(faint and float(faint[1]) <= 0.02) and not appears  # else a script fades it in


def _pixels(length: str, otherwise: float) -> float:
    match = _LENGTH.fullmatch(length)
    if not match:
        return otherwise
    return float(match[1]) * {"em": 16.0, "rem": 16.0, "pt": 1.33, "vw": 10.0, "%": 10.0}.get(match[2], 1.0)


def _is_tiny(size: float, unit: str, inside_tiny: bool) -> bool:
    if unit in ("em", "%"):
        return inside_tiny or size * {"em": 16.0, "%": 0.16}[unit] <= 1
    return size * {"rem": 16.0, "pt": 1.33}.get(unit, 1.0) <= 1


def _is_clear(colour: str) -> bool:
    rgb, hexed = _RGB.match(colour), _HEX.match(colour)
    alpha = float(rgb[4]) if rgb and rgb[4] else 1.0
    if hexed and len(hexed[1]) in (4, 8):
        alpha = int(hexed[1][-(len(hexed[1]) // 4) :], 16)
    return colour.startswith(("transparent", "none")) or alpha <= 0.02


def _colour(text: str) -> Colour | None:
    """The colour that `text` begins with, or None where it is not one that can be told."""
    if hexed := _HEX.match(text):
        digits = hexed[1] if len(hexed[1]) >= 6 else "".join(digit * 2 for digit in hexed[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6] or "0", 16)
    if rgb := _RGB.match(text):
        return int(rgb[1]), int(rgb[2]), int(rgb[3])
    first = text.split()
    return _NAMED.get(first[0]) if first else None
