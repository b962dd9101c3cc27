"""How good the judge is by people's labels, and the rates without its own error."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evals.judge.measured import Calibration, Measured, packaged
from evals.measures import NAMED
from evals.report.wording import amount, interval, share

COMMAND = "python -m evals judge"


@dataclass(frozen=True, slots=True)
class SetRow:
    """The judge on one set that people labelled."""

    name: str
    n: int
    figures: tuple[tuple[str, str], ...]
    """Of the supported texts the share that it knows, of the others, and the mean of both; each with its interval."""


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """A rate as judged, and as a judge that never errs would see it."""

    title: str
    raw: str
    raw_interval: str
    corrected: str
    corrected_interval: str
    how: str


@dataclass(frozen=True, slots=True)
class JudgeView:
    """The section on the judge."""

    told: str
    sets: tuple[SetRow, ...]
    absent: str
    """Why there are no sets; empty where there are."""
    command: str
    corrected: tuple[CorrectedRow, ...]


def judge_view(about: Mapping[str, Any], summary: Mapping[str, Any], measured: Measured | None = None) -> JudgeView:
    """The scorecard of the judge that the run used, and the corrected rates.

    `measured` is the scorecard at hand, by default the packaged one; it is shown only if it is of that judge.
    """
    measured = measured or packaged()
    used = (about.get("judge") or {}).get("name") or "not named"
    told = "A figure that rests on a judge is as good as the judge."
    if measured is None:
        absent = f"No scorecard is packaged for this run's judge ({used}), so how often it errs is not known here."
    elif measured.judge != used:
        absent = f"The packaged scorecard is of another judge ({measured.judge}) than this run's ({used})."
    else:
        rows = tuple(_row(one) for one in measured.sets)
        return JudgeView(told, rows, "", COMMAND, _corrected(summary))
    return JudgeView(
        "A figure that rests on a judge is as good as the judge.", (), absent, COMMAND, _corrected(summary)
    )


def _row(one: Calibration) -> SetRow:
    known, refused = one.sensitivity, one.specificity
    both = None if known is None or refused is None else (known + refused) / 2
    return SetRow(
        one.name,
        one.tp + one.fn + one.tn + one.fp,
        (
            (share(known), _between(one.sensitivity_interval)),
            (share(refused), _between(one.specificity_interval)),
            (share(both), ""),
        ),
    )


def _between(bounds: tuple[float, float] | None) -> str:
    return "" if bounds is None else interval({"low": bounds[0], "high": bounds[1]})


def _corrected(summary: Mapping[str, Any]) -> tuple[CorrectedRow, ...]:
    found = summary.get("corrected") or {}
    return tuple(
        _corrected_row(name, one, summary["metrics"][name])
        for name, one in found.items()
        if one and name in NAMED and name in summary["metrics"]
    )


def _corrected_row(name: str, found: Mapping[str, Any], raw: Mapping[str, Any]) -> CorrectedRow:
    unit = NAMED[name].unit
    how = (
        f"{share(found['verbatim'])} of the claims stand word for word in what they cite and need no judge. On the set "
        f"{found['from']} the judge knows {share(found['sensitivity'])} of the supported texts and "
        f"{share(found['specificity'])} of the others."
    )
    return CorrectedRow(
        NAMED[name].title,
        amount(raw["value"], unit),
        interval(raw, unit),
        amount(found["value"], unit),
        interval(found, unit),
        how,
    )
