"""Figures as people read them. None is a dash, never 0."""

from collections.abc import Mapping
from typing import Any

from evals.measures import Metric, Unit

NONE = "–"
MINUS = "\u2212"


def share(value: float | None) -> str:
    """0..1 as a percentage with one decimal, or a dash for none."""
    return NONE if value is None else f"{100 * value:.1f}%".replace(".0%", "%")


def duration(seconds: float | None) -> str:
    """Whole milliseconds, or seconds from ten on, or a dash for none."""
    if seconds is None:
        return NONE
    return f"{seconds:,.1f} s" if seconds >= 10 else f"{1000 * seconds:,.0f} ms"


def amount(value: float | None, unit: Unit) -> str:
    """A figure in its unit, or a dash for none."""
    if value is None:
        return NONE
    match unit:
        case "share":
            return share(value)
        case "score":
            return f"{value:.3f}"
        case "seconds":
            return duration(value)
        case "tokens":
            return f"{value:,.0f}"


def interval(figures: Mapping[str, Any], unit: Unit = "share") -> str:
    """`83–97%`, or nothing where there is no interval."""
    low, high = figures["low"], figures["high"]
    if low is None or high is None:
        return ""
    if unit == "share":
        return f"{100 * low:.0f}–{100 * high:.0f}%"
    return f"{amount(low, unit)} – {amount(high, unit)}"


def change(value: float | None, unit: Unit) -> str:
    """A difference with its sign: `+2.1 points` for shares, or a dash for none."""
    if value is None:
        return NONE
    sign = MINUS if value < 0 else "+" if value > 0 else ""
    if unit == "share":
        return f"{sign}{abs(100 * value):.1f}"
    return f"{sign}{amount(abs(value), unit)}"


def change_interval(low: float | None, high: float | None, unit: Unit) -> str:
    """`−5.0 to +0.8`, or nothing where there is no interval."""
    return "" if low is None or high is None else f"{change(low, unit)} to {change(high, unit)}"


def of(figures: Mapping[str, Any], metric: Metric) -> str:
    """`6 of 7` for the few questions of a tag, the mean where the metric does not count questions, or a dash."""
    if not figures["n"]:
        return NONE
    if not metric.yes_no:
        return amount(figures["value"], metric.unit)
    return f"{figures['value'] * figures['n']:.0f} of {figures['n']}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 question`, `2 questions`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
