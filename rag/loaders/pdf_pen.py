"""A pen that follows the drawing instructions of a PDF page: where text goes and in what ink, and what is painted."""

import math
from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, NamedTuple

from rag.loaders.pdf_geometry import SAME, Box, Matrix, apply, matrix_of, times

Operations = list[tuple[Any, bytes]]

_TINY = 1.0
"""Points high."""
_FAINT = 0.02
"""Share of ink, or of opacity, that cannot be seen."""
_WIDEST = 1.5
"""Of the letter size, that a byte of a string may advance by."""
_BLANK = b" \x00\x03\xa0"
_SPACES = {
    "/DeviceGray": 1,
    "/CalGray": 1,
    "/G": 1,
    "/DeviceRGB": 3,
    "/CalRGB": 3,
    "/RGB": 3,
    "/DeviceCMYK": 4,
    "/CMYK": 4,
}
"""Colour spaces whose white is known, with their channels."""


class Shown(NamedTuple):
    """An instruction that shows text, and a point inside its first letter."""

    at: int
    x: float
    y: float


class _State:
    """What `q` keeps and `Q` brings back."""

    __slots__ = ("channels", "ctm", "leading", "line", "mode", "opaque", "size", "squeeze", "vectors", "white")

    def __init__(self) -> None:
        self.ctm, self.white, self.channels, self.opaque = SAME, False, 1, True
        self.mode, self.leading, self.squeeze, self.line = 0, 0.0, 1.0, 1.0
        self.size: float | None = None
        self.vectors = True
        """Whether the font's letters are measured in its size: those of Type 3 have a measure of their own."""


class Pen:
    """Follows one page; damaged instructions count as if they were not there."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.out_of_sight: set[int] = set()
        """Instructions that show text too small to see, or beyond the page's edge."""
        self.white: list[Shown] = []
        self.clear: list[Shown] = []
        """Text in no ink at all."""
        self.shown = 0
        """How many instructions show text."""
        self.painted: list[Box] = []
        """Where something else than white is painted; pictures and forms among it."""
        self.pictures = 0
        self._now, self._kept = _State(), list[_State]()
        self._text = self._line = SAME
        self._run = 0.0
        self._path: list[tuple[float, float]] = []
        box = page.cropbox
        self._edge = Box(float(box.left), float(box.bottom), float(box.right), float(box.top))
        self._smallest = min(_TINY, _TINY * (self._edge.top - self._edge.bottom) / 800)

    def follow(self, operations: Operations, shapes: bool = True) -> "Pen":
        """Takes all instructions in order, those that draw shapes and pictures only if told to."""
        steps = _STEPS | _SHAPES if shapes else _STEPS
        for at, (operands, operator) in enumerate(operations):
            step = steps.get(operator)
            try:
                if step is not None:
                    step(self, operands)
                elif operator in _SHOWN:
                    self._show(at, _strings(operands[-1]))
            except (TypeError, ValueError, IndexError, KeyError, AttributeError, ZeroDivisionError):
                continue
        return self

    # --- text

    def _show(self, at: int, strings: tuple[int, float]) -> None:
        now = self._now
        letters, shift = strings
        if now.size is None or not letters:
            return
        self.shown += 1
        a, b, c, d, e, f = times(self._text, now.ctm)
        height = abs(now.size) * math.hypot(c, d)
        begun, self._run = self._run, self._run + abs(now.size * now.squeeze) * (letters * _WIDEST + shift)
        if (now.vectors and height < self._smallest) or self._is_beyond(
            e, f, e + a * self._run, f + b * self._run, height
        ):
            self.out_of_sight.add(at)
        elif now.white or now.mode == 3 or not now.opaque:
            x, y = 0.3 * now.size + begun / _WIDEST, 0.3 * now.size
            unseen = Shown(at, a * x + c * y + e, b * x + d * y + f)
            (self.white if now.mode != 3 and now.opaque else self.clear).append(unseen)

    def _is_beyond(self, x: float, y: float, x_end: float, y_end: float, height: float) -> bool:
        left, bottom, right, top = self._edge
        return (
            max(x, x_end) < left
            or min(x, x_end) > right
            or max(y, y_end) + height < bottom
            or min(y, y_end) - height > top
        )

    def _begin(self, _: Sequence[Any]) -> None:
        self._place(SAME)

    def _place(self, matrix: Matrix) -> None:
        self._text = self._line = matrix
        self._run = 0.0

    def _matrix(self, given: Sequence[Any]) -> None:
        self._place(matrix_of(given))

    def _move(self, given: Sequence[Any]) -> None:
        self._place(times((1.0, 0.0, 0.0, 1.0, float(given[0]), float(given[1])), self._line))

    def _move_and_lead(self, given: Sequence[Any]) -> None:
        self._now.leading = -float(given[1])
        self._move(given)

    def _next_line(self, _: Sequence[Any]) -> None:
        self._move((0.0, -self._now.leading))

    def _font(self, given: Sequence[Any]) -> None:
        self._now.size = float(given[1])
        self._now.vectors = self._resource("/Font", given[0])["/Subtype"] != "/Type3"

    def _lead(self, given: Sequence[Any]) -> None:
        self._now.leading = float(given[0])

    def _squeeze(self, given: Sequence[Any]) -> None:
        self._now.squeeze = float(given[0]) / 100

    def _mode(self, given: Sequence[Any]) -> None:
        self._now.mode = int(given[0])

    # --- ink

    def _keep(self, _: Sequence[Any]) -> None:
        self._kept.append(copy(self._now))

    def _bring_back(self, _: Sequence[Any]) -> None:
        if self._kept:
            self._now = self._kept.pop()

    def _transform(self, given: Sequence[Any]) -> None:
        self._now.ctm = times(matrix_of(given), self._now.ctm)

    def _space(self, given: Sequence[Any]) -> None:
        name = given[0]
        self._now.white, self._now.channels = False, _SPACES.get(name, 0)
        if name not in _SPACES and name != "/Pattern":
            kind = self._resource("/ColorSpace", name)
            profile = kind[1].get_object() if kind[0] == "/ICCBased" else {}
            self._now.channels = int(profile.get("/N", 0)) or _SPACES.get(kind[0], 0)

    def _ink(self, given: Sequence[Any]) -> None:
        self._now.white = self._now.channels == len(given) and _is_white(given)

    def _device_ink(self, given: Sequence[Any]) -> None:
        self._now.channels = len(given)
        self._now.white = _is_white(given)

    def _looks(self, given: Sequence[Any]) -> None:
        looks = self._resource("/ExtGState", given[0])
        if "/ca" in looks:
            self._now.opaque = float(looks["/ca"]) > _FAINT

    def _line_width(self, given: Sequence[Any]) -> None:
        self._now.line = float(given[0])

    # --- shapes

    def _points(self, given: Sequence[Any]) -> None:
        self._path += [self._at(float(given[at]), float(given[at + 1])) for at in range(0, len(given) - 1, 2)]

    def _rectangle(self, given: Sequence[Any]) -> None:
        x, y, width, height = map(float, given)
        self._path += [self._at(x, y), self._at(x + width, y), self._at(x, y + height), self._at(x + width, y + height)]

    def _fill(self, _: Sequence[Any]) -> None:
        if not self._now.white:
            self._paint(self._path)
        self._path = []

    def _stroke(self, _: Sequence[Any]) -> None:
        a, b, *_rest = self._now.ctm
        if self._now.line * math.hypot(a, b) > 4:  # as thick as a bar
            self._paint(self._path, self._now.line * math.hypot(a, b) / 2)
        self._path = []

    def _drop_path(self, _: Sequence[Any]) -> None:
        self._path = []

    def _picture(self, _: Sequence[Any]) -> None:
        self.pictures += 1
        self._paint([self._at(x, y) for x in (0, 1) for y in (0, 1)])

    def _object(self, given: Sequence[Any]) -> None:
        drawn = self._resource("/XObject", given[0])
        if drawn["/Subtype"] == "/Image":
            self._picture(given)
            return
        self.pictures += 1
        left, bottom, right, top = map(float, drawn["/BBox"])
        ctm = times(matrix_of(drawn.get("/Matrix", SAME)), self._now.ctm)
        self._paint([apply(ctm, x, y) for x in (left, right) for y in (bottom, top)])

    def _shading(self, _: Sequence[Any]) -> None:
        self.painted.append(self._edge)

    def _paint(self, points: Sequence[tuple[float, float]], around: float = 0.0) -> None:
        if points:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            self.painted.append(Box(min(xs) - around, min(ys) - around, max(xs) + around, max(ys) + around))

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return apply(self._now.ctm, x, y)

    def _resource(self, kind: str, name: Any) -> Any:
        return self.page["/Resources"][kind][name].get_object()


