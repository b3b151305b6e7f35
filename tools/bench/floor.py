"""The arithmetic floor: a step's matrix products in NumPy, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

SIZES = (784, 64, 64, 10)


class Floor:
    """The matrix products of one training step of the guides' classifier.

    Args:
        batch: samples per step.
    """

    def __init__(self, batch: int) -> None:
        rng = np.random.default_rng(0)
        pairs = pairwise(SIZES)
        self._weights = [rng.standard_normal(pair).astype(np.float32) for pair in pairs]
        self._x = rng.standard_normal((batch, SIZES[0])).astype(np.float32)

    def steps(self, count: int) -> float:
        """Forward and backward products of some steps; the sum keeps them from being skipped."""
        total = 0.0
        for _ in range(count):
            activations = [self._x]
            for weight in self._weights:
                activations.append(activations[-1] @ weight)
            gradient = activations[-1]
            for index in (2, 1, 0):
                total += float((activations[index].T @ gradient)[0, 0])
                if index:
                    gradient = gradient @ self._weights[index].T
        return total
