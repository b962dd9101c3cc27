"""Fitted coefficients, as the small JSON files beside this module hold them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from rag.retrieval import probability


@dataclass(frozen=True)
class Calibration:
    """A logistic regression over named signals, and the thresholds that were chosen with it."""

    signals: tuple[str, ...]
    mean: "np.ndarray[Any, Any]"
    scale: "np.ndarray[Any, Any]"
    weights: "np.ndarray[Any, Any]"
    intercept: float
    thresholds: Mapping[str, float]
    version: str
    """Its name, day and a digest of its file: what tells one from another."""

    def probability(self, found: Mapping[str, float]) -> float:
        """0..1: 1 ÷ (1 + e^−z) with z the weighted sum of the standardised signals."""
        scaled = (np.array([found[name] for name in self.signals]) - self.mean) / self.scale
        return probability(self.intercept + float(scaled @ self.weights))

    def mean_of(self, name: str) -> float:
        """What a signal was on average where it was fitted, which speaks neither for nor against."""
        return float(self.mean[self.signals.index(name)])


@cache
def calibration(name: str) -> Calibration:
    """The one in `NAME.json`."""
    written = files("rag.trust").joinpath(f"{name}.json").read_text(encoding="utf-8")
    fitted = json.loads(written)
    mean, scale, weights = (np.asarray(fitted[key]) for key in ("mean", "scale", "weights"))
    return Calibration(
        tuple(fitted["signals"]),
        mean,
        scale,
        weights,
        fitted["intercept"],
        fitted.get("thresholds", {}),
        f"{name} {fitted['date']} {hashlib.sha256(written.encode()).hexdigest()[:8]}",
    )
