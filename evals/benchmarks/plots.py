"""The performance page's plots, from what the benchmarks wrote with `--json`.

    python -m evals.benchmarks.plots RESULTS_DIR docs/

Reads ingest.json, latency.json and retrieval.json; a plot whose figures are not there is skipped. Every number on a
plot, titles included, is computed from these files.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evals.benchmarks.drawing import (
    INK,
    LIGHTER,
    OTHERS,
    OURS,
    STYLE,
    WARM,
    headed,
    horizontals,
    logarithmic,
    margins,
    name_points,
    note,
    save,
)
from evals.benchmarks.tried import ALONE

GOALS = ((5_000, 15), (100_000, 25), (1_000_000, 60))
"""Passages, and milliseconds that searching among them may take at the median."""
SETS = {"nq": "Natural Questions + CLAPNQ", "scifact": "SciFact"}
TICKS = [step * 10.0**power for power in range(-1, 5) for step in (1, 2, 5)]

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """One way of finding on one set."""

    label: str
    milliseconds: float | None
    """None for a way that no search goes by itself."""
    value: float
    low: float
    high: float
    ours: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="folder of ingest.json, latency.json and retrieval.json")
    parser.add_argument("out", type=Path, help="folder for the PNG files")
    given = parser.parse_args()
    for line in draw(given.results, given.out):
        print(line)


def draw(results: Path, out: Path) -> list[str]:
    """Write the plots that there are figures for; one line on each."""
    ingest, sizes, ways = (_read(results / f"{name}.json") for name in ("ingest", "latency", "retrieval"))
    plots: dict[str, tuple[str, object, Callable[[], Figure]]] = {
        "throughput": ("ingest.json", _done(ingest), lambda: throughput(ingest)),
        "latency": ("latency.json", sizes.get("sizes"), lambda: latency(sizes)),
        "quality": ("ingest.json, retrieval.json", _timed(points(ingest, ways, "nq")), lambda: quality(ingest, ways)),
    }
    out.mkdir(parents=True, exist_ok=True)
    said = []
    for name, (needs, figures, plot) in plots.items():
        path = out / f"{name}.png"
        if not figures:
            said.append(f"{path.name} skipped: {results} has no figures for it ({needs})")
            continue
        with mpl.rc_context(STYLE):
            save(plot(), path)
        said.append(f"{path} written, {path.stat().st_size / 1000:.0f} kB")
    return said


def _read(path: Path) -> Figures:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _done(ingest: Figures) -> list[Figures]:
    return [row for row in ingest.get("systems", []) if "error" not in row]


def throughput(ingest: Figures) -> Figure:
    """Two bars a system: text that the encoder read, and documents, per second."""
    rows = sorted(_done(ingest), key=lambda row: float(row["embedded_mb_s"]))
    one = ingest["sets"]["scifact"]
    under = (
        f"{one['documents']:,} SciFact abstracts, {one['megabytes']:.1f} MB, on {ingest['machine']['cores']} cores."
        " Dark: text that the encoder really read, overlaps included. Light: the documents."
    )
    height = 1.15 + 0.66 * len(rows)
    figure = headed(height, _throughput_finding(rows), under)
    axes = figure.subplots()
    margins(figure, left=1.75, right=0.2, top=0.85, bottom=0.15)
    for at, row in enumerate(rows):
        colour, weight = (OURS, "bold") if _ours(row) else (OTHERS, "normal")
        ratio = f"   {row['ratios']['embedded_mb_s']:.1f}×" if "ratios" in row else ""
        _bar(axes, 1000 * row["embedded_mb_s"], at + 0.19, colour, ratio, weight)
        _bar(axes, 1000 * row["document_mb_s"], at - 0.19, LIGHTER[colour], "", "normal")
    axes.set_yticks(range(len(rows)), [row["system"] for row in rows], fontsize=11)
    axes.set_xticks([])
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.set_xlim(0, 1.2 * max(1000 * max(row["embedded_mb_s"], row["document_mb_s"]) for row in rows))
    axes.set_ylim(-0.5, len(rows) - 0.5)
    return figure


def _bar(axes: Axes, speed: float, at: float, colour: str, ratio: str, weight: str) -> None:
    axes.barh(at, speed, height=0.34, color=colour)
    note(axes, f"{_short(speed)} kB/s{ratio}", (speed, at), (6, 0), va="center", fontweight=weight)


def _throughput_finding(rows: Sequence[Figures]) -> str:
    ours = [row for row in rows if _ours(row) and "ratios" in row]
    if not ours:
        return f"{rows[-1]['system']} embeds the most text per second"
    names = " and ".join(row["system"].removeprefix("Pincite ") for row in ours)
    times = " and ".join(f"{row['ratios']['embedded_mb_s']:.1f}" for row in ours)
    return f"Pincite with {names} embeds {times} times as much text a second as LangChain"


def latency(latencies: Figures) -> Figure:
    """Median and 95th percentile of a search by the number of passages, with the goals for the median."""
    sizes = sorted(latencies["sizes"], key=lambda one: int(one["passages"]))
    passages = [one["passages"] for one in sizes]
    medians = [one["search_ms"]["p50"] for one in sizes]
    title = f"A typical search takes {_short(medians[0])} ms among {_count(passages[0])} passages"
    if len(sizes) > 1:
        title += f" and {_short(medians[-1])} ms among {_count(passages[-1])}"
    figure = headed(4.6, title, "Milliseconds of a search without reranking, by the number of passages in the library")
    axes = figure.subplots()
    margins(figure, left=0.6, right=1.25, top=0.95, bottom=0.4)
    slow = [one["search_ms"]["p95"] for one in sizes]
    for times, colour, ink, label, rise in (
        (slow, LIGHTER[OURS], INK, "95th percentile", 8),
        (medians, OURS, OURS, "median", -17),
    ):
        axes.plot(passages, times, color=colour, linewidth=2.4, marker="o", markersize=7, zorder=3)
        for at in zip(passages, times, strict=True):
            note(axes, _short(at[1]), at, (0, rise), ha="center", color=ink)
        note(axes, label, (passages[-1], times[-1]), (13, 0), va="center", color=ink)
    for size, goal in GOALS:
        axes.plot([size / 1.3, size * 1.3], [goal, goal], color=WARM, linewidth=1.6, linestyle=(0, (3, 2)), zorder=2)
        note(axes, f"goal {goal}", (size / 1.3, goal), (-4, 0), ha="right", va="center", color=WARM)
    unmeasured = [size for size, _ in GOALS if all(max(size / one, one / size) > 1.2 for one in passages)]
    shown = sorted({_about(size) for size in (*passages, *unmeasured)})
    logarithmic(axes, shown[0] / 2.2, shown[-1] * 1.5, shown, _count)
    axes.set_ylim(0, 1.15 * max([*slow, *(goal for _, goal in GOALS)]))
    horizontals(axes)
    return figure


def quality(ingest: Figures, ways: Figures) -> Figure:
    """nDCG@10 against milliseconds per question: Pincite's ways and the other systems, one panel per set."""
    panels = {name: found for name in SETS if _timed(found := points(ingest, ways, name))}
    first = next(iter(panels))
    best = max(_timed(panels[first]), key=lambda point: point.value)
    whose = "Pincite, " if best.ours else ""
    title = f"Best on {SETS[first]}: {whose}{best.label}, {best.value:.3f} in {_short(best.milliseconds or 0)} ms"
    under = (
        "nDCG@10 by milliseconds per question, 95% intervals. Blue: Pincite. Orange: other systems."
        " Hollow: one way alone, untimed, on all questions."
    )
    figure = headed(5.4, title, under)
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    margins(figure, left=0.6, right=0.15, top=1.2, bottom=0.55)
    figure.subplots_adjust(wspace=0.14)
    for panel, (name, found) in zip(axes, panels.items(), strict=True):
        size = ingest.get("sets", {}).get(name, {}).get("documents")
        panel.set_title(SETS[name] + (f", {size:,} documents" if size else ""))
        panel.set_xlabel("milliseconds per question")
        _scatter(panel, found)
    return figure