_SHOWN = {b"Tj", b"TJ", b"'", b'"'}
_Step = Callable[[Pen, Sequence[Any]], None]
_STEPS: dict[bytes, _Step] = {
    **{b"q": Pen._keep, b"Q": Pen._bring_back, b"cm": Pen._transform, b"gs": Pen._looks},
    **{b"BT": Pen._begin, b"Tm": Pen._matrix, b"Td": Pen._move, b"TD": Pen._move_and_lead, b"T*": Pen._next_line},
    **{b"Tf": Pen._font, b"TL": Pen._lead, b"Tz": Pen._squeeze, b"Tr": Pen._mode},
    **{b"cs": Pen._space, b"sc": Pen._ink, b"scn": Pen._ink},
    **dict.fromkeys((b"g", b"rg", b"k"), Pen._device_ink),
}
_SHAPES: dict[bytes, _Step] = {
    **dict.fromkeys((b"m", b"l", b"c", b"v", b"y"), Pen._points),
    b"re": Pen._rectangle,
    **dict.fromkeys((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"), Pen._fill),
    **{b"S": Pen._stroke, b"s": Pen._stroke, b"n": Pen._drop_path, b"w": Pen._line_width},
    **{b"Do": Pen._object, b"INLINE IMAGE": Pen._picture, b"sh": Pen._shading},
}


def _strings(shown: Any) -> tuple[int, float]:
    """How many bytes of text an operand holds, blanks aside where it holds nothing else, and the sum of its shifts."""
    if isinstance(shown, bytes | str):
        return (len(shown) if _has_words(shown) else 0), 0.0
    texts = [part for part in shown if isinstance(part, bytes | str)]
    shift = sum(abs(float(part)) for part in shown if not isinstance(part, bytes | str)) / 1000
    return (sum(map(len, texts)) if any(map(_has_words, texts)) else 0), shift


def _has_words(text: bytes | str) -> bool:
    return bool(text.strip(_BLANK) if isinstance(text, bytes) else text.strip())


def _is_white(ink: Sequence[Any]) -> bool:
    values = [float(value) for value in ink]
    return (
        all(value <= _FAINT for value in values) if len(values) == 4 else all(value >= 1 - _FAINT for value in values)
    )
