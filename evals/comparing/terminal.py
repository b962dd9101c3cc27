"""A comparison on the terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.comparing import Comparison, cases_in
from evals.comparing.differences import Change
from evals.comparing.gate import Outcome, value_text
from evals.measures import Metric

STYLES = {"holds": "green", "fails": "red", "inconclusive": "yellow", "lost": "red", "won": "green"}
FLIPS_SHOWN = 10


def show(comparison: Comparison, console: Console, errors: Console) -> None:
    """Print what a reader must know first (to `errors`), the flipped cases, every metric, and the gates."""
    for note in comparison.notes:
        errors.print(note, style="yellow", markup=False, highlight=False)
    for line in _flip_lines(comparison):
        console.print(line, highlight=False, soft_wrap=True)
    console.print(comparison_table(comparison))
    for outcome in comparison.outcomes:
        console.print(outcome_line(outcome), highlight=False, soft_wrap=True)


def comparison_table(comparison: Comparison) -> Table:
    """A row for each metric, by the name that a gate takes: both values, the difference with its interval, losses and
    gains with their p. It fits in 80 columns."""
    what = "the same cases in both" if comparison.paired else "different cases in each"
    groups = f"{comparison.groups:,} group{'' if comparison.groups == 1 else 's'}"
    title = f"{comparison.a.name} → {comparison.b.name}: {cases_in(comparison.cases)}, {what}, {groups}"
    table = Table(
        title=escape(title),
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.caption = "95% intervals over groups; shares in points; p: exact test"
    for name in ("", "before", "after", "difference", "lost/won", "p", "cases"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for change in comparison.changes:
        table.add_row(*_row(change))
    return table


def outcome_line(outcome: Outcome) -> str:
    """A gate and what it says, with rich's markup."""
    style = STYLES[outcome.state]
    return f"[{style}]{escape(str(outcome.gate))} {outcome.state}[/{style}]: {escape(outcome.message)}"


def difference_text(change: Change) -> str:
    """The difference in the metric's unit with its interval; "–" where there is none."""
    found, metric = change.difference, change.metric
    if found.value is None:
        return "–"
    interval = "" if found.low is None else f" [{_signed(found.low, metric)}, {_signed(found.high or 0.0, metric)}]"
    return _signed(found.value, metric) + interval


def _row(change: Change) -> Iterator[str]:
    metric = change.metric
    yield metric.name
    yield value_text(change.a.value, metric)
    yield value_text(change.b.value, metric)
    difference = escape(difference_text(change))
    least, most = change.least, change.most
    style = "red" if most is not None and most < 0 else "green" if least is not None and least > 0 else ""
    yield f"[{style}]{difference}[/{style}]" if style else difference
    yield "" if change.lost is None else f"{change.lost}/{change.won}"
    yield "" if change.p is None else f"{change.p:.3f}" if change.p >= 0.001 else "<.001"
    yield str(change.difference.n)


def _signed(value: float, metric: Metric) -> str:
    """With its sign; of a share, in points of a hundred."""
    if metric.unit == "share":
        return f"{100 * value:+.1f}"
    return f"{value:+,.0f}" if metric.unit == "tokens" else f"{value:+.3f}"


def _flip_lines(comparison: Comparison) -> Iterator[str]:
    """The cases that flipped, losses first."""
    if comparison.paired:
        yield f"{cases_in(comparison.lost)} lost, {comparison.won} won"
    for flip in comparison.flips[:FLIPS_SHOWN]:
        style, what = STYLES[flip.kind], ", ".join(flip.what)
        question = " ".join(flip.a["question"].split())
        yield f"  [{style}]{flip.kind}[/{style}] {escape(flip.id)}: {escape(what)} – {escape(question)}"
    if len(comparison.flips) > FLIPS_SHOWN:
        yield f"  … and {len(comparison.flips) - FLIPS_SHOWN} more; --html or --junit lists them all"
