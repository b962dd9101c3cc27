"""The documents of a library by the date that they bear."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.types import Entry
from rag.web import words
from rag.web.markup import esc, exact

LISTED = 60
"""Documents, at most, that are listed at once."""
TALL = 8
"""Documents of a bar of full height, at least: few should not look like many."""
MONTHS, YEARS = 24, 48
"""So many months at most are shown as months, so many years as years; a longer time as decades."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a year or a decade: `2024-03`, `2024`, `1990s`."""

    name: str
    label: str
    """What stands under its bar."""
    since: str
    """What stands under the first one."""
    title: str
    """The same in full."""


Unit = Callable[[date], Period]


def timeline(entries: Sequence[Entry], chosen: str = "") -> str:
    """A bar for each period, to be pressed, and the documents of the one `chosen`, or all; undated ones are counted."""
    dated = sorted(
        ((day, entry) for entry in entries if (day := _day(entry)) is not None),
        key=lambda pair: (pair[0], pair[1].title, pair[1].source),
    )
    undated = sorted((entry for entry in entries if _day(entry) is None), key=lambda one: (one.title, one.source))
    if not dated:
        lead, more = (words.NO_DATES, words.NO_DATES_MORE) if entries else (words.EMPTY_LIBRARY, words.NO_MAP_EMPTY)
        return f'<section class="welcome"><p class="lead">{lead}</p><p>{more}</p></section>{_undated(undated)}'
    unit = _unit(dated[0][0], dated[-1][0])
    counts = Counter(unit(day).name for day, _ in dated)
    chosen = chosen if chosen in counts else ""
    shown = [(day, entry) for day, entry in dated if chosen in ("", unit(day).name)]
    bars = _bars(_run(dated[0][0], dated[-1][0], unit), counts, chosen)
    return f'<section class="times">{bars}{_listed(shown, unit)}</section>{_undated(undated)}'


def _day(entry: Entry) -> date | None:
    try:
        return date.fromisoformat((entry.date or "")[:10])
    except ValueError:
        return None


def _month(day: date) -> Period:
    name = f"{day:%Y-%m}"
    return Period(name, f"{day:%b}" if day.month > 1 else f"{day.year}", f"{day:%b} {day.year}", f"{day:%B} {day.year}")


def _year(day: date) -> Period:
    return Period(*[f"{day.year}"] * 4)


def _decade(day: date) -> Period:
    name = f"{day.year // 10}0s"
    return Period(*[name] * 4)


def _unit(first: date, last: date) -> Unit:
    if (last.year - first.year) * 12 + last.month - first.month < MONTHS:
        return _month
    return _year if last.year - first.year < YEARS else _decade


def _run(first: date, last: date, unit: Unit) -> list[Period]:
    """Every period from the first to the last, also those without a document: time is to scale."""
    step = 1 if unit is _month else 12 if unit is _year else 120
    begin = first.year * 12 + first.month - 1
    begin -= begin % step
    months = range(begin, last.year * 12 + last.month, step)
    return [unit(date(month // 12, month % 12 + 1, 1)) for month in months]


def _bars(periods: Sequence[Period], counts: Counter[str], chosen: str) -> str:
    most, every = max(counts.values()), -(-len(periods) // 12)
    shown = []
    for at, period in enumerate(periods):
        count = counts[period.name]
        said = period.since if at == 0 else period.label
        label = f'<span class="label">{said}</span>' if at % every == 0 else ""
        if not count:
            shown.append(f'<li class="gap" aria-hidden="true">{label}</li>')
            continue
        told = words.PERIOD.format(period=period.title, documents=words.count(count, "document"))
        shown.append(
            f'<li><button type="button" data-period="{period.name}" aria-pressed="{str(period.name == chosen).lower()}"'
            f' aria-label="{told}" title="{told}"><span class="bar" style="--high: {count / most:.3f}"></span></button>'
            f"{label}</li>"
        )
    tall = f"--tall: {min(1, most / TALL):.3f}"
    return f'<ol class="bars" aria-label="{words.BY_DATE}" style="{tall}">{"".join(shown)}</ol>'


def _listed(shown: Sequence[tuple[date, Entry]], unit: Unit) -> str:
    parts, heading = [], ""
    for day, entry in shown[:LISTED]:
        if (title := unit(day).title) != heading:
            parts.append(f'{"</ol>" if heading else ""}<h2 class="eyebrow">{title}</h2><ol class="dated">')
            heading = title
        parts.append(_row(entry, words.day(entry.date)))
    more = words.MORE_DATED.format(count=f"{len(shown) - LISTED:,}") if len(shown) > LISTED else ""
    return "".join(parts) + "</ol>" + (f'<p class="aside">{more}</p>' if more else "")


def _undated(entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    rows = "".join(_row(entry, "") for entry in entries[:LISTED])
    count = f"{len(entries) - LISTED:,}"
    more = f'<p class="aside">{words.MORE_UNDATED.format(count=count)}</p>' if len(entries) > LISTED else ""
    line = words.WITHOUT_DATE.format(documents=words.count(len(entries), "document"))
    return f'<details class="undated"><summary>{line}</summary><ol class="dated">{rows}</ol>{more}</details>'


def _row(entry: Entry, day: str) -> str:
    when = f'<time datetime="{esc(entry.date or "")}">{esc(day)}</time>' if day else ""
    return (
        f'<li><button type="button" class="day" data-document="{exact(entry.source)}">{when}<b>{esc(entry.title)}</b>'
        f'<span class="where">{esc(words.name(entry.source))}</span></button></li>'
    )
