"""Gates: whether a candidate is shown to be no worse than its baseline, by more than a margin."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log
from statistics import NormalDist
from typing import Literal

from evals.comparing.differences import Change
from evals.measures import METRICS, NAMED, Metric
from evals.statistics import LEVEL
from rag.errors import BadInput

State = Literal["holds", "fails", "inconclusive"]
POWER = 0.8
FAILED, UNDECIDED = 3, 4
"""Exit statuses."""
MOST_CASES = 1_000_000
"""A number of cases beyond this is no advice."""


@dataclass(frozen=True, slots=True)
class Gate:
    """How much worse a metric may become."""

    metric: Metric
    margin: float
    """At least 0, in the metric's unit: 0.02 is two points of a hundred of a share."""

    @classmethod
    def parse(cls, text: str) -> "Gate":
        """The gate that `METRIC:margin` asks for, such as `answer_found:0.02`, `answer_found:2%` or `seconds_p50:0.5`.

        Raises `BadInput`, one line, for an unknown metric, one that has no better side, and a margin that is not a
        number of at least 0, or is more than 1 for a metric that lies between 0 and 1.
        """
        name, _, margin = (part.strip() for part in text.partition(":"))
        known = [metric.name for metric in METRICS if metric.better != "neither"]
        if name not in known:
            why = f"{name} is neither better high nor low" if name in NAMED else f"there is no metric {name!r}"
            raise BadInput(f"gate {text!r}: {why}; known: {', '.join(known)}")
        return cls(NAMED[name], _margin(text, margin, NAMED[name]))

    def __str__(self) -> str:
        return f"{self.metric.name}:{self.margin:g}"

    def decide(self, change: Change | None) -> "Outcome":
        """What `change` says: a non-inferiority test with one-sided 95% bounds.

        It `fails` where even the upper bound of the gain lies below −margin, and `holds` where the lower one does not;
        otherwise the cases are too few to tell (Miller 2024, "Adding Error Bars to Evals", section 5). Raises
        `BadInput` where the two runs cannot be compared by this metric.
        """
        if change is None or change.difference.value is None:
            if change is not None and change.note:
                raise BadInput(f"gate {self}: {change.note} Leave this gate out, or run both with one judge.")
            return Outcome(self, "inconclusive", f"{self.metric.title}: no case to compare.", None)
        if change.least is None or change.most is None:
            why = "all cases are of one group, which says nothing about others; add cases of other groups"
            if change.spread is not None:
                why = "no case differs from another, so that there is no bound"
            return Outcome(self, "inconclusive", f"{_seen(change)}: {why}.", None)
        if change.most < -self.margin:
            sure = f"It is at least {_size(-change.most, self.metric)} worse with 95% confidence"
            return Outcome(self, "fails", f"{_seen(change)}. {sure}, and {self._allowed()}.", None)
        if change.least >= -self.margin:
            sure = f"It is at most {_size(-change.least, self.metric)} worse with 95% confidence"
            if change.least >= 0:
                sure = "It is no worse with 95% confidence"
            return Outcome(self, "holds", f"{_seen(change)}. {sure}, and {self._allowed()}.", None)
        return self._undecided(change)

    def _undecided(self, change: Change) -> "Outcome":
        needed = cases_needed(change, self.margin)
        worst = f"It may be as much as {_size(-(change.least or 0.0), self.metric)} worse, and {self._allowed()}"
        if not self.margin:
            more = "no number of cases can show that nothing at all was lost: give a margin above 0"
        elif needed is None:
            more = "the change seen is too near the margin for more cases to settle it soon"
        else:
            n, groups = change.difference.n, change.difference.groups
            where = "" if change.paired else " in each run"
            more = f"needs about {needed:,} cases that this applies to{where}; there are {n:,}"
            if n > groups:
                more = (
                    f"needs about {needed:,} cases that this applies to{where}, in {ceil(needed * groups / n):,} groups"
                )
                more += f"; there are {n:,} in {groups:,}"
        return Outcome(self, "inconclusive", f"{_seen(change)}. {worst}; {more}.", needed)

    def _allowed(self) -> str:
        return f"{_size(self.margin, self.metric)} may be lost"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a gate says about a comparison."""

    gate: Gate
    state: State
    message: str
    """What was seen and what it means, for people."""
    needed: int | None
    """Cases with this metric that would settle it, about; None unless inconclusive and a number can be given."""


def exit_status(outcomes: Sequence[Outcome], *, strict: bool = False) -> int:
    """3 where a gate fails, 4 where one is inconclusive and that counts (`strict`), else 0."""
    states = {outcome.state for outcome in outcomes}
    if "fails" in states:
        return FAILED
    return UNDECIDED if strict and "inconclusive" in states else 0


def cases_needed(change: Change, margin: float) -> int | None:
    """How many cases with the metric would settle a gate, from the spread seen between groups.

    Groups for a power of 80% were there no real change: G·((z₀.₉₅ + z₀.₈₀)·s/margin)², where s is the standard error
    with the G groups at hand (Miller 2024, section 5). Where there are that many already, and the change seen lies
    near the margin, its distance from the margin stands for the margin. Where no group changed, the exact bound
    decides: a loss as large as the margin goes unseen in G groups with probability (1 − margin)^G. Times the cases
    in a group. None where no number helps, or none of less than a million.
    """
    gain, spread, seen = change.gain, change.spread, change.difference
    if gain is None or spread is None or margin <= 0 or not seen.groups:
        return None
    per_group = seen.n / seen.groups
    if spread == 0:
        return ceil(log(1 - LEVEL) / log(1 - margin) * per_group) if gain == 0 and margin < 1 else None
    reach = NormalDist().inv_cdf(LEVEL) + NormalDist().inv_cdf(POWER)
    for distance in (margin, abs(gain + margin)):
        if not distance:
            return None
        needed = seen.groups * (reach * spread / distance) ** 2 * per_group
        if seen.n < needed <= MOST_CASES:
            return ceil(needed)
    return None


def _margin(text: str, margin: str, metric: Metric) -> float:
    bounded = metric.unit in ("share", "score")
    try:
        value = float(margin.removesuffix("%")) / (100 if margin.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf") or (margin.endswith("%") and not bounded):
        example = "0.02 or 2%" if bounded else f"0.5, in {metric.unit}"
        raise BadInput(f"gate {text!r}: the margin must be a number of at least 0; write {metric.name}:{example}")
    if bounded and value > 1:
        raise BadInput(f"gate {text!r}: the margin is a share of 1; write {metric.name}:0.02 or {metric.name}:2%")
    return value


def _seen(change: Change) -> str:
    metric, gain = change.metric, change.gain or 0.0
    way = "unchanged" if not gain else f"{_size(abs(gain), metric)} {'better' if gain > 0 else 'worse'}"
    return f"{metric.title}: {value_text(change.a.value, metric)} → {value_text(change.b.value, metric)}, {way}"


def value_text(value: float | None, metric: Metric) -> str:
    """A value in the metric's unit, for people; "–" for None."""
    if value is None:
        return "–"
    shown = {"share": f"{value:.1%}", "score": f"{value:.3f}", "seconds": f"{value:.2f} s", "tokens": f"{value:,.0f}"}
    return shown[metric.unit]


def _size(value: float, metric: Metric) -> str:
    """The size of a change."""
    if metric.unit == "share":
        return f"{100 * value:.1f} points"
    return value_text(value, metric) + (" tokens" if metric.unit == "tokens" else "")
