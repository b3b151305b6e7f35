"""How far numbers and series of numbers lie apart: the one place that says when two are equal.

Two numbers are equal where they are the same number, or where both are NaN: a run that repeats is
equal to itself, whatever it computed. Positive and negative zero are the same number.

The relative difference of two others is their distance over the larger of their magnitudes. So it
does not matter which of the two is asked first, nothing is ever divided by zero, and finite numbers
lie at most 2 apart. It is infinite where one of the two is not finite, or where one is missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from attrs import frozen

from core.trace.trace import Trace

Series = Sequence[float]
"""One number per step."""


def relative_difference(a: float | None, b: float | None) -> float:
    """The distance of two numbers over the larger magnitude; 0 exactly where they are equal.

    Args:
        a: a number; None where there is none.
        b: the other.
    """
    if a is None or b is None:
        return math.inf
    if a == b or (math.isnan(a) and math.isnan(b)):
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    smaller, larger = sorted((abs(a), abs(b)))
    distance = abs(a - b)
    # The distance of two huge numbers of unlike signs is beyond what a float can hold.
    return distance / larger if math.isfinite(distance) else 1.0 + smaller / larger


def differences(a: Series, b: Series) -> list[float]:
    """The relative difference at each step, infinite from where one of the two has ended."""
    return [relative_difference(one, other) for one, other in zip_longest(a, b)]


@frozen
class Difference:
    """Where two runs' losses first differ.

    Attributes:
        loss: the loss's name.
        step: the 0-based training step, over all epochs.
        a: the first run's number there; None where it has none.
        b: the second run's.
        relative: their relative difference.
        largest: the largest relative difference of this loss at any step.
    """

    loss: str
    step: int
    a: float | None
    b: float | None
    relative: float
    largest: float

    @property
    def words(self) -> str:
        """`at step 14 by 1.2e-07`."""
        return f"at step {self.step} by {self.relative:.1e}"


def first_difference(a: Series, b: Series, loss: str = "loss") -> Difference | None:
    """Where two series of one loss first differ, None where they are equal.

    Where one is shorter, the step after its end differs: cut both to compare what they share.

    Args:
        a: a number per step.
        b: the same, of the other run.
        loss: the loss's name.
    """
    apart = differences(a, b)
    step = next((step for step, relative in enumerate(apart) if relative), None)
    if step is None:
        return None
    mine, other = (values[step] if step < len(values) else None for values in (a, b))
    return Difference(loss, step, mine, other, apart[step], max(apart))


def first_of_all(a: Mapping[str, Series], b: Mapping[str, Series]) -> Difference | None:
    """Where the losses of two runs first differ: the earliest step, and there the first name.

    A loss that only one run has differs from its first step on.

    Args:
        a: a series for each loss's name.
        b: the same, of the other run.
    """
    names = dict.fromkeys((*a, *b))
    found = (first_difference(a.get(name, ()), b.get(name, ()), name) for name in names)
    return min(filter(None, found), key=lambda one: one.step, default=None)


def identical(a: Trace, b: Trace) -> bool:
    """Whether two runs are bit-identical: losses, metrics, weights, pictures.

    Names of layers, warnings and times are no part of that.
    """
    return (
        first_of_all(a.losses, b.losses) is None
        and first_of_all(a.metrics, b.metrics) is None
        and a.losses.keys() == b.losses.keys()
        and a.metrics.keys() == b.metrics.keys()
        and a.steps_per_epoch == b.steps_per_epoch
        and a.initial_weights == b.initial_weights
        and a.final_digest == b.final_digest
        and _pictures(a) == _pictures(b)
    )


def _pictures(trace: Trace) -> list[tuple[str, str]]:
    return [(image.name, image.pixels) for image in trace.images]
