"""Matrices and rectangles of a PDF page (ISO 32000-2, 8.3.4): [a b c d e f] brings (x, y) to (ax+cy+e, bx+dy+f)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

Matrix = tuple[float, float, float, float, float, float]

SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Box(NamedTuple):
    """A rectangle on the page, in its units."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in it, or at its edge."""
        return self.left - 1 <= x <= self.right + 1 and self.bottom - 1 <= y <= self.top + 1


def matrix_of(given: Sequence[Any]) -> Matrix:
    """Six operands as a matrix. Raises `ValueError` where they are not six numbers."""
    a, b, c, d, e, f = map(float, given)
    return a, b, c, d, e, f


def times(one: Matrix, other: Matrix) -> Matrix:
    """`one`, then `other`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """The point that `matrix` brings (x, y) to."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
