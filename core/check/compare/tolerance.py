"""What a comparison lets pass.

Two runs on the same machine, backend and seed are bit-identical. A golden is also compared on
*other* machines, where instruction sets and thread counts change the order of sums: differences
start at one unit in the last place (6e-8 relative) and training amplifies them. How far is
measured, per scenario and backend, and stored in the golden (`core.check.golden.horizon.Horizon`).
The `Tolerance` here is for what no golden measures: another seed, data set or random stream.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import attrs
from attrs import field, frozen

from core.spec import rules


class Allowance(Protocol):
    """What a comparison asks: a measured `Horizon` or a `Tolerance` answers."""

    @property
    def numeric_steps(self) -> int:
        """How many first steps are compared as numbers."""
        ...

    @property
    def window(self) -> int:
        """Training steps per window of the trend comparison."""
        ...

    @property
    def exact_start(self) -> bool:
        """Whether the initial weights must be bit-identical."""
        ...

    @property
    def image_levels(self) -> int:
        """The largest difference of a pixel, in grey levels of 256."""
        ...

    def numeric(self, loss: str) -> Sequence[float]:
        """The largest relative difference allowed at each of the first steps."""
        ...

    def mean(self, loss: str, window: int, wanted: float) -> float:
        """The largest difference allowed of a window's mean loss `wanted`, in nats."""
        ...

    def ceiling(self, loss: str, window: int, largest: float) -> float:
        """The largest single loss allowed in a window whose largest golden loss is given."""
        ...

    def metric(self, name: str) -> float:
        """The largest absolute difference allowed of a metric."""
        ...

    def norm(self, weight: str) -> float:
        """The largest relative difference allowed of a weight's norm after training."""
        ...


@frozen
class Tolerance:
    """One limit for every loss, metric and weight.

    Attributes:
        numeric_steps: losses of this many first steps are compared as numbers.
        numeric_relative: largest relative difference of such a loss.
        window: training steps per window of the trend comparison.
        trend_relative: largest relative difference of a window's mean loss.
        trend_absolute: added to it, in nats: small losses scatter more than in proportion.
        spike: no single loss may exceed its window's largest golden loss by this factor.
        metric_absolute: largest difference of an accuracy.
        exact_start: whether the initial weights must be bit-identical.
        norm_relative: largest relative difference of a weight's norm after training.
        image_levels: largest difference of a sample image's pixel, in grey levels of 256.
    """

    numeric_steps: int = field(validator=rules.natural)
    numeric_relative: float = field(validator=rules.positive)
    window: int = field(default=100, validator=rules.count)
    trend_relative: float = field(default=0.4, validator=rules.positive)
    trend_absolute: float = field(default=0.1, validator=rules.positive)
    spike: float = field(default=4.0, validator=rules.positive)
    metric_absolute: float = field(default=0.02, validator=rules.positive)
    exact_start: bool = field(default=True, validator=rules.flag)
    norm_relative: float = field(default=0.6, validator=rules.positive)
    image_levels: int = field(default=2, validator=rules.natural)

    def numeric(self, loss: str) -> Sequence[float]:
        """The same limit at each of the first steps."""
        del loss
        return (self.numeric_relative,) * self.numeric_steps

    def mean(self, loss: str, window: int, wanted: float) -> float:
        """In proportion to the mean, and a little besides."""
        del loss, window
        return self.trend_relative * abs(wanted) + self.trend_absolute

    def ceiling(self, loss: str, window: int, largest: float) -> float:
        """In proportion to the window's largest loss, and a little besides."""
        del loss, window
        return self.spike * largest + self.trend_absolute

    def metric(self, name: str) -> float:
        """One limit for all metrics."""
        del name
        return self.metric_absolute

    def norm(self, weight: str) -> float:
        """One limit for all weights."""
        del weight
        return self.norm_relative


def across_seeds(tolerance: Tolerance) -> Tolerance:
    """The tolerance where seeds, data sets or random streams differ: trend only.

    Measured over seeds: window means up to 44 % apart, single losses 2.6 times the window's
    largest, accuracies 0.018. Each limit is about twice that.
    """
    return attrs.evolve(
        tolerance,
        numeric_steps=0,
        exact_start=False,
        trend_relative=max(0.9, tolerance.trend_relative),
        trend_absolute=max(0.3, tolerance.trend_absolute),
        spike=max(6.0, tolerance.spike),
        metric_absolute=max(0.04, tolerance.metric_absolute),
    )


TREND = across_seeds(Tolerance(numeric_steps=0, numeric_relative=1e-5))
"""What holds between any two seeds of the guides' sections."""
