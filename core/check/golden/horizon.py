"""The rounding horizon of one scenario on one backend, as a golden holds it.

Two honest runs start one unit in the last place apart, and training amplifies that. Up to the
horizon a golden judges numbers, each step within what was measured there; beyond it, the trend.
Everything here is measured (`core.check.horizon`), nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from core.spec import rules


@frozen
class Sample:
    """One honest run and how far it went from its base, the same run as pinned.

    Attributes:
        name: the backend and what was varied, or two backends as pinned.
        equal_steps: losses of this many first steps were bit-identical to its base's.
        within: the largest relative difference of a loss inside the horizon.
        beyond: the largest difference of a window's mean loss beyond it, relative to the mean.
        needed: the least safety factor with which the other samples' horizon would have let this
            run pass (`core.check.horizon.measure`): how well the samples foretell each other.
    """

    name: str = field(validator=rules.text)
    equal_steps: int = field(validator=rules.natural)
    within: float
    beyond: float
    needed: float


@frozen
class Horizon:
    """How far honest runs may lie from the golden.

    Attributes:
        losses: for each loss the largest relative difference allowed at each step, from step 0 up
            to the horizon.
        window: training steps per window of the trend comparison.
        trends: for each loss the largest difference, in nats, allowed of each window's mean.
        spikes: for each loss, how many times its window's largest golden loss one may reach.
        metrics: the largest absolute difference allowed of each metric.
        norms: the largest relative difference allowed of a weight's norm after training, by the
            weight's role (`kernel`, `bias`, …).
        image_levels: the largest difference of a sample image's pixel, in grey levels of 256.
        exact_start: whether the initial weights must be bit-identical.
        samples: the honest runs it was measured from.
    """

    losses: Mapping[str, tuple[float, ...]]
    window: int
    trends: Mapping[str, tuple[float, ...]]
    spikes: Mapping[str, float]
    metrics: Mapping[str, float]
    norms: Mapping[str, float]
    image_levels: int
    exact_start: bool
    samples: tuple[Sample, ...]

    @property
    def numeric_steps(self) -> int:
        """The first steps whose losses are all compared as numbers."""
        return min((len(values) for values in self.losses.values()), default=0)

    def numeric(self, loss: str) -> Sequence[float]:
        """The largest relative difference allowed at each of the first steps."""
        return self.losses.get(loss, ())

    def mean(self, loss: str, window: int, wanted: float) -> float:
        """The largest difference allowed of a window's mean, in nats."""
        del wanted
        allowed = self.trends.get(loss, ())
        return allowed[window] if window < len(allowed) else 0.0

    def ceiling(self, loss: str, window: int, largest: float) -> float:
        """The largest single loss allowed in a window whose largest golden loss is given."""
        return self.spikes.get(loss, 1.0) * largest + self.mean(loss, window, largest)

    def metric(self, name: str) -> float:
        """The largest difference allowed of a metric."""
        return self.metrics.get(name, 0.0)

    def norm(self, weight: str) -> float:
        """The largest relative difference allowed of a weight's norm."""
        return self.norms.get(role(weight), 0.0)


def role(weight: str) -> str:
    """What a weight is in its layer: the last part of its name."""
    return weight.rpartition("/")[2]
