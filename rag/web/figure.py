"""The map of a library as a plotly figure. plotly is imported when the first map is drawn."""

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.types import Passage
from rag.unseen import visible
from rag.web import words
from rag.web.atlas import COLOURED, Atlas, Place
from rag.web.markup import excerpt

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHAPES = (
    ("circle", "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z"),
    ("square", "M3.5 3.5h9v9h-9z"),
    ("diamond", "M8 2l6 6l-6 6l-6-6z"),
    ("cross", "M6 2h4v4h4v4h-4v4H6v-4H2V6h4z"),
    ("triangle-up", "M8 2.5l6 10.5H2z"),
    ("triangle-down", "M8 13.5L2 3h12z"),
    ("star", "M8 1.5l1.8 4.4l4.7.4l-3.6 3.1l1.1 4.6L8 11.5L4 14l1.1-4.6L1.5 6.3l4.7-.4z"),
    ("x", "M4 2l4 4l4-4l2 2l-4 4l4 4l-2 2l-4-4l-4 4l-2-2l4-4l-4-4z"),
)
"""The shape of each of the coloured documents: plotly's name, and the same as a path of 16 by 16."""
EDGE = 1.08
"""How far the whole map reaches: room for marks and labels at the rim."""
EXCERPT = 150
"""Characters of a passage shown beside the pointer."""
LABEL = 30
"""Characters of a label, at most."""
APART = 0.075
"""Labels stand at least so far from each other, of the map's height 2."""
RIM = 0.45
"""From here on labels run inwards."""
LETTER = 0.026
"""The width of a letter of a label on the same scale, about, where the map is narrow."""


def figure(atlas: Atlas) -> "go.Figure":
    """Each passage a mark: the largest documents in a colour and shape of their own, the others in a quiet one.

    Colours come from the page's style, by each trace's `meta`: the number of its colour, 0 for the others. What a mark
    stands for is in its `customdata`: the passage's id, the title, where it stands, and its first words.
    """
    import plotly.graph_objects as go

    owner = {number: slot for slot, one in enumerate(atlas.places[:COLOURED], 1) for number in one.dots}
    groups: list[list[int]] = [[] for _ in range(len(atlas.places[:COLOURED]) + 1)]
    for number in range(len(atlas.passages)):
        groups[owner.get(number, 0)].append(number)
    traces = [_marks(atlas, numbers, slot) for slot, numbers in enumerate(groups) if numbers]
    hidden: dict[str, Any] = {"visible": False, "range": [-EDGE, EDGE]}
    layout = go.Layout(
        template="none",
        showlegend=False,
        hovermode="closest",
        hoverdistance=12,
        dragmode="pan",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis=hidden,
        yaxis={**hidden, "scaleanchor": "x"},
        annotations=_labels(atlas),
    )
    return go.Figure(traces, layout)


def told(passage: Passage, longest: int = EXCERPT) -> tuple[str, str, str, str]:
    """What stands beside the pointer: the passage's id, its title, where it stands, and its first words."""
    page = words.PAGE.format(number=passage.page_first) if passage.page_first else ""
    where = " · ".join(part for part in (words.name(passage.source), page) if part)
    return passage.id, visible(passage.title), visible(where), visible(excerpt(passage.text, passage.source, longest))


def _marks(atlas: Atlas, numbers: list[int], slot: int) -> "go.Scatter":
    import plotly.graph_objects as go

    crowd = len(atlas.passages)
    size = 11 if crowd < 100 else 9 if crowd < 1000 else 6
    return go.Scatter(
        x=_rounded(atlas.positions[numbers, 0]),
        y=_rounded(atlas.positions[numbers, 1]),
        customdata=[told(atlas.passages[number]) for number in numbers],
        mode="markers",
        marker={
            "symbol": SHAPES[slot - 1][0] if slot else "circle",
            "size": size if slot else size - 1,
            "opacity": 0.85 if slot else 0.6,
        },
        meta=slot,
        hoverinfo="none",
    )


def _labels(atlas: Atlas) -> list[dict[str, Any]]:
    """The documents' titles at their most central passages, or what the regions speak of; none upon another."""
    wanted = [(" · ".join(one.told), one.x, one.y) for one in atlas.regions]
    wanted = wanted or [(one.title, *_centre(atlas, one)) for one in atlas.places[:COLOURED]]
    shown: list[_Label] = []
    for text, x, y in wanted:
        label = _Label(_short(visible(text)), x, y)
        if not any(label.touches(other) for other in shown):
            shown.append(label)
    return [
        {"x": one.x, "y": one.y, "text": html.escape(one.text), "showarrow": False, "yshift": 14, "xanchor": one.side}
        for one in shown
    ]


@dataclass(frozen=True, slots=True)
class _Label:
    text: str
    x: float
    y: float

    @property
    def side(self) -> str:
        """The side of the text that stands at its place: near the rim it runs inwards."""
        return "right" if self.x > RIM else "left" if self.x < -RIM else "center"

    @property
    def left(self) -> float:
        width = len(self.text) * LETTER
        return self.x - {"left": 0.0, "center": width / 2, "right": width}[self.side]

    def touches(self, other: "_Label") -> bool:
        """Whether the two would stand upon each other."""
        apart = self.left > other.left + len(other.text) * LETTER or other.left > self.left + len(self.text) * LETTER
        return not apart and abs(self.y - other.y) <= APART


def _centre(atlas: Atlas, one: Place) -> tuple[float, float]:
    """Where the passage lies that is nearest to the middle of the document's."""
    positions = atlas.positions[list(one.dots)]
    distances = ((positions - np.median(positions, axis=0)) ** 2).sum(axis=1)
    x, y = positions[int(distances.argmin())]
    return float(x), float(y)


def _short(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 4) for value in values]
