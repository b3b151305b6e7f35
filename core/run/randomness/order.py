"""Batch order: a shuffle through a buffer, as `tf.data.Dataset.shuffle` does it.

The buffer is filled with the first samples; each output is a random element of the buffer, whose
place the next sample takes. With a buffer smaller than the data this is *not* a uniform
permutation, which is what the guides use (1,024 of 50,000), so controlled runs use it too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def buffer_shuffle(count: int, buffer: int, generator: np.random.Generator) -> Indices:
    """The order in which `count` samples leave a shuffle buffer.

    Args:
        count: number of samples.
        buffer: slots in the buffer.
        generator: where the choices come from.

    Returns:
        Sample indices, shape (count,), each exactly once.
    """
    slots = list(range(min(buffer, count)))
    held = len(slots)
    # All choices in one call, and as plain ints: NumPy's scalars in a loop of 50,000 cost many
    # times as much.
    choices = generator.integers(0, max(held, 1), size=max(count - held, 0)).tolist()
    order: list[int] = []
    for incoming, slot in enumerate(choices, start=held):
        order.append(slots[slot])
        slots[slot] = incoming
    # The samples are used up: what is left in the buffer leaves it in random order.
    order.extend(np.asarray(slots, dtype=np.int64)[generator.permutation(held)].tolist())
    return np.asarray(order, dtype=np.int64)


def batches(order: Indices, batch: int) -> list[Indices]:
    """The order cut into batches of `batch` samples; the last one may be smaller."""
    return [order[start : start + batch] for start in range(0, len(order), batch)]
