"""How the plots look, and where their labels go."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from PIL import Image

OURS, OTHERS, INK, FAINT, SOFT = "#0b62a4", "#8a929b", "#24292f", "#d5dae0", "#57606a"
LIGHTER = {OURS: "#9cc3e3", OTHERS: "#d0d5da"}
WARM = "#c4561a"
"""Told from the blue by every eye."""
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "grid.color": "#eceff2",
}
WIDTH, DENSITY = 10.0, 180
"""Inches, and pixels per inch: about twice as many pixels as a README is wide."""
LETTER = 0.53
"""Width of a letter, on average, as a share of the type's size."""


class Box(NamedTuple):
    """A rectangle on the page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: "Box") -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, wide) * max(0.0, high)


def headed(height: float, title: str, under: str) -> Figure:
    """A figure with the finding as its title, and what was measured below it."""
    figure = Figure(figsize=(WIDTH, height))
    figure.text(0.015, 1 - 0.18 / height, title, fontsize=12.5, fontweight="bold", va="top")
    figure.text(0.015, 1 - 0.48 / height, under, fontsize=9.5, va="top", color=SOFT)
    return figure


def margins(figure: Figure, left: float, right: float, top: float, bottom: float) -> None:
    """Room around the axes, in inches."""
    height = figure.get_figheight()
    figure.subplots_adjust(left / WIDTH, bottom / height, 1 - right / WIDTH, 1 - top / height)


def save(figure: Figure, path: Path) -> None:
    """As a PNG of few colours: a fifth of the bytes, and no difference to see."""
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=DENSITY, format="png", facecolor="white")
    Image.open(drawn).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


def logarithmic(axes: Axes, low: float, high: float, ticks: Sequence[float], written: Callable[[float], str]) -> None:
    """A logarithmic x axis from `low` to `high` with these ticks."""
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: written(value)))


def horizontals(axes: Axes) -> None:
    """Faint lines at the y ticks instead of an axis."""
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def note(axes: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **look: Any) -> None:
    """Text `offset` points from a place in the data."""
    axes.annotate(text, at, offset, textcoords="offset points", **{"fontsize": 9.5, **look})


def name_points(axes: Axes, named: Sequence[tuple[str, float, float, str]], type_size: float = 8.5) -> None:
    """Names, with x, y and colour, beside their points and none over another; a line leads to those that lie off."""
    across, up = axes.transData, 72 / axes.figure.dpi
    spots = [tuple(across.transform((x, y)) * up) for _, x, y, _ in named]
    extent = axes.get_window_extent()
    room = Box(extent.x0 * up, extent.y0 * up, extent.x1 * up, extent.y1 * up)
    sizes = [(LETTER * type_size * len(text), 1.25 * type_size) for text, *_ in named]
    for (text, x, y, colour), spot, box in zip(named, spots, place(spots, sizes, room), strict=True):
        offset = ((box.left + box.right) / 2 - spot[0], (box.bottom + box.top) / 2 - spot[1])
        far = abs(offset[1]) > type_size / 2
        edge = ((spot[0] > box.left) / 2 + (spot[0] > box.right) / 2, 0.5)
        line = {"arrowstyle": "-", "color": colour, "alpha": 0.5, "linewidth": 0.7, "shrinkB": 4, "relpos": edge}
        look: dict[str, Any] = {"arrowprops": line} if far else {}
        note(axes, text, (x, y), offset, ha="center", va="center", color=colour, fontsize=type_size, **look)


def place(
    spots: Sequence[tuple[float, ...]], sizes: Sequence[tuple[float, float]], room: Box, mark: float = 5.0
) -> list[Box]:
    """A box of each size near its spot, in points: the nearest that stays inside and covers no mark and no other box.

    Where nothing is free, the one that covers least. Spots are taken from the most crowded one on.
    """
    marks = [Box(x - mark, y - mark, x + mark, y + mark) for x, y in spots]
    crowd = [sum(abs(x - u) < 80 and abs(y - v) < 30 for u, v in spots) for x, y in spots]
    placed: dict[int, Box] = {}
    for at in sorted(range(len(spots)), key=lambda index: -crowd[index]):
        taken = [*marks, *placed.values()]
        placed[at] = min(
            _around(spots[at], sizes[at], mark + 3),
            key=lambda candidate: _cost(candidate[1], taken, room) + candidate[0],
        )[1]
    return [placed[at] for at in range(len(spots))]


def _around(spot: tuple[float, ...], size: tuple[float, float], gap: float) -> list[tuple[float, Box]]:
    """Boxes beside, above and below a spot with their distance, near ones first."""
    (x, y), (wide, high) = spot, size
    found = []
    for step in range(0, 9):
        for sign in (1, -1):
            rise = sign * step * 0.6 * high
            for shift in (gap + wide / 2, -gap - wide / 2) if step < 2 else (gap + wide / 2, -gap - wide / 2, 0.0):
                middle = (x + shift, y + rise)
                box = Box(middle[0] - wide / 2, middle[1] - high / 2, middle[0] + wide / 2, middle[1] + high / 2)
                found.append((abs(rise) + (6.0 if shift < 0 else 0.0) + (3.0 if shift == 0 else 0.0), box))
    return found


def _cost(box: Box, taken: Sequence[Box], room: Box) -> float:
    """Far more than any distance for every square point that is covered or outside."""
    area = (box.right - box.left) * (box.top - box.bottom)
    return 100 * (sum(box.overlap(other) for other in taken) + area - box.overlap(room))
