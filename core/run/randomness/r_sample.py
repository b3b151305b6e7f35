"""R's `set.seed` and `sample.int`, number for number, as R 3.6 and later compute them.

R's defaults: the Mersenne-Twister (Matsumoto and Nishimura 1998), and sampling by rejection:
enough random bits for the largest index are drawn until they make a valid one. NumPy's MT19937 is
the same generator, so only R's way of seeding it and of spending its output is written here.

Source: R's documentation, `?RNGkind` and `?sample`, and the behaviour of R itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import UsageError

_STATE_WORDS = 624
_WORD = 0xFFFFFFFF
# Above this population R hashes instead of shuffling (where it draws at most half of it).
_LARGEST = 10_000_000


class RGenerator:
    """R's default random number generator after `set.seed(seed)`.

    Args:
        seed: a whole number that R's integers hold.

    Raises:
        UsageError: a seed that R's `set.seed` does not take.
    """

    def __init__(self, seed: int) -> None:
        if not 0 <= seed < 2**31:
            raise UsageError(
                f"seed {seed}",
                where="R's set.seed",
                expected="a seed of 0 to 2147483647, the whole numbers that R holds",
                remedy="use a smaller --seed, or --randomness controlled",
            )
        self._twister = np.random.MT19937()
        self._twister.state = {
            "bit_generator": "MT19937",
            "state": {"key": _scrambled(seed), "pos": _STATE_WORDS},
        }

    def index(self, count: int) -> int:
        """A whole number in 0 … count-1, each as likely, by rejection."""
        width = (count - 1).bit_length()
        while True:
            bits = 0
            # R takes the upper 16 bits of each output, and counts up to and including the width: 16
            # bits take two outputs, not one.
            for _ in range(0, width + 1, 16):
                bits = (bits << 16) | (int(self._twister.random_raw()) >> 16)
            drawn = bits & ((1 << width) - 1)
            if drawn < count:
                return drawn

    def sample_int(self, count: int, size: int) -> NDArray[np.int64]:
        """`sample.int(count, size)`: distinct numbers in 1 … count.

        Each number drawn leaves a gap that the last remaining number fills.

        Args:
            count: the population, at most 10,000,000.
            size: how many to draw, at most `count`.

        Returns:
            Shape (size,), in the order drawn.

        Raises:
            ValueError: a size above the population, or a population that R treats differently.
        """
        if not 0 <= size <= count <= _LARGEST:
            raise ValueError(
                f"sample.int({count}, {size}): expected 0 <= size <= count <= {_LARGEST}"
            )
        remaining = list(range(1, count + 1))
        drawn = np.empty(size, dtype=np.int64)
        for position in range(size):
            chosen = self.index(len(remaining))
            drawn[position] = remaining[chosen]
            # As R does it, so that later draws index the same remaining numbers.
            last = remaining.pop()
            if chosen < len(remaining):
                remaining[chosen] = last
        return drawn


def _scrambled(seed: int) -> NDArray[np.uint32]:
    """The twister's state, shape (624,): a linear congruential sequence, its first 51 skipped."""
    words = np.empty(_STATE_WORDS, dtype=np.uint32)
    for _ in range(51):  # 50 to scramble the seed; the next is R's own counter, which it resets
        seed = (69069 * seed + 1) & _WORD
    for position in range(_STATE_WORDS):
        seed = (69069 * seed + 1) & _WORD
        words[position] = seed
    return words


def r_sample_int(seed: int, count: int, size: int) -> NDArray[np.int64]:
    """What `set.seed(seed); sample.int(count, size)` gives in a fresh R.

    Args:
        seed: a whole number that R's integers hold.
        count: the population.
        size: how many to draw without replacement.

    Returns:
        Numbers from 1, shape (size,).

    Raises:
        UsageError: a seed that R does not take.
    """
    return RGenerator(seed).sample_int(count, size)
