"""What the page of a comparison shows: gates, what differs, each metric's change, and the questions that flipped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Literal

from markupsafe import Markup

from evals.comparing import Comparison
from evals.comparing.differences import Change
from evals.comparing.flips import Flip
from evals.comparing.gate import Outcome
from evals.folder import Record
from evals.report.answers import Shown, answer_of
from evals.report.plots import difference
from evals.report.wording import amount, change, change_interval, count

STATES = {"holds": "Holds", "fails": "Does not hold", "inconclusive": "Not settled"}
STATE_ICONS = {"holds": "supported", "fails": "contradicted", "inconclusive": "unsupported"}
FEW = 6
"""Losses that stand open."""
Way = Literal["better", "worse", "even"]
WAYS: dict[Way, str] = {"better": "better", "worse": "worse", "even": "no clear change"}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One metric in both runs."""

    title: str
    lower: bool
    a: str
    b: str
    difference: str
    interval: str
    plot: Markup
    way: str
    flips: str
    """Losses and gains, and how likely chance is to bring them; empty where the metric does not count questions."""
    n: int
    note: str


@dataclass(frozen=True, slots=True)
class Side:
    """One run's answer to a question."""

    title: str
    run: str
    key: str
    shown: Shown
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """A question with both answers; one side where both runs say the same."""

    record: Record
    what: str
    state: str
    sides: tuple[Side, ...]


def comparison_view(comparison: Comparison) -> dict[str, Any]:
    """Everything that `comparison.html` names."""
    margins = {outcome.gate.metric.name: outcome.gate.margin for outcome in comparison.outcomes}
    reach = shared_reach(comparison.changes, margins.values())
    flipped = {flip.id for flip in comparison.flips}
    return {
        "comparison": comparison,
        "sentence": sentence(comparison),
        "gates": [
            (one, STATES[one.state], STATE_ICONS[one.state]) for one in sorted(comparison.outcomes, key=_urgency)
        ],
        "changes": [_change(one, margins.get(one.metric.name), reach) for one in comparison.changes],
        "axis": f"{change(reach, 'share').removeprefix('+')} points",
        "gated": bool(margins),
        "lost": [_flip(flip, comparison, f"l{n}") for n, flip in enumerate(comparison.flips) if flip.kind == "lost"],
        "won": [_flip(flip, comparison, f"w{n}") for n, flip in enumerate(comparison.flips) if flip.kind == "won"],
        "few": FEW,
        "rest": _rest(comparison, flipped) if comparison.paired else [],
        "errors": [(name, *(line or "no error" for line in both)) for name, both in sorted(comparison.errors.items())],
    }


def sentence(comparison: Comparison) -> str:
    """The comparison in a few words: the gates, then what was lost and won."""
    told = []
    if comparison.outcomes:
        states = [outcome.state for outcome in comparison.outcomes]
        failing, open_ = states.count("fails"), states.count("inconclusive")
        if failing:
            told.append(f"{failing} of {count(len(states), 'gate')} {'does' if failing == 1 else 'do'} not hold.")
        elif open_:
            told.append(f"No gate fails; {open_} of {len(states)} {'is' if open_ == 1 else 'are'} not settled.")
        else:
            told.append("The gate holds." if len(states) == 1 else f"All {len(states)} gates hold.")
    if comparison.paired:
        lost, won = comparison.lost, comparison.won
        told.append(
            f"Of {count(comparison.cases, 'question')}, {lost or 'none'} got worse and {won or 'none'} got better."
        )
    else:
        told.append(
            f"The runs share no question; {count(comparison.cases, 'question')} of both stand against each other."
        )
    return " ".join(told)


