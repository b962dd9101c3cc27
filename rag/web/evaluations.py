"""The room of evaluations: which runs there are, their figures at a glance, and the way to their reports."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from rag.web import words
from rag.web.markup import esc, icon
from rag.web.runs import HEADLINES, REPORT, Figure, RunRow


def evaluations(rows: Sequence[RunRow], total: int, folder: Path) -> str:
    """The list of runs, newest first, or how to make the first one."""
    if not rows:
        return (
            f'<section class="room"><p class="lead">{words.NO_RUNS}</p><p>{words.NO_RUNS_MORE}</p>'
            f'<pre class="command"><code>{esc(words.FIRST_RUN)}</code></pre>'
            f'<div class="where">{words.RUNS_IN.format(folder=esc(str(folder.resolve())))}</div></section>'
        )
    older = f'<p class="aside">{words.OLDER_RUNS.format(count=total - len(rows))}</p>' if total > len(rows) else ""
    return (
        f'<section class="room"><h2 class="eyebrow">{words.RUNS}<span class="tally">{words.count(total, "run")}</span>'
        f'</h2><ul class="runs">{"".join(map(_row, rows))}</ul>{older}</section>'
    )


def _row(row: RunRow) -> str:
    title = esc(row.cases or row.name)
    return (
        f'<li class="run run--{row.state}"><div class="head"><div><h3>{title}</h3>'
        f'<p class="where">{"".join(f"<span>{esc(fact)}</span>" for fact in _facts(row))}</p></div>'
        f"{_ways(row)}</div>{_state(row)}{_figures(row.figures)}</li>"
    )


def _facts(row: RunRow) -> list[str]:
    facts = [row.name if row.cases else "", words.moment(row.made_at)]
    if row.state == "finished":
        facts.append(words.count(row.count or 0, "case"))
        facts.append(words.RUN_ERRORS.format(count=words.count(row.errors, "error")) if row.errors else "")
    return [fact for fact in facts if fact]


def _state(row: RunRow) -> str:
    if row.state == "damaged":
        return f'<p class="state">{icon("fault")} {words.RUN_DAMAGED}</p>'
    if row.state == "unfinished":
        told = words.RUN_UNFINISHED if row.count is None else words.RUN_UNFINISHED_OF
        if row.count and row.done >= row.count:
            told = words.RUN_UNCOUNTED
        return f'<p class="state">{told.format(done=f"{row.done:,}", count=f"{row.count or 0:,}")}</p>'
    return ""


def _ways(row: RunRow) -> str:
    links = "".join(
        f'<a class="quiet" href="runs/{quote(row.name, safe="")}/{quote(page, safe="")}" target="_blank"'
        f' rel="noopener external" aria-label="{esc(words.OPEN_LABEL.format(page=_called(page), name=row.name))}">'
        f"{esc(_called(page))}{icon('out')}</a>"
        for page in row.pages
    )
    return f'<div class="out">{links}</div>' if links else ""


def _called(page: str) -> str:
    return words.OPEN_REPORT if page == REPORT else page.removesuffix(".html")


def _figures(figures: Sequence[Figure]) -> str:
    if not figures:
        return ""
    found = {figure.name: f"<b>{words.share(figure.value)}</b>{_interval(figure)}" for figure in figures}
    shown = "".join(
        f"<div><dt>{words.FIGURES[name]}</dt><dd>{found.get(name, '<b>–</b>')}</dd></div>" for name in HEADLINES
    )
    return f'<dl class="figures">{shown}</dl>'


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f' <span title="{words.INTERVAL}">{100 * figure.low:.0f}–{100 * figure.high:.0f}</span>'
