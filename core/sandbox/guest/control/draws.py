"""Draws by address: NumPy's Philox, keyed by seed and address, counted by use.

The same generator as the project's own controlled runs use (`core.run.randomness.addressed`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_CUT = 2.0  # standard deviations at which a truncated normal ends, in every framework
TRUNCATED = 0.87962566103423978
"""Standard deviation of a standard normal cut at two of its own."""


class Draws:
    """The draws of one run.

    Args:
        seed: the run's seed.
        nudge: units in the last place by which initial weights move, each way as likely.
    """

    def __init__(self, seed: int, nudge: int = 0) -> None:
        self._seed = seed
        self._nudge = nudge
        self._used: Counter[str] = Counter()

    def next(self, address: str) -> np.random.Generator:
        """A fresh generator for the next draw at an address."""
        count = self._used[address]
        self._used[address] += 1
        return self.at(address, count)

    def at(self, address: str, count: int) -> np.random.Generator:
        """A fresh generator for one draw."""
        digest = hashlib.sha256(f"{self._seed}\x1f{address}".encode()).digest()
        key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
        counter = np.array([0, 0, count, 0], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(key=key, counter=counter))

    def weights(self, address: str, values: NDArray[np.float64]) -> NDArray[np.float32]:
        """Initial weights in single precision, moved where the run is nudged."""
        array = np.asarray(values, dtype=np.float32)
        if self._nudge:
            up = self.at(f"nudge/{address}", self._nudge).random(array.shape) > 0.5
            toward = np.where(up, np.float32(np.inf), np.float32(-np.inf)).astype(np.float32)
            for _ in range(self._nudge):
                moved = np.nextafter(array, toward)
                array = np.where(array == 0, array, moved).astype(np.float32)
        return array


def truncated(
    generator: np.random.Generator, shape: Sequence[int], mean: float, stddev: float
) -> NDArray[np.float64]:
    """Normal numbers, drawn again until they lie within two standard deviations."""
    values = generator.standard_normal(tuple(shape))
    while (out := np.abs(values) > _CUT).any():
        values[out] = generator.standard_normal(int(out.sum()))
    return np.asarray(mean + stddev * values)


def fans(shape: Sequence[int]) -> tuple[float, float]:
    """(fan_in, fan_out) of a kernel, as Keras computes them from its shape."""
    if not shape:
        return 1.0, 1.0
    if len(shape) == 1:
        return float(shape[0]), float(shape[0])
    window = float(np.prod(shape[:-2])) if len(shape) > 2 else 1.0
    return float(shape[-2]) * window, float(shape[-1]) * window
