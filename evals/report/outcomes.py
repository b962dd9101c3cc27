"""Where each case ended: the steps of the waterfall, and the groups that the cases are listed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evals.report.wording import count

Sign = Literal["bad", "odd", "good"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way a case can end."""

    name: str
    title: str
    meaning: str
    sign: Sign


KINDS = (
    Kind("error", "Ended in an error", "Asking raised an error; these count in no figure.", "bad"),
    Kind("retrieval", "Lost at retrieval", "The evidence is not among the first passages found.", "bad"),
    Kind("reading", "Lost at reading", "Evidence was found, or none is named; the answer is another.", "bad"),
    Kind("citation", "Lost at citation", "The answer is right, and its citations do not carry all of it.", "bad"),
    Kind("abstention", "Lost at abstention", "Evidence was found, or none is named; no answer was given.", "bad"),
    Kind("overreach", "Answered all the same", "The documents do not say, and an answer was given.", "bad"),
    Kind("checked", "Right, with a failed check", "Nothing was lost, and yet a check did not hold.", "odd"),
    Kind("right", "Answered rightly", "Right, and every check holds.", "good"),
    Kind("refused", "Refused rightly", "The documents do not say, and no answer was given.", "good"),
)
LOSSES = ("retrieval", "reading", "citation", "abstention")
"""Of answerable questions, in the order in which an answer passes them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: it reaches from `start` to `end` of `total` questions."""

    name: str
    """Of its kind; empty for the bar of all."""
    title: str
    count: int
    share: float | None
    start: int
    end: int
    look: Literal["all", "lost", "kept"]


def kind_of(record: Mapping[str, Any]) -> str:
    """The name of the `Kind` of one result."""
    if record["error"] is not None:
        return "error"
    if record["fell"] is not None:
        return str(record["fell"])
    if record["failed"]:
        return "checked"
    return "right" if record["answerable"] else "refused"


def waterfall(records: Sequence[Mapping[str, Any]]) -> list[Step]:
    """From all answerable questions, past each loss, to those answered rightly; empty without any."""
    asked = [record for record in records if record["error"] is None and record["answerable"]]
    if not asked:
        return []
    total = left = len(asked)
    steps = [Step("", "Asked", total, None, 0, total, "all")]
    for name in LOSSES:
        lost = sum(record["fell"] == name for record in asked)
        steps.append(Step(name, _titled(name), lost, lost / total, left - lost, left, "lost"))
        left -= lost
    steps.append(Step(_whole("right", asked), "Answered rightly", left, left / total, 0, left, "kept"))
    return steps


def refusals(records: Sequence[Mapping[str, Any]]) -> list[Step]:
    """From all unanswerable questions to those refused; empty without any."""
    asked = [record for record in records if record["error"] is None and not record["answerable"]]
    if not asked:
        return []
    total = len(asked)
    given = sum(record["fell"] == "overreach" for record in asked)
    left = total - given
    return [
        Step("", "Asked", total, None, 0, total, "all"),
        Step("overreach", _titled("overreach"), given, given / total, left, total, "lost"),
        Step(_whole("refused", asked), "Refused rightly", left, left / total, 0, left, "kept"),
    ]


def sentence(records: Sequence[Mapping[str, Any]]) -> str:
    """The run in one or two sentences."""
    parts = []
    if steps := waterfall(records):
        parts.append(f"of {count(steps[0].count, 'answerable question')}, {_were(steps[-1].count)} answered rightly")
    if steps := refusals(records):
        given = f"{_were(steps[1].count)} answered all the same"
        parts.append(f"of {count(steps[0].count, 'question')} that the documents do not answer, {given}")
    told = "; ".join(parts) + "." if parts else "No question could be scored."
    errors = sum(record["error"] is not None for record in records)
    if errors:
        told += (
            f" {count(errors, 'question')} ended in an error and {'counts' if errors == 1 else 'count'} in no figure."
        )
    return told[0].upper() + told[1:]


def _titled(name: str) -> str:
    return next(kind.title for kind in KINDS if kind.name == name)


def _whole(name: str, asked: Sequence[Mapping[str, Any]]) -> str:
    """`name`, or the group of those with a failed check where no case is wholly right."""
    kinds = {kind_of(record) for record in asked}
    return "checked" if name not in kinds and "checked" in kinds else name


def _were(number: int) -> str:
    return "none was" if not number else f"{number:,} {'was' if number == 1 else 'were'}"