def points(ingest: Figures, ways: Figures, name: str) -> list[Point]:
    """What is comparable on one set: the systems side by side, on the same questions, and Pincite's single ways.

    The retrieval benchmark's figures are taken where it searched as many documents; its timed ways only where Pincite
    was not measured side by side.
    """
    found = []
    for row in _done(ingest):
        for way in row["ways"]:
            label = f"{row['system'].removeprefix('Pincite ')} {way['way']}" if _ours(row) else row["system"]
            if (figure := way["ndcg"].get(name)) and figure[0] is not None:
                found.append(_point(label, way["search_ms"], figure, _ours(row)))
    beside = any(point.ours for point in found)
    searched, read = (figures.get("sets", {}).get(name, {}) for figures in (ingest, ways))
    if searched and searched["documents"] != read.get("documents"):
        return found
    rows = [row for row in read.get("rows", []) if row["ndcg"][0] is not None]
    rows = [row for row in rows if row["way"] in ALONE or (row.get("ms") and not beside)]
    alike = Counter((row["way"], *row["ndcg"]) for row in rows)
    labels = {
        row["way"] if alike[row["way"], *row["ndcg"]] > 1 else f"{row['embedder']} {row['way']}": row for row in rows
    }
    return found + [_point(label, row.get("ms"), row["ndcg"], True) for label, row in labels.items()]


def _point(label: str, milliseconds: float | None, figure: Sequence[float | None], ours: bool) -> Point:
    """A single group of questions has no interval: its line has no length."""
    value, low, high = (float(figure[0] or 0) if one is None else one for one in figure)
    return Point(label, milliseconds, value, low, high, ours)


def _timed(found: Sequence[Point]) -> list[Point]:
    return [point for point in found if point.milliseconds]


def _scatter(axes: Axes, found: Sequence[Point]) -> None:
    times = [point.milliseconds for point in found if point.milliseconds]
    left = min(times) / (2.5 if len(times) == len(found) else 6)
    logarithmic(axes, left, max(times) * 2, TICKS, lambda value: f"{value:g}")
    named = []
    for point in found:
        colour, at = OURS if point.ours else WARM, point.milliseconds or left * 1.1
        shape, filled = "o" if point.ours else "D", colour if point.milliseconds else "white"
        axes.plot([at] * 2, [point.low, point.high], color=colour, linewidth=1, alpha=0.25)
        axes.plot(at, point.value, shape, color=colour, markerfacecolor=filled, markersize=6.5, zorder=3)
        named.append((point.label, at, point.value, colour))
    low, high = min(point.low for point in found), max(point.high for point in found)
    margin = 0.07 * (high - low) or 0.01
    axes.set_ylim(low - margin, high + margin)
    horizontals(axes)
    name_points(axes, named)


def _ours(row: Figures) -> bool:
    return str(row["system"]).startswith("Pincite")


def _short(value: float) -> str:
    return f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"


def _about(value: float) -> float:
    """Two digits: a library of 5,012 passages stands for one of 5,000."""
    return float(f"{value:.2g}")


def _count(value: float) -> str:
    about = _about(value)
    return f"{about / 1_000_000:g} million" if about >= 1_000_000 else f"{about:,.0f}"


if __name__ == "__main__":
    main()