def shared_reach(changes: Iterable[Change], margins: Iterable[float]) -> float:
    """Where the axis of shares and scores ends, at most 1: at the furthest margin or the bounds of most metrics.

    A few that moved far must not press all others together.
    """
    bounds = sorted(_furthest(one) for one in changes if one.metric.unit in ("share", "score"))
    most = bounds[3 * (len(bounds) - 1) // 4] if bounds else 0.0
    return min(1.0, _rounded_up(max([0.02, most, *(margin for margin in margins if margin <= 1)])))


def _urgency(outcome: Outcome) -> int:
    return ("fails", "inconclusive", "holds").index(outcome.state)


def way_of(one: Change) -> Way:
    """Whether the interval of the difference lies on one side of 0, and which."""
    found, gain = one.difference, one.gain
    if gain is None or found.low is None or found.high is None or found.low <= 0 <= found.high:
        return "even"
    return "better" if gain > 0 else "worse"


def _furthest(one: Change) -> float:
    found = one.difference
    return max(abs(bound) for bound in (found.value, found.low, found.high, 0.0) if bound is not None)


def _rounded_up(value: float) -> float:
    """To the next 1, 2 or 5 of its power of ten."""
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 5, 10) if value <= step * power * (1 + 1e-9))


def _change(one: Change, margin: float | None, reach: float) -> ChangeView:
    metric, found, way = one.metric, one.difference, way_of(one)
    if metric.unit not in ("share", "score"):
        reach = _rounded_up(max(_furthest(one), margin or 0.0) or 1.0)
    low, value, high = found.low, found.value, found.high
    if metric.better == "lower":  # drawn so that better is to the right
        low, value, high = (None if at is None else -at for at in (high, value, low))
    return ChangeView(
        title=metric.title,
        lower=metric.better == "lower",
        a=amount(one.a.value, metric.unit),
        b=amount(one.b.value, metric.unit),
        difference=change(found.value, metric.unit),
        interval=change_interval(found.low, found.high, metric.unit),
        plot=difference(value, low, high, reach, None if margin is None else -margin, way),
        way=WAYS[way] if found.value is not None else "",
        flips=_flips(one),
        n=found.n,
        note=one.note or "",
    )


def _flips(one: Change) -> str:
    if one.lost is None or one.won is None:
        return ""
    told = f"{one.lost} lost, {one.won} won"
    return told if one.p is None else f"{told}; p = {one.p:.2g}"


def _flip(flip: Flip, comparison: Comparison, key: str) -> PairView:
    return PairView(flip.a, "; ".join(flip.what), _states(flip.a, flip.b), _sides(flip.a, flip.b, comparison, key))


def _rest(comparison: Comparison, flipped: set[str]) -> list[PairView]:
    """The questions that did not flip; what failed in the candidate comes first."""
    after = {record["id"]: record for record in comparison.b.records}
    pairs = [
        (a, after[a["id"]])
        for a in comparison.a.records
        if a["id"] in after and a["id"] not in flipped and a["id"] not in comparison.errors
    ]
    return [
        PairView(a, b["failed"][0] if b["failed"] else "", _states(a, b), _sides(a, b, comparison, f"r{number}"))
        for number, (a, b) in enumerate(sorted(pairs, key=lambda pair: not pair[1]["failed"]))
    ]


def _states(a: Record, b: Record) -> str:
    before, after = (f"{one['answer']['status']}, {one['answer']['confidence']:.2f}" for one in (a, b))
    return f"{before} → {after}"


def _sides(a: Record, b: Record, comparison: Comparison, key: str) -> tuple[Side, ...]:
    one, other = _said(a), _said(b)
    if one == other and a["failed"] == b["failed"]:
        return (_side("In both runs", "", f"{key}ab", b),)
    return (
        _side("Baseline", comparison.a.name, f"{key}a", a),
        _side("Candidate", comparison.b.name, f"{key}b", b),
    )


def _said(record: Record) -> tuple[str, Sequence[Any]]:
    """What a reader of the answer saw."""
    answer = record["answer"]
    marks = [(one["text"], one["citations"], one["verdict"]["label"]) for one in answer["sentences"]]
    return answer["text"], [answer["status"], marks, [(one["marker"], one["quote"]) for one in answer["citations"]]]


def _side(title: str, run: str, key: str, record: Record) -> Side:
    return Side(title, run, key, answer_of(record), tuple(record["failed"]))
