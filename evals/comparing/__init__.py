"""Two runs beside each other: what changed, how sure that is, and which cases flipped."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.comparing.differences import Change, incomparable, paired_change, unpaired_change
from evals.comparing.flips import Flip, flips_of
from evals.comparing.gate import Gate, Outcome
from evals.folder import Record, Run
from evals.measures import METRICS, Metric
from rag.errors import BadInput

SAME_CASE = ("question", "answerable", "answers", "evidence", "history", "group_id")
"""What must be alike in both runs for a case to be the same case."""
UNSAID = ("name", "made_at")
"""What every manifest says anew."""
JUDGES = "The two runs were judged by different judges, so this figure cannot be compared."


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that the manifests of two runs say differently."""

    name: str
    """Dotted, such as `settings.reranker` or `judge.name`."""
    a: str
    """As text; "–" where the run does not say."""
    b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A baseline A and a candidate B."""

    a: Run
    b: Run
    paired: bool
    """Whether the same cases were compared. False where the runs share none: the difference is then one between two
    samples of questions, and far less sure; there are no flips and no tests."""
    cases: int
    """Cases compared: pairs without an error in either run; for unpaired runs, those of both together."""
    groups: int
    changes: tuple[Change, ...]
    """Every metric of `evals.measures.METRICS` that applies to a case of either run, in that order."""
    flips: tuple[Flip, ...]
    """Losses first, then gains; each in the order of A's cases."""
    only_a: int
    """Cases of A that B does not have; they are left out (0 where unpaired)."""
    only_b: int
    errors: Mapping[str, tuple[str | None, str | None]]
    """By case: its error in A and in B, one of which may be None. Such cases are left out."""
    changed: tuple[Changed, ...]
    """What differs between the two runs' manifests, besides name and time."""
    outcomes: tuple[Outcome, ...]
    """One for each gate, in the order given."""
    notes: tuple[str, ...]
    """What a reader must know before the figures, a sentence each."""

    @property
    def lost(self) -> int:
        """How many cases were lost."""
        return sum(flip.kind == "lost" for flip in self.flips)

    @property
    def won(self) -> int:
        """How many were won."""
        return sum(flip.kind == "won" for flip in self.flips)

    def change(self, name: str) -> Change | None:
        """The change of the metric of that name, if it was compared."""
        return next((change for change in self.changes if change.metric.name == name), None)


def compare(a: Run, b: Run, gates: Sequence[Gate] = ()) -> Comparison:
    """What changed from the baseline `a` to the candidate `b`, and what the gates say.

    Cases are paired by id; those with an error in either run, and those that only one run has, are left out and
    counted. Runs that share no case are compared as two samples. Raises `BadInput` for a case that is not the same in
    both runs, for runs without a case to compare, and for a gate on a judged metric where the judges differ or have
    not passed the sets that people labelled.
    """
    for gate in gates:
        _may_decide(gate, a, b)
    cases = _matched(a, b)
    changes = _changes(a, b, cases)
    by_name = {change.metric.name: change for change in changes}
    everything = cases.before if cases.paired else [*cases.before, *cases.after]
    return Comparison(
        a=a,
        b=b,
        paired=cases.paired,
        cases=len(everything),
        groups=len({record["group_id"] for record in everything}),
        changes=changes,
        flips=flips_of(cases.before, cases.after) if cases.paired else (),
        only_a=cases.only[0],
        only_b=cases.only[1],
        errors=cases.errors,
        changed=_changed(a.about, b.about),
        outcomes=tuple(gate.decide(by_name.get(gate.metric.name)) for gate in gates),
        notes=tuple(_notes(a, b, cases)),
    )


@dataclass(frozen=True, slots=True)
class _Cases:
    """What is compared: results without an error, in A's order; for paired runs, case i is the same in both."""

    before: Sequence[Record]
    after: Sequence[Record]
    paired: bool
    only: tuple[int, int]
    errors: Mapping[str, tuple[str | None, str | None]]


