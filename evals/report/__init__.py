"""The pages that people read: a run, and two runs beside each other. Self-contained HTML, no network."""

from evals.report.pages import write_comparison, write_report
from evals.report.terminal import table

__all__ = ["table", "write_comparison", "write_report"]
