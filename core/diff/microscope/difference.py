"""How far two tensors are apart, on the scale of the tensor itself."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.run.backends.protocol import Array

Numbers = NDArray[np.float64]
EPSILON = {"float32": float(np.finfo(np.float32).eps), "float64": float(np.finfo(np.float64).eps)}
"""One unit in the last place of 1.0."""


def coarser(one: str, other: str) -> str:
    """The precision in which two runs can be compared."""
    return "float32" if "float32" in (one, other) else "float64"


def difference(a: Array, b: Array) -> float:
    """The largest difference of two tensors, relative to the largest magnitude in either.

    Relative to each element it would say little: an element that cancels to almost nothing carries
    the rounding of the large ones it was summed from.

    Returns:
        0 where all values are equal, infinity where shapes differ or one side has a NaN or an
        infinity that the other has not.
    """
    if a.shape != b.shape:
        return math.inf
    if not a.size:
        return 0.0
    with np.errstate(invalid="ignore"):
        apart = np.subtract(a, b, dtype=np.float64)
    largest = float(np.max(np.abs(apart)))
    if largest == 0.0:
        return 0.0
    if math.isfinite(largest):
        return largest / max(_magnitude(a), _magnitude(b))
    return _not_finite(np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64))


def _magnitude(a: Array) -> float:
    return max(float(a.max()), -float(a.min()))


def _not_finite(x: Numbers, y: Numbers) -> float:
    """The same where a tensor has a NaN or an infinity: equal ones count as equal."""
    differ = ~((x == y) | (np.isnan(x) & np.isnan(y)))
    if not bool((np.isfinite(x) & np.isfinite(y))[differ].all()):
        return math.inf
    if not bool(differ.any()):
        return 0.0
    finite = np.isfinite(x) & np.isfinite(y)
    scale = max(float(np.abs(side[finite]).max()) for side in (x, y))
    return float(np.abs(x[differ] - y[differ]).max()) / scale
