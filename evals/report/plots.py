"""Plots as inline SVG: numbers in, markup out. Colours come from the page's style, by class.

Bars and intervals are placed in per cent, so that they fill whatever width they get and their text keeps its size;
the two curves have a fixed frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from markupsafe import Markup, escape

from evals.report.wording import share

WIDTH, HEIGHT = 420, 316
LEFT, RIGHT, TOP, BOTTOM = 46, 398, 14, 266
MOST_POINTS = 240
"""Of a curve: more than there are pixels tell nobody more."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a plot, both 0..1, and the answers that it stands for."""

    x: float
    y: float
    n: int = 1


def scale(value: float | None, low: float | None = None, high: float | None = None) -> Markup:
    """A value between 0 and 1 on a track, its interval as a band. Nothing for no value."""
    if value is None:
        return Markup("")
    band = "" if low is None or high is None else _rect("band", 100 * low, 100 * (high - low), 3, 6, round_=3)
    pin = Markup(
        '<svg x="{}%" overflow="visible"><rect class="pin" x="-1.5" y="0" width="3" height="12" rx="1.5"/></svg>'
    )
    return Markup('<svg class="scale" aria-hidden="true" focusable="false">{}{}{}</svg>').format(
        _rect("track", 0, 100, 3, 6, round_=3), band, pin.format(_number(100 * value))
    )


def step(total: int, start: int, end: int, kind: str) -> Markup:
    """One bar of a waterfall, from `start` to `end` of `total`, with a line to the bars above and below."""
    unit = 100 / total
    line = Markup('<line class="join" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>')
    above = line.format(_number(unit * end), 0, 5) if kind != "all" else ""
    below = line.format(_number(unit * (start if kind == "lost" else end)), 23, 28) if kind != "kept" else ""
    bar = _rect(f"bar {kind}", unit * start, unit * (end - start), 5, 18, round_=3) if end > start else ""
    return Markup('<svg class="step" aria-hidden="true" focusable="false">{}{}{}</svg>').format(above, below, bar)


def difference(
    value: float | None, low: float | None, high: float | None, reach: float, margin: float | None, kind: str
) -> Markup:
    """A difference and its interval around 0, on an axis from `-reach` to `reach`; `margin` is drawn where it lies.

    `kind` names the colour. What goes beyond the axis ends in an arrow.
    """
    if value is None:
        return Markup("")

    def place(at: float) -> float:
        return 50 + 50 * max(-1.0, min(1.0, at / reach))

    parts = [Markup('<line class="zero" x1="50%" x2="50%" y1="0" y2="24"/>')]
    if margin is not None and abs(margin) <= reach:
        parts.append(Markup('<line class="margin" x1="{0}%" x2="{0}%" y1="1" y2="23"/>').format(_number(place(margin))))
    if low is not None and high is not None:
        parts.append(_rect(f"reach {kind}", place(low), place(high) - place(low), 9, 6, round_=3))
    ends = [end for end in (low, high, value) if end is not None]
    parts += [_arrow(kind, "0%", "0,12 8,6 8,18")] * (min(ends) < -reach)
    parts += [_arrow(kind, "100%", "0,12 -8,6 -8,18")] * (max(ends) > reach)
    if abs(value) <= reach:
        parts.append(
            Markup('<circle class="{}" cx="{}%" cy="12" r="4.5"/>').format(f"point {kind}", _number(place(value)))
        )
    return Markup('<svg class="difference" aria-hidden="true" focusable="false">{}</svg>').format(
        Markup("").join(parts)
    )


def risk_coverage(points: Sequence[Point], now: Point | None, told: str) -> Markup:
    """The share that is wrong (y) among the surest answers, by the share of questions that these are (x).

    `now` is where the threshold in use stands; `told` says the plot in words for those who do not see it.
    """
    highest = _ceiling([point.y for point in points])
    thin = _thinned(points)
    line = " ".join(f"{_across(point.x)},{_up(point.y / highest)}" for point in thin)
    area = f"{_across(thin[0].x)},{BOTTOM} {line} {_across(thin[-1].x)},{BOTTOM}"
    marked = Markup("")
    if now:
        x, y = _across(now.x), _up(now.y / highest)
        marked = _vertical(x) + Markup('<circle class="now" cx="{}" cy="{}" r="5.5"/>').format(x, y)
    return _frame(
        told,
        [
            _grid(highest),
            Markup('<polygon class="area" points="{}"/><polyline class="curve" points="{}"/>').format(area, line),
            marked,
            _labels("questions answered, the surest first", highest),
        ],
    )


def reliability(points: Sequence[Point], threshold: float | None, told: str) -> Markup:
    """The share that is right (y) by the mean confidence of a bin (x); the area of a dot grows with its answers."""
    most = max(point.n for point in points)
    dots = Markup("").join(
        Markup('<circle class="dot" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
            _across(point.x), _up(point.y), _number(3 + 9 * sqrt(point.n / most)), _bin(point)
        )
        for point in points
    )
    parts = [
        _grid(1.0),
        Markup('<line class="diagonal" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(LEFT, BOTTOM, RIGHT, TOP),
        Markup("") if threshold is None else _vertical(_across(threshold)),
        dots,
        _labels("how sure the answer was", 1.0),
    ]
    return _frame(told, parts)


def _bin(point: Point) -> str:
    return f"{point.n} with a confidence of {share(point.x)} on average: {share(point.y)} right"


def _frame(told: str, parts: Sequence[Markup]) -> Markup:
    return Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, told, Markup("").join(parts)
    )


def _grid(highest: float) -> Markup:
    line = Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>')
    return Markup("").join(line.format(LEFT, RIGHT, _up(at / 4), _up(at / 4)) for at in range(5))


def _labels(below: str, highest: float) -> Markup:
    text = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
    shown = [text.format(LEFT - 8, _number(_up(at / 4) + 4.5), "end", share(highest * at / 4)) for at in range(5)]
    shown += [text.format(_across(at / 4), BOTTOM + 20, "middle", share(at / 4)) for at in range(5)]
    shown.append(text.format((LEFT + RIGHT) // 2, BOTTOM + 43, "middle", below))
    return Markup("").join(shown)


def _vertical(x: float) -> Markup:
    return Markup('<line class="threshold" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(x, TOP, BOTTOM)


def _arrow(kind: str, x: str, points: str) -> Markup:
    return Markup('<svg x="{}" overflow="visible"><polygon class="beyond {}" points="{}"/></svg>').format(
        x, kind, points
    )


def _rect(kind: str, x: float, width: float, y: int, height: int, round_: int) -> Markup:
    """A bar placed in per cent; a narrow one is still seen."""
    return Markup('<rect class="{}" x="{}%" width="{}%" y="{}" height="{}" rx="{}"/>').format(
        escape(kind), _number(min(x, 99.4)), _number(max(width, 0.6)), y, height, round_
    )


def _across(share_: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * share_, 1)


def _up(share_: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share_, 1)


def _ceiling(values: Sequence[float]) -> float:
    """The end of an axis that four steps divide evenly: 20, 40, 60, 80 or 100 per cent."""
    return min(1.0, max(0.2, ceil(max(values) * 5 - 1e-9) / 5))


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """At most `MOST_POINTS` of them, the first and the last among them."""
    if len(points) <= MOST_POINTS:
        return points
    return [points[round(at * (len(points) - 1) / (MOST_POINTS - 1))] for at in range(MOST_POINTS)]


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