def _matched(a: Run, b: Run) -> _Cases:
    of_a, of_b = ({record["id"]: record for record in run.records} for run in (a, b))
    shared = [name for name in of_a if name in of_b]
    for name in shared:
        _same_case(a, b, of_a[name], of_b[name])
    failed = {name: (of_a[name]["error"], of_b[name]["error"]) for name in shared}
    if not shared:
        failed = {name: (record["error"], None) for name, record in of_a.items()}
        failed |= {name: (None, record["error"]) for name, record in of_b.items()}
    errors = {name: both for name, both in failed.items() if any(both)}
    before = [of_a[name] for name in shared or of_a if name not in errors]
    after = [of_b[name] for name in shared or of_b if name not in errors]
    if not before or not after:
        raise BadInput(f"{a.folder} and {b.folder} have no case without an error to compare; look at their reports")
    only = (len(of_a) - len(shared), len(of_b) - len(shared)) if shared else (0, 0)
    return _Cases(before, after, bool(shared), only, errors)


def _may_decide(gate: Gate, a: Run, b: Run) -> None:
    """Raises `BadInput` for a judged metric and a judge that has not been held against people's labels and passed."""
    if not gate.metric.judged:
        return
    for run in (a, b):
        if (run.about.get("judge") or {}).get("qualified") is False:
            raise BadInput(
                f"gate {gate}: the judge of {run.folder} ({_judge(run)}) has not passed the sets that people labelled, "
                f"so it may not decide a gate; let it try: python -m evals judge --model {_model(run)}"
            )


def _judge(run: Run) -> str | None:
    found: str | None = (run.about.get("judge") or {}).get("name")
    return found


def _model(run: Run) -> str:
    """The chat model in the name of a judge, or what stands for one."""
    return (_judge(run) or "provider:name").split(" ")[0]


def _same_case(a: Run, b: Run, one: Record, other: Record) -> None:
    for key in SAME_CASE:
        if one.get(key) != other.get(key):
            raise BadInput(
                f"case {one['id']} is not the same in {a.folder} and {b.folder} ({key}); run both on the same cases"
            )


def _changes(a: Run, b: Run, cases: _Cases) -> tuple[Change, ...]:
    def change(metric: Metric) -> Change:
        if metric.judged and _judge(a) != _judge(b):
            return incomparable(metric, cases.before, cases.after, JUDGES)
        return (paired_change if cases.paired else unpaired_change)(metric, cases.before, cases.after)

    found = (change(metric) for metric in METRICS)
    return tuple(one for one in found if one.a.value is not None or one.b.value is not None)


def _changed(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[Changed, ...]:
    of_a, of_b = _flat(a), _flat(b)
    names = [name for name in dict.fromkeys((*of_a, *of_b)) if name not in UNSAID]
    pairs = ((name, of_a.get(name, "–"), of_b.get(name, "–")) for name in names)
    return tuple(Changed(*one) for one in pairs if one[1] != one[2])


def _flat(value: Mapping[str, Any], under: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, own in value.items():
        name = f"{under}{key}"
        if isinstance(own, Mapping):
            flat |= _flat(own, f"{name}.")
        else:
            flat[name] = own if isinstance(own, str) else json.dumps(own, ensure_ascii=False)
    return flat


def _notes(a: Run, b: Run, cases: _Cases) -> list[str]:
    notes = []
    if not cases.paired:
        notes.append(
            "The runs share no case. They are compared as two samples of questions, which tells far less than asking "
            "the same questions twice."
        )
    elif all(_said(one) == _said(other) for one, other in zip(cases.before, cases.after, strict=True)):
        notes.append(
            "Every answer and score is the same in both runs. How sure that makes a gate depends on how many groups "
            "were asked."
        )
    if any(cases.only):
        own, other = cases.only
        notes.append(f"Left out: {cases_in(own)} that only the baseline has, {other} that only the candidate has.")
    if cases.errors:
        new = sum(one is None for one, _ in cases.errors.values())
        left_out = cases_in(len(cases.errors))
        notes.append(f"Left out: {left_out} that raised an error, {new} of them in the candidate alone.")
    if a.about.get("data") != b.about.get("data"):
        notes.append("The two runs asked different documents: a change may come from these alone.")
    if _judge(a) != _judge(b):
        notes.append("The two runs were judged by different judges: judged figures are shown without a difference.")
    if any(a.about.get(key) != b.about.get(key) for key in ("machine", "workers")):
        notes.append("Times were taken on different machines or with other work beside, and say little here.")
    return notes


def _said(record: Record) -> tuple[Any, ...]:
    """An answer by what a reader sees of it, its words and what they cite, and its scores."""
    answer = record["answer"]
    cited = [(one["source"], one["start"], one["end"]) for one in answer["citations"]]
    return answer["text"], cited, record["scores"]


def cases_in(number: int) -> str:
    """`1 case`, `2 cases`."""
    return f"{number:,} case{'' if number == 1 else 's'}"
