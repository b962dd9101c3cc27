"""Confidences beside what came true, as arrays."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def beside(confidences: ArrayLike, values: ArrayLike) -> tuple[Floats, Floats]:
    """Both as arrays of one dimension. Raises `ValueError` where they are not of one length."""
    sure, came = np.asarray(confidences, np.float64), np.asarray(values, np.float64)
    if sure.ndim != 1 or sure.shape != came.shape:
        raise ValueError(f"confidences and values must be of one length, not {sure.shape} and {came.shape}")
    return sure, came
