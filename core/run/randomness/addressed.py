"""Random numbers by address: the same (seed, stream, name, epoch, step) gives the same array.

NumPy's Philox 4x64 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") is
counter-based: the key comes from seed, stream and name, the counter's upper words are epoch and
step. A dropped op, an added layer or a resumed run shifts nothing else, because nothing is shared.
"""

from __future__ import annotations

import hashlib

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@frozen
class Addressed:
    """The draws of one run of one scenario.

    Attributes:
        seed: the run's one seed.
        stream: the scenario's lineage, so that scenarios that share it share their draws.
    """

    seed: int
    stream: str

    def generator(self, name: str, epoch: int = 0, step: int = 0) -> np.random.Generator:
        """A fresh generator for one draw."""
        # A separator that no name holds, or (`a`, `bc`) and (`ab`, `c`) would share an address.
        text = f"{self.seed}\x1f{self.stream}\x1f{name}"
        digest = hashlib.sha256(text.encode()).digest()
        # With its byte order said, the key is the same on every machine.
        key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
        # Philox increments the lowest counter word as it goes; the two highest hold the address.
        counter = np.array([0, 0, step, epoch], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(key=key, counter=counter))

    def normal(
        self, name: str, shape: tuple[int, ...], mean: float, stddev: float, epoch: int, step: int
    ) -> Floats:
        """Normal numbers of `shape`, drawn in double and rounded once to single precision."""
        # NumPy draws another stream for single precision; double, rounded once, is one stream for
        # all.
        drawn = self.generator(name, epoch, step).standard_normal(shape)
        return np.asarray(mean + stddev * drawn, dtype=np.float32)

    def uniform(
        self, name: str, shape: tuple[int, ...], low: float, high: float, epoch: int, step: int
    ) -> Floats:
        """Uniform numbers of `shape` on [low, high), drawn in double, rounded once."""
        drawn = self.generator(name, epoch, step).random(shape)
        return np.asarray(low + (high - low) * drawn, dtype=np.float32)

    def keep_mask(
        self, name: str, shape: tuple[int, ...], rate: float, epoch: int, step: int
    ) -> NDArray[np.uint8]:
        """A dropout mask of `shape`: 1 where a value is kept, 0 with probability `rate`."""
        drawn = self.generator(name, epoch, step).random(shape)
        return np.asarray(drawn >= rate, dtype=np.uint8)
