"""How often the judge that ships errs, on every set that people labelled: what corrects a rate for its mistakes."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.statistics import LEVEL
from rag.errors import BadInput

PACKAGED = Path(__file__).with_name("measured.json")
"""The figures of the judge that ships: `python -m evals judge --limit 500 --measured evals/judge/measured.json`."""


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Calibration(_Kept):
    """What a judge said of texts that people call supported or not, on one set."""

    name: str
    """Of the set."""
    tp: int = Field(ge=0)
    """Texts that both call supported."""
    fn: int = Field(ge=0)
    """Those that people alone do."""
    tn: int = Field(ge=0)
    """Those that neither does."""
    fp: int = Field(ge=0)
    """Those that the judge alone does."""
    groups: int = Field(ge=1)
    """Groups of texts on one matter."""
    sensitivity_interval: tuple[float, float] | None = None
    """95%, over groups."""
    specificity_interval: tuple[float, float] | None = None

    @property
    def sensitivity(self) -> float | None:
        """The share of the supported that the judge calls so; None without any."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def specificity(self) -> float | None:
        """The share of the unsupported that the judge calls so; None without any."""
        return self.tn / (self.tn + self.fp) if self.tn + self.fp else None

    def sizes(self) -> tuple[float, float]:
        """How many independent texts sensitivity and specificity are worth.

        At most as many as there are, and fewer where the texts of a group stand or fall together: as many as would
        give the interval that was measured (the effective sample size, Kish 1965, "Survey Sampling").
        """
        return (
            self._size(self.sensitivity, self.tp + self.fn, self.sensitivity_interval),
            self._size(self.specificity, self.tn + self.fp, self.specificity_interval),
        )

    def _size(self, share: float | None, count: int, interval: tuple[float, float] | None) -> float:
        if share in (None, 0.0, 1.0) or interval is None or interval[1] <= interval[0]:
            return float(min(count, self.groups))
        error = (interval[1] - interval[0]) / (2 * NormalDist().inv_cdf((1 + LEVEL) / 2))
        return min(float(count), (share or 0.0) * (1 - (share or 0.0)) / error**2)


class Measured(_Kept):
    """All calibrations of one judge."""

    judge: str
    """Its name, as in a run's manifest."""
    limit: int = Field(ge=0)
    """Texts taken of each set; 0 for all."""
    sets: tuple[Calibration, ...]

    def of(self, name: str) -> Calibration | None:
        """The calibration on the set of that name, if it was measured."""
        return next((one for one in self.sets if one.name == name), None)


def read_measured(path: Path) -> Measured:
    """The figures in `path`. Raises `BadInput` where there are none."""
    try:
        return Measured.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else f"{error.error_count()} wrong fields"
        raise BadInput(f"{path}: {why}; make it with: python -m evals judge --limit 500 --measured {path}") from None


@cache
def packaged() -> Measured | None:
    """The figures of the judge that ships; None where none were packaged."""
    return read_measured(PACKAGED) if PACKAGED.is_file() else None


def measured_of(judge: str, limit: int, sets: Sequence[Mapping[str, Any]]) -> Measured:
    """What matters here of the `sets` that `python -m evals judge --json` writes."""
    return Measured(judge=judge, limit=limit, sets=tuple(_calibration(one) for one in sets))


def write_measured(path: Path, judge: str, limit: int, sets: Sequence[Mapping[str, Any]]) -> None:
    """`measured_of` as JSON. Raises `BadInput` where `path` cannot be written."""
    kept = measured_of(judge, limit, sets).model_dump(mode="json")
    try:
        path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}; give a file that can be written") from None


def _calibration(score: Mapping[str, Any]) -> Calibration:
    figures = next(reading["figures"] for reading in score["readings"] if reading["name"] == "support")
    return Calibration(
        name=score["name"],
        **score["counts"],
        groups=score["groups"],
        sensitivity_interval=_interval(figures["sensitivity"]),
        specificity_interval=_interval(figures["specificity"]),
    )


def _interval(figure: Mapping[str, Any]) -> tuple[float, float] | None:
    return None if figure["low"] is None else (round(figure["low"], 4), round(figure["high"], 4))
