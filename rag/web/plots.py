"""Figures of evaluation runs over time: one small drawing for each figure and file of cases."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import quote

from rag.web import words
from rag.web.markup import esc
from rag.web.runs import HEADLINES, REPORT, Figure, RunRow

POINTS = 24
"""Runs that a drawing shows at most, the newest."""
HEIGHT = 84
"""Of a drawing, in pixels; its width is that of its column."""
_EDGE = 5.0
"""Per cent of the width that stay free on either side, so that no mark is cut off."""

Point = tuple[RunRow, Figure]


def over_time(rows: Sequence[RunRow]) -> str:
    """A section for each file of cases that has two finished runs or more, the one measured last first."""
    runs_of: dict[str, list[RunRow]] = {}
    for row in rows:
        if row.state == "finished" and row.figures:
            runs_of.setdefault(row.cases or row.name, []).append(row)
    shown = "".join(_section(name, found[:POINTS]) for name, found in runs_of.items() if len(found) > 1)
    if not shown:
        return ""
    more = f'<p class="aside">{words.PLOTS_MORE}</p>'
    return f'<section class="room trends"><h2 class="eyebrow">{words.PLOTS}</h2>{more}{shown}</section>'


def _section(name: str, newest_first: Sequence[RunRow]) -> str:
    rows = newest_first[::-1]
    drawn = "".join(_figure(figure, rows) for figure in HEADLINES)
    return f'<h3>{esc(name)}</h3><div class="trend-row">{drawn}</div>'


def _figure(name: str, rows: Sequence[RunRow]) -> str:
    """One figure: its name, its newest value, the drawing, and the same in words for who does not see it."""
    points = [(row, next((one for one in row.figures if one.name == name), None)) for row in rows]
    there = [(row, figure) for row, figure in points if figure is not None]
    title = words.FIGURES[name]
    if not there:
        return f'<figure class="trend"><figcaption>{title}<b>–</b></figcaption></figure>'
    at = {row.name: _across(index, len(rows)) for index, row in enumerate(rows)}
    told = words.PLOT_TOLD.format(
        figure=title, count=words.count(len(there), "run"), first=words.share(there[0][1].value),
        last=words.share(there[-1][1].value), low=words.share(min(one.value for _, one in there)),
        high=words.share(max(one.value for _, one in there)),
    )  # fmt: skip
    grid = "".join(f'<line class="grid" x1="0" x2="100%" y1="{_down(y)}" y2="{_down(y)}"/>' for y in (0, 0.5, 1))
    marks = "".join(_joined(there, at)) + "".join(_mark(row, figure, at[row.name]) for row, figure in there)
    return (
        f'<figure class="trend"><figcaption>{title}<b>{words.share(there[-1][1].value)}</b>'
        f'<span class="unseen-words">{esc(told)}</span></figcaption>'
        f'<div class="drawing" aria-hidden="true"><span class="top">100%</span><span class="bottom">0</span>'
        f'<svg width="100%" height="{HEIGHT}" focusable="false">{grid}{marks}</svg>'
        f'<span class="first">{words.short_day(rows[0].made_at, rows[-1].made_at)}</span>'
        f'<span class="last">{words.short_day(rows[-1].made_at)}'
        "</span></div></figure>"
    )


def _joined(points: Sequence[Point], at: dict[str, float]) -> Iterator[str]:
    """Lines between neighbours that were asked the same of the same documents and judged alike."""
    for (before, first), (after, second) in pairwise(points):
        if before.measure and before.measure == after.measure:
            yield (
                f'<line class="line" x1="{at[before.name]:.2f}%" y1="{_down(first.value)}"'
                f' x2="{at[after.name]:.2f}%" y2="{_down(second.value)}"/>'
            )


def _mark(row: RunRow, figure: Figure, x: float) -> str:
    """A point with its interval, which leads to the report."""
    span = ""
    if figure.low is not None and figure.high is not None:
        span = f'<line class="span" x1="{x:.2f}%" x2="{x:.2f}%" y1="{_down(figure.low)}" y2="{_down(figure.high)}"/>'
    between = f", {100 * figure.low:.0f}–{100 * figure.high:.0f}%" if figure.low is not None and figure.high else ""
    title = f"{row.name}: {words.share(figure.value)}{between}, {words.moment(row.made_at)}"
    point = f'{span}<circle class="point" cx="{x:.2f}%" cy="{_down(figure.value)}" r="3.5"/>'
    if REPORT not in row.pages:
        return f"<g><title>{esc(title)}</title>{point}</g>"
    return (
        f'<a href="runs/{quote(row.name, safe="")}/{REPORT}" target="_blank" rel="noopener external" tabindex="-1">'
        f'<title>{esc(title)}</title><circle class="reach" cx="{x:.2f}%" cy="{_down(figure.value)}" r="12"/>{point}</a>'
    )


def _across(index: int, count: int) -> float:
    """Where the run stands, in per cent of the width: one beside the other, however much time lies between."""
    return _EDGE + (100 - 2 * _EDGE) * (index / (count - 1) if count > 1 else 0.5)


def _down(value: float) -> str:
    """How far down a share stands, in pixels."""
    return f"{4 + (HEIGHT - 8) * (1 - value):.1f}"
