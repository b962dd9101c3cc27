"""A rate that a judge reports, corrected for the judge's own mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evals.folder import Record
from evals.judge.measured import Calibration, Measured, packaged
from evals.statistics import LEVEL, RESAMPLES, SEED, SHARE, Bootstrap, Floats, resampled

CALIBRATED_ON = "begin"
"""Replies to a passage, labelled by people. The judge was fitted to none of its texts, so nothing flatters it."""
CHANCE = (1 - LEVEL) / 2
"""How much of what the calibration leaves possible may be a judge no better than chance."""
NOTHING = 1e-12
"""A weight below this is rounding."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The share of claims that are supported, as it would be seen by a judge without error."""

    value: float
    low: float | None
    high: float | None
    """95%; both None for fewer than two groups."""
    raw: float
    """The share that the judge reports, for comparison."""
    verbatim: float
    """The share of claims that stand word for word in what they cite, and that no judge was asked about."""
    sensitivity: float
    specificity: float
    calibration: str
    """The set that these two come from."""
    n: int
    """Claims."""
    groups: int

    def to_dict(self) -> dict[str, Any]:
        """As metrics.json has it under `corrected`."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "raw": self.raw,
            "sensitivity": self.sensitivity,
            "specificity": self.specificity,
            "from": self.calibration,
            "verbatim": self.verbatim,
            "n": self.n,
            "groups": self.groups,
        }


def corrected(
    verbatim_flags: Sequence[bool],
    supported_flags: Sequence[bool],
    groups: Sequence[str],
    calibration: Calibration,
    weights: Sequence[float] | None = None,
    seed: int = SEED,
) -> Corrected | None:
    """The share of claims supported, corrected for the judge's errors where a judge was needed.

    One flag, group and weight a claim; with weights of 1 ÷ the claims of its answer, the share is the mean over
    answers. What stands word for word in its source is supported, whatever a judge says. Of the others, θ is
    (p + q₀ − 1) ÷ (q₀ + q₁ − 1), brought into 0..1, where p is the share that the judge calls supported, q₀ its
    specificity and q₁ its sensitivity (Rogan & Gladen 1978, "Estimating prevalence from the results of a screening
    test", American Journal of Epidemiology 107(1)). The interval draws the groups and both of the judge's shares anew
    each time, these from Beta distributions as wide as their calibration, since all three are only known from samples
    (after Lang & Reiczigel 2014, "Confidence limits for prevalence of disease adjusted for estimated sensitivity and
    specificity"). It rests on the judge erring here as often as on the calibration's texts.

    None without a claim, and where the judge is no better than chance, q₀ + q₁ ≤ 1, or may well not be.
    """
    q1, q0 = calibration.sensitivity, calibration.specificity
    if not groups or q1 is None or q0 is None or q0 + q1 <= 1:
        return None
    random = np.random.default_rng((seed, 1))
    sizes = calibration.sizes()
    of_q1, of_q0 = _drawn(random, q1, sizes[0]), _drawn(random, q0, sizes[1])
    if np.mean(of_q0 + of_q1 <= 1) > CHANCE:
        return None
    sums = _sums(verbatim_flags, supported_flags, weights or [1.0] * len(groups), groups)
    proved, said, whole = sums.sum(axis=0)
    value = float(_rate(sums.sum(axis=0, keepdims=True), q0, q1)[0])
    again = _again(sums, of_q0, of_q1, random, seed)
    low, high = Bootstrap(value, again, len(groups), len(sums), SHARE).interval() or (None, None)
    return Corrected(
        value=value,
        low=low,
        high=high,
        raw=float((proved + said) / whole),
        verbatim=float(proved / whole),
        sensitivity=q1,
        specificity=q0,
        calibration=calibration.name,
        n=len(groups),
        groups=len(sums),
    )


def corrected_rates(
    records: Sequence[Record], judge: str, measured: Measured | None = None, seed: int = SEED
) -> dict[str, dict[str, Any]]:
    """What metrics.json has under `corrected`: judged figures of results without an error, by metric.

    `judge` is the name of the one that judged them; without its own figures in `measured` (those packaged, if left
    out) nothing can be corrected, and the dictionary is empty.
    """
    known = measured or packaged()
    calibration = known.of(CALIBRATED_ON) if known and known.judge == judge else None
    if calibration is None:
        return {}
    found = {}
    for name, is_claim, holds in (
        ("faithfulness", _checkable, _faithful),
        ("citation_recall", lambda claim: True, lambda claim: claim["label"] == "supported"),
    ):
        claims = [[one for one in record["claims"] if is_claim(one)] for record in records]
        flat = [
            (record["group_id"], 1 / len(own), one) for record, own in zip(records, claims, strict=True) for one in own
        ]
        rate = corrected(
            [one["verbatim"] for _, _, one in flat],
            [holds(one) for _, _, one in flat],
            [group for group, _, _ in flat],
            calibration,
            weights=[weight for _, weight, _ in flat],
            seed=seed,
        )
        if rate is not None:
            found[name] = rate.to_dict()
    return found


def _checkable(claim: Mapping[str, Any]) -> bool:
    return _faithful(claim) or claim["label"] != "unchecked"


def _faithful(claim: Mapping[str, Any]) -> bool:
    return bool(claim["faithful"])


def _sums(
    verbatim: Sequence[bool], supported: Sequence[bool], weights: Sequence[float], groups: Sequence[str]
) -> Floats:
    """For each group, the weight of claims proved by characters, of the others that the judge supports, and of all."""
    names, place = np.unique(np.array(groups), return_inverse=True)
    sums = np.zeros((len(names), 3))
    for proved, said, weight, row in zip(verbatim, supported, weights, place, strict=True):
        sums[row] += weight * proved, weight * (said and not proved), weight
    return sums


def _rate(sums: Floats, q0: Floats | float, q1: Floats | float) -> Floats:
    """For each row of `_sums`: what is proved, and of the rest Rogan and Gladen's θ, of all."""
    proved, said, whole = sums.T
    rest = np.where(whole - proved > NOTHING, whole - proved, 0.0)
    share = np.divide(said, rest, out=np.zeros_like(rest), where=rest > 0)
    return np.asarray((proved + rest * np.clip((share + q0 - 1) / (q0 + q1 - 1), 0, 1)) / whole)


def _again(sums: Floats, of_q0: Floats, of_q1: Floats, random: np.random.Generator, seed: int) -> Floats:
    """The corrected share in each resample; empty for fewer than two groups."""
    again = resampled(sums, lambda drawn: drawn, seed)
    if not len(again):
        return again
    judged = sums[sums[:, 2] - sums[:, 0] > NOTHING]
    shares = judged[:, 1] / (judged[:, 2] - judged[:, 0])
    if len(shares) and np.ptp(shares) < NOTHING:  # drawing groups anew shows no spread, though there is some
        again[:, 1] = (again[:, 2] - again[:, 0]) * _drawn(random, float(shares[0]), len(shares))
    good = of_q0 + of_q1 > 1
    return _rate(again[good], of_q0[good], of_q1[good])


def _drawn(random: np.random.Generator, share: float, size: float) -> Floats:
    """What a share known from `size` trials may be: Beta with Jeffreys' prior."""
    return random.beta(share * size + 0.5, (1 - share) * size + 0.5, size=RESAMPLES)
