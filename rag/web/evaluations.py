"""The room of evaluations: which runs there are, their figures at a glance, and the way to their reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from rag.web import words
from rag.web.markup import esc, icon
from rag.web.measuring import Measured
from rag.web.plots import over_time
from rag.web.runs import HEADLINES, REPORT, Figure, RunRow


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be measured from the page."""

    seeds: bool
    """Whether the examples' cases came with this installation."""
    judged: int
    """Answers of the library that were judged."""
    alone: bool
    """Whether nobody signs in, so that all judged answers are the visitor's own."""
    model: str
    """The chat model that writes the answers; empty where they are quoted."""


def evaluations(rows: Sequence[RunRow], total: int, folder: Path) -> str:
    """The list of runs, newest first, or how to make the first one."""
    if not rows:
        return (
            f'<section class="room"><p class="lead">{words.NO_RUNS}</p><p>{words.NO_RUNS_MORE}</p>'
            f'<pre class="command"><code>{esc(words.FIRST_RUN)}</code></pre>'
            f'<div class="where">{words.RUNS_IN.format(folder=esc(str(folder.resolve())))}</div></section>'
        )
    older = f'<p class="aside">{words.OLDER_RUNS.format(count=total - len(rows))}</p>' if total > len(rows) else ""
    return over_time(rows) + (
        f'<section class="room"><h2 class="eyebrow">{words.RUNS}<span class="tally">{words.count(total, "run")}</span>'
        f'</h2><ul class="runs">{"".join(map(_row, rows))}</ul>{older}</section>'
    )


def measure(now: Measured | None, offers: Offers) -> str:
    """What can be measured from here, or the way to stop what is being measured."""
    if now is not None and now.state == "running":
        stop = f'<button type="button" class="quiet" data-stop>{icon("contradicted")}{words.MEASURE_STOP}</button>'
        return f'<section class="room measure"><h2 class="eyebrow">{words.MEASURING[now.what]}{stop}</h2></section>'
    model = f'<p class="aside">{esc(words.MEASURE_MODEL.format(model=offers.model))}</p>' if offers.model else ""
    seeds = _offer("seeds", words.MEASURE_SEEDS, words.MEASURE_SEEDS_MORE, offers.seeds)
    more = words.MEASURE_JUDGED_NONE
    if offers.alone and offers.judged:
        more = words.MEASURE_JUDGED_MORE.format(count=words.count(offers.judged, "judged answer"))
    elif not offers.alone:
        more = words.MEASURE_JUDGED_ALONE
    judged = _offer("judged", words.MEASURE_JUDGED, more, offers.alone and offers.judged > 0)
    if now is not None and now.state == "stopped":
        judged += _offer("again", words.MEASURE_AGAIN, words.MEASURING[now.what], True)
    return (
        f'<section class="room measure"><h2 class="eyebrow">{words.MEASURE}</h2>'
        f'<p class="aside">{words.MEASURE_MORE}</p>{model}<ul class="offers">{seeds}{judged}</ul></section>'
    )


def progress(now: Measured | None) -> str:
    """How far the evaluation under way is, or how the last one ended."""
    if now is None:
        return ""
    if now.state != "running":
        said = words.MEASURED[now.state].format(done=words.count(now.done, "question"), said=now.said)
        return f'<p class="state" role="status">{icon("fault") if now.state == "failed" else ""}{esc(said)}</p>'
    told, far = words.MEASURE_BEGINS, ""
    if now.count is not None:
        told = words.MEASURE_DONE_OF.format(done=f"{now.done:,}", count=f"{now.count:,}")
        far = f' value="{now.done}" max="{max(now.count, 1)}"'
    return f'<p class="state">{told}</p><progress aria-label="{words.MEASURING[now.what]}"{far}></progress>'


def _offer(what: str, title: str, more: str, there: bool) -> str:
    off = "" if there else " disabled"
    return (
        f'<li><button type="button" class="primary" data-run="{what}"{off} aria-describedby="about-{what}">{title}'
        f'</button><span class="aside" id="about-{what}">{esc(more)}</span></li>'
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
