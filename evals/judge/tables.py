"""The scorecard and the mutation score for a terminal of 100 columns."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from evals.judge.mutation import KindScore
from evals.judge.published import PUBLISHED
from evals.judge.scorecard import SetScore
from evals.statistics import Estimate

AGREEMENT = {"balanced_accuracy": "bal. accuracy", "auroc": "AUROC", "f1": "F1"}
MORE = {
    "balanced_accuracy_at_even": "bal. acc. at .5",
    "kappa": "kappa",
    "calibration_error": "ECE",
    "brier": "Brier",
}
CONTRADICTION = {"auroc": "AUROC", "f1": "F1", "recall": "recall", "precision": "precision"}
OTHER_READINGS = {
    "kinder": ("Where what is true, though the source does not say it, is no fault", AGREEMENT),
    "contradiction": ("Contradiction", CONTRADICTION),
}


def tables(scores: Sequence[SetScore], together: Mapping[str, Estimate], kinds: Sequence[KindScore]) -> Iterator[Table]:
    """One table a section; sections without figures are left out."""
    if scores:
        yield _agreement(scores)
        yield _more(scores)
    for name, (title, figures) in OTHER_READINGS.items():
        if any(score.reading(name) for score in scores):
            yield _reading(scores, name, title, figures)
    published = list(_published(scores, together))
    if published:
        shown = _table("Beside published figures", "set", "figure", "judge", "value", "source")
        for row in published:
            shown.add_row(*row)
        yield shown
    for fault, title, what in ((True, "Faults", "caught"), (False, "Faithful edits", "false alarms")):
        own = [kind for kind in kinds if kind.fault is fault]
        if own:
            yield _kinds(own, f"{title}: {what}", what)


def decimal(figure: Estimate | None) -> str:
    """`.812 .780–.844`, or a dash for none."""
    if figure is None or figure.value is None:
        return "–"
    interval = "" if figure.low is None or figure.high is None else f" {_point(figure.low)}–{_point(figure.high)}"
    return f"{_point(figure.value)}{interval}"


def percent(figure: Estimate) -> str:
    """`97% 92–99`, or a dash for none."""
    if figure.value is None:
        return "–"
    interval = "" if figure.low is None or figure.high is None else f" {100 * figure.low:.0f}–{100 * figure.high:.0f}"
    return f"{100 * figure.value:.0f}%{interval}"


def _point(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1)


def _table(title: str, *columns: str) -> Table:
    shown = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for place, column in enumerate(columns):
        shown.add_column(column, no_wrap=place == 0)
    return shown


def _agreement(scores: Sequence[SetScore]) -> Table:
    shown = _table("Agreement with people", "set", "n", "groups", "supported", *AGREEMENT.values())
    for score in scores:
        figures = score.readings[0].figures
        shown.add_row(
            score.name,
            str(score.n),
            str(score.groups),
            f"{100 * score.supported:.0f}%",
            *(decimal(figures.get(name)) for name in AGREEMENT),
        )
    return shown


def _more(scores: Sequence[SetScore]) -> Table:
    shown = _table("Further figures", "set", *MORE.values(), "unchecked", "ms")
    for score in scores:
        figures = score.readings[0].figures
        shown.add_row(
            score.name,
            *(decimal(figures.get(name)) for name in MORE),
            str(score.unchecked),
            f"{1000 * score.seconds / score.n:.0f}",
        )
    return shown


def _reading(scores: Sequence[SetScore], name: str, title: str, titles: Mapping[str, str]) -> Table:
    shown = _table(title, "set", *titles.values())
    for score in scores:
        reading = score.reading(name)
        if reading:
            shown.add_row(score.name, *(decimal(reading.figures.get(figure)) for figure in titles))
    return shown


def _published(scores: Sequence[SetScore], together: Mapping[str, Estimate]) -> Iterator[tuple[str, ...]]:
    ours = {score.name: score.readings[0].figures for score in scores}
    seen = set()
    for one in PUBLISHED:
        figure = together.get(one.set) or ours.get(one.set, {}).get(one.metric)
        if figure is None:
            continue
        title = AGREEMENT[one.metric]
        if (one.set, one.metric) not in seen:
            seen.add((one.set, one.metric))
            yield one.set, title, "Pincite", decimal(figure), "this run"
        yield one.set, title, one.judge, _point(one.value), one.source


def _kinds(kinds: Sequence[KindScore], title: str, what: str) -> Table:
    shown = _table(title, "kind", "n", what, "if untouched is clear", "untouched", "contradicted")
    for kind in kinds:
        shown.add_row(
            kind.kind,
            str(kind.objected.n),
            percent(kind.objected),
            percent(kind.objected_if_clear),
            percent(kind.untouched_objected),
            percent(kind.contradicted) if kind.fault else "",
        )
    return shown
