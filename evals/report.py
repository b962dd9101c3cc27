"""A run as one self-contained page: no network, no script, every text escaped."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.table import Table

from evals.scoring import METRICS

TEMPLATE = "report.template.html"
TAG_METRICS = ("answer_found", "decision_right", "citations_exact", "hit_5")
STAGES = {"search": "Search", "read": "Read", "verify": "Verify", "total": "All of it"}
NEAREST = 3
"""Passages found that a failed case shows."""


def write_report(
    path: Path, about: Mapping[str, Any], summary: Mapping[str, Any], records: Sequence[Mapping[str, Any]]
) -> None:
    """Write the page for `records`, what failed first."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"share": share, "of": of, "interval": interval, "milliseconds": milliseconds}
    ordered = sorted(records, key=_rank)
    page = environment.get_template(TEMPLATE).render(
        about=about,
        summary=summary,
        metrics=METRICS,
        named={metric.name: metric for metric in METRICS},
        tag_metrics=TAG_METRICS,
        stages={name: title for name, title in STAGES.items() if name in summary["seconds"]},
        cases=[_view(record) for record in ordered],
        failed=sum(_rank(record) < PASSED for record in records),
    )
    path.write_text(page, encoding="utf-8")


def table(summary: Mapping[str, Any]) -> Table:
    """The figures for the terminal."""
    shown = Table("metric", "value", "95% interval", "n", title_justify="left", box=None, pad_edge=False)
    for metric in METRICS:
        figures = summary["metrics"][metric.name]
        shown.add_row(metric.title, share(figures["value"]), interval(figures), str(figures["n"]))
    if summary["errors"]:
        shown.add_row("Errors", str(len(summary["errors"])), "", str(summary["cases"]), style="red")
    return shown


def share(value: float | None) -> str:
    """A share as a percentage with one decimal, or a dash for none."""
    return "–" if value is None else f"{100 * value:.1f}%".replace(".0%", "%")


def of(figures: Mapping[str, Any]) -> str:
    """`6 of 7`, for the few questions of a tag, or a dash for none."""
    return f"{figures['value'] * figures['n']:.3g} of {figures['n']}" if figures["n"] else "–"


def interval(figures: Mapping[str, Any]) -> str:
    """`83–97%`, or nothing where there is no interval."""
    if figures["low"] is None:
        return ""
    return f"{100 * figures['low']:.0f}–{100 * figures['high']:.0f}%"


def milliseconds(seconds: float | None) -> str:
    """Seconds as whole milliseconds, or as seconds from ten on."""
    if seconds is None:
        return "–"
    return f"{seconds:.1f} s" if seconds >= 10 else f"{1000 * seconds:,.0f} ms"


PASSED = 2


def _rank(record: Mapping[str, Any]) -> int:
    """0 for an error, 1 for a failed check, `PASSED` where all is well."""
    return 0 if record["error"] is not None else 1 if record["failed"] else PASSED


def _view(record: Mapping[str, Any]) -> dict[str, Any]:
    answer = record["answer"]
    kept = answer is not None and answer["status"] == "answered"
    return {
        **record,
        "state": ("error", "failed", "passed")[_rank(record)],
        "outcome": "error" if answer is None else "answered" if kept else "abstained",
        "parts": list(_parts(answer)) if kept else [],
        "nearest": answer["evidence"][:NEAREST] if answer and record["failed"] else [],
        "quotes": [{**shown, "name": _name(shown)} for shown in record["shown"]],
    }


def _name(shown: Mapping[str, Any]) -> str:
    """The file's name, or nothing where the title is made from it."""
    path = Path(shown["source"])
    return "" if path.stem == shown["title"] else path.name


def _parts(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The answer's sentences with their marks, in the order they are read."""
    for sentence in answer["sentences"]:
        label = sentence["verdict"]["label"]
        yield {
            "text": sentence["text"],
            "marks": sentence["citations"],
            "label": "" if label in ("supported", "unchecked") else label,
        }
