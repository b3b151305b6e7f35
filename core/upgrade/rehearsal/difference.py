"""How two traces differ: equality to the bit, and the first step at which a loss differs."""

from __future__ import annotations

import math
from itertools import accumulate, zip_longest

from attrs import frozen

from core.check.compare.losses import relative_difference
from core.trace import Trace


@frozen
class Difference:
    """Where losses first differ.

    Attributes:
        step: the 0-based training step, over all epochs.
        relative: how far they lie apart there, relative to the baseline's; infinite where one of
            them is missing or not finite.
        loss: the loss's name.
        largest: the largest relative difference up to the end.
    """

    step: int
    relative: float
    loss: str
    largest: float

    @property
    def words(self) -> str:
        """`at step 14 by 1.2e-07`."""
        return f"at step {self.step} by {self.relative:.1e}"


def first_difference(mine: Trace, base: Trace) -> Difference | None:
    """The first step at which a loss differs, None where none does."""
    found: list[Difference] = []
    for name in dict.fromkeys((*base.losses, *mine.losses)):
        apart = _apart(mine, base, name)
        step = next((i for i, value in enumerate(apart) if value), None)
        if step is not None:
            found.append(Difference(step, apart[step], name, max(apart)))
    return min(found, key=lambda difference: difference.step, default=None)


def running_maximum(mine: Trace, base: Trace, loss: str) -> list[float]:
    """The largest relative difference so far at each step."""
    return list(accumulate(_apart(mine, base, loss), max))


def _apart(mine: Trace, base: Trace, loss: str) -> list[float]:
    pairs = zip_longest(mine.losses.get(loss, ()), base.losses.get(loss, ()))
    return [_relative(a, b) for a, b in pairs]


def _relative(mine: float | None, base: float | None) -> float:
    if mine is None or base is None:
        return math.inf
    if math.isnan(mine) and math.isnan(base):
        return 0.0
    return relative_difference(mine, base)


def identical(mine: Trace, base: Trace) -> bool:
    """Whether two runs computed the same, to the bit: losses, metrics, weights, pictures.

    Names of layers, warnings and times are no part of that.
    """
    if first_difference(mine, base) is not None or mine.steps_per_epoch != base.steps_per_epoch:
        return False
    if repr(dict(sorted(mine.metrics.items()))) != repr(dict(sorted(base.metrics.items()))):
        return False
    pictures = [(image.name, image.pixels) for image in mine.images]
    return (
        mine.initial_weights == base.initial_weights
        and mine.final_digest == base.final_digest
        and pictures == [(image.name, image.pixels) for image in base.images]
    )
