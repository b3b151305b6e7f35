"""What the probes feed in: constants, so that references are computed of the same numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEATURES: Array = np.array(
    [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-2.0, 1.0, 0.5], [0.1, 0.2, 3.0]]
)
KERNEL: Array = np.array([[0.3], [-0.7], [0.9]])
BIAS: Array = np.array([0.1])
CLASSES_KERNEL: Array = np.array([[0.3, -0.2, 0.5], [-0.7, 0.4, 0.1], [0.9, -0.3, 0.2]])
CLASSES_BIAS: Array = np.array([0.1, -0.1, 0.0])
BINARY: Array = np.array([[1.0], [0.0], [1.0], [0.0]])
CLASSES = np.array([0, 2, 1, 1])
SATURATED = 40.0  # a logit whose sigmoid is 1 in single precision
GRADIENTS: tuple[tuple[float, ...], ...] = ((0.5, -1.0, 2.0), (0.25, 5.0, -3.0), (-6.0, 0.1, 0.4))
START: tuple[float, ...] = (0.0, 0.0, 0.0)  # so that movements keep all their digits
SEED = 7
DROPPED = 0.25
ROWS = 4096  # elements that a dropout mask is looked at with
