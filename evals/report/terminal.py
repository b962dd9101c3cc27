"""The figures of a run for the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from evals.measures import METRICS
from evals.report.wording import amount, interval


def table(summary: Mapping[str, Any]) -> Table:
    """Every metric that metrics.json has, with its interval; the errors apart."""
    shown = Table("metric", "value", "95% interval", "n", title_justify="left", box=None, pad_edge=False)
    for metric in METRICS:
        figures = summary["metrics"].get(metric.name)
        if figures:
            value, between = amount(figures["value"], metric.unit), interval(figures, metric.unit)
            shown.add_row(metric.title, value, between, f"{figures['n']:,}")
    if summary["errors"]:
        shown.add_row("Errors", str(len(summary["errors"])), "", f"{summary['cases']:,}", style="red")
    return shown
