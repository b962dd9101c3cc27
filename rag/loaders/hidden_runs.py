"""Words of a Word document that it keeps from its readers: hidden, tiny, or white on white paper."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TINY = 2
"""Half-points: letters up to one point high."""
_OFF = ("0", "false", "off", "none")
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}anchor"


def strip_hidden_runs(root: Any, styles: Any) -> int:
    """Empties the runs under `root` that are not shown, by themselves or by their style; how many words they had."""
    page = _Page(_named(styles, _vanishes), _named(styles, _is_shaded), not _has_ground(root))
    return sum(len(text.split()) for text in _emptied(root, page))


@dataclass(frozen=True, slots=True)
class _Page:
    hiding: frozenset[str]
    """Styles whose words are not shown."""
    shaded: frozenset[str]
    """Styles with a ground of their own."""
    white: bool
    """Whether all else stands on bare paper."""


def _emptied(root: Any, page: _Page) -> Iterator[str]:
    for run in root.iter(f"{_W}r"):
        look, block = run.find(f"{_W}rPr"), next(run.iterancestors(f"{_W}p"), None)
        parts = [part for part in (look, None if block is None else block.find(f"{_W}pPr")) if part is not None]
        named = {_value(part, name) for part in parts for name in ("rStyle", "pStyle")}
        hidden = not page.hiding.isdisjoint(named) or (look is not None and (_vanishes(look) or _is_tiny(look)))
        if not hidden and page.white and page.shaded.isdisjoint(named):
            hidden = _is_white(look) and not any(map(_is_shaded, parts)) and not _is_framed(run)
        if hidden:
            for node in run.iter(f"{_W}t"):
                yield node.text or ""
                node.text = None


def _value(part: Any, name: str) -> str:
    node = None if part is None else part.find(f"{_W}{name}")
    return "" if node is None else str(node.get(f"{_W}val", "true"))


def _vanishes(part: Any) -> bool:
    return _value(part, "vanish") not in ("", *_OFF)


def _is_tiny(look: Any) -> bool:
    size = _value(look, "sz")
    return size.isdigit() and int(size) <= _TINY


def _is_white(look: Any) -> bool:
    return _value(look, "color").upper() == "FFFFFF"


def _is_shaded(part: Any) -> bool:
    return part.find(f"{_W}shd") is not None or part.find(f"{_W}highlight") is not None


def _is_framed(run: Any) -> bool:
    """Whether it stands in a table or a text box, which may have a ground by their own style."""
    return next(run.iterancestors(f"{_W}tbl", f"{_W}txbxContent"), None) is not None


def _has_ground(root: Any) -> bool:
    """Whether something may lie behind all text: a page colour, or a picture set behind it."""
    background = next(root.iter(f"{_W}background"), None) is not None
    return background or any(anchor.get("behindDoc") in ("1", "true") for anchor in root.iter(_ANCHOR))


def _named(styles: Any, test: Callable[[Any], bool]) -> frozenset[str]:
    """The styles that pass `test`, or are based on one that does."""
    own: set[str] = set()
    bases: dict[str, str] = {}
    for style in styles.iter(f"{_W}style"):
        name = style.get(f"{_W}styleId", "")
        bases[name] = _value(style, "basedOn")
        if any(test(part) for part in style.iterchildren(f"{_W}rPr", f"{_W}pPr")):
            own.add(name)
    grown = True
    while grown:
        heirs = {name for name, base in bases.items() if base in own} - own
        own |= heirs
        grown = bool(heirs)
    return frozenset(own)
