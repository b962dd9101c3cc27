"""How the documents fare that are taken in."""

from collections import Counter
from collections.abc import Sequence

from rag.web import words
from rag.web.markup import esc
from rag.web.uploads import UNDER_WAY, Line, State

LINES = 12
"""Documents being taken in that are told one by one, at most; those that failed come first."""


def intake(lines: Sequence[Line], *, busy: bool) -> str:
    """How the documents fare that are taken in: all of them in one line, and some of them one by one."""
    if not lines:
        return ""
    done = sum(line.state not in UNDER_WAY for line in lines)
    shown = _telling(lines)
    rows = "".join(
        f'<li class="upload upload--{line.state}"><span class="file">{esc(line.name)}</span>'
        f'<span class="state">{words.STATES[line.state]}</span>{_detail(line.detail)}</li>'
        for line in shown
    )
    rest = len(lines) - len(shown)
    more = f'<p class="aside">{words.MORE_LINES.format(count=rest)}</p>' if rest else ""
    bar = f'<progress max="{len(lines)}" value="{done}" aria-hidden="true"></progress>' if busy else ""
    return (
        f'<section class="intake" data-busy="{str(busy).lower()}"><div class="sum">'
        f"<p>{_sum(lines, done, busy)}</p>{_way_out(lines, busy)}</div>{bar}"
        f'<ul class="uploads">{rows}</ul>{more}</section>'
    )


def _telling(lines: Sequence[Line]) -> list[Line]:
    """The lines told one by one: all, or else those at hand, those that failed, and the last that are done."""
    if len(lines) <= LINES:
        return list(lines)
    order: dict[State, int] = {"reading": 0, "embedding": 0, "failed": 1}

    def first(one: tuple[int, Line]) -> tuple[int, bool, int]:
        waits = one[1].state == "waiting"
        return order.get(one[1].state, 2), waits, one[0] if waits else -one[0]

    numbered = sorted(enumerate(lines), key=first)
    return [line for _, line in sorted(numbered[:LINES])]


def _sum(lines: Sequence[Line], done: int, busy: bool) -> str:
    if busy:
        return words.ADDING.format(done=done, total=len(lines))
    counts: Counter[str] = Counter(line.state for line in lines)
    return ", ".join(text.format(count=counts[state]) for state, text in words.OUTCOMES.items() if counts[state]) + "."


def _way_out(lines: Sequence[Line], busy: bool) -> str:
    if not busy:
        return f'<button type="button" class="quiet" data-clear>{words.CLEAR}</button>'
    if not any(line.state == "waiting" for line in lines):
        return ""
    return f'<button type="button" class="quiet" data-cancel title="{words.CANCEL_MORE}">{words.CANCEL}</button>'


def _detail(text: str) -> str:
    return f'<span class="detail">{esc(text)}</span>' if text else ""
