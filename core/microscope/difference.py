"""How far two tensors are apart, on the scale of the tensor itself."""

from __future__ import annotations

import math

import numpy as np

from core.backends.protocol import Array

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
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    equal = (x == y) | (np.isnan(x) & np.isnan(y))
    if bool(equal.all()):
        return 0.0
    x, y = x[~equal], y[~equal]
    if not bool(np.isfinite(x).all() and np.isfinite(y).all()):
        return math.inf
    scale = max(_largest(a), _largest(b))
    return float(np.max(np.abs(x - y))) / scale


def _largest(a: Array) -> float:
    finite = np.abs(np.asarray(a, dtype=np.float64))
    finite = finite[np.isfinite(finite)]
    return float(finite.max()) if finite.size else 0.0
