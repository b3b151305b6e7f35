"""Two runs side by side: the first difference, the curves of their losses, their accuracies."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from attrs import field, frozen

from core.trace import Trace
from core.trace.difference import Difference, first_of_all

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 32  # columns of a curve


@frozen
class Course:
    """What a run did, step by step.

    Attributes:
        name: what it is a run of.
        losses: a number per step for each loss.
        metrics: a number per epoch for each reading.
        steps_per_epoch: training steps in an epoch.
        so_far: whether a loss is the mean over the epoch so far, as `fit` reports it.
    """

    name: str
    losses: Mapping[str, tuple[float, ...]]
    metrics: Mapping[str, tuple[float, ...]] = field(factory=dict)
    steps_per_epoch: int = 0
    so_far: bool = False

    @property
    def steps(self) -> int:
        """Training steps in all."""
        return max((len(values) for values in self.losses.values()), default=0)

    def epoch_means(self, loss: str) -> list[float]:
        """The mean of a loss over each epoch; of means so far the last."""
        values = self.losses[loss]
        size = self.steps_per_epoch or len(values) or 1
        parts = [values[first : first + size] for first in range(0, len(values), size)]
        return [part[-1] if self.so_far else math.fsum(part) / len(part) for part in parts]


@frozen
class Courses:
    """Two runs."""

    a: Course
    b: Course

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Losses that belong together: of one name, else in order."""
        ours, theirs = list(self.a.losses), list(self.b.losses)
        if set(ours) == set(theirs):
            return [(name, name) for name in ours]
        return list(zip(ours, theirs, strict=False))

    @property
    def steps(self) -> int:
        """Steps that both took."""
        return min(self.a.steps, self.b.steps)

    @property
    def first(self) -> Difference | None:
        """Where losses first differ, as far as both runs go; named as the first run names it."""
        mine, other = {}, {}
        for ours, theirs in self.pairs:
            shared = min(len(self.a.losses[ours]), len(self.b.losses[theirs]))
            mine[ours] = self.a.losses[ours][:shared]
            other[ours] = self.b.losses[theirs][:shared]
        return first_of_all(mine, other)

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        names = f"{self.a.name} and {self.b.name}"
        if not self.steps:
            return f"{names}: one of them takes no training step"
        first = self.first
        if first is not None:
            return (
                f"{names}: {first.loss} differs from step {first.step} on, by "
                f"{first.relative:.1e} of itself there"
            )
        if self.a.steps != self.b.steps:
            return (
                f"{names}: bit-identical losses over {self.steps} steps, but {self.a.steps} steps "
                f"against {self.b.steps}"
            )
        differing = [name for name, one, other in self._readings() if one != other]
        if differing:
            return f"{names}: bit-identical losses over {self.steps} steps; {differing[0]} differs"
        return f"{names}: bit-identical losses over {self.steps} steps"

    def _readings(self) -> Iterator[tuple[str, tuple[float, ...], tuple[float, ...]]]:
        """Readings that both have, by name, else by what their names say: of training, of val."""
        theirs = dict(self.b.metrics)
        for name, values in self.a.metrics.items():
            alike = (n for n in theirs if n == name or _kind(n) == _kind(name))
            other = name if name in theirs else next(alike, "")
            if other:
                yield name, values, theirs.pop(other)

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """A table: what, the first run's, the second's."""
        first = self.first
        if first is not None:
            yield f"{first.loss} at step {first.step}", f"{first.a!r}", f"{first.b!r}"
        for ours, theirs in self.pairs:
            yield f"{ours}, curve", curve(self.a.losses[ours]), curve(self.b.losses[theirs])
            means = self.a.epoch_means(ours), self.b.epoch_means(theirs)
            for epoch in range(max(map(len, means))):
                what = f"mean of epoch {epoch + 1}"
                if not self.a.so_far:
                    what = f"{ours}, {what}"
                yield what, _nth(means[0], epoch), _nth(means[1], epoch)
        for name, one, other in self._readings():
            for epoch in range(max(len(one), len(other))):
                yield f"{name}, epoch {epoch + 1}", _nth(one, epoch), _nth(other, epoch)


def _kind(name: str) -> str:
    return "validation" if "val" in name else "training"


def _nth(values: Sequence[float], place: int) -> str:
    return f"{values[place]:.4f}" if place < len(values) else "–"


def curve(values: Sequence[float], width: int = WIDTH) -> str:
    """A series as a row of bars, on a logarithmic scale where all of it is positive."""
    if not values:
        return ""
    count = min(width, len(values))
    edges = [len(values) * place // count for place in range(count + 1)]
    parts = [values[first:last] for first, last in pairwise(edges)]
    means = [math.fsum(part) / len(part) for part in parts]
    if not all(map(math.isfinite, means)):
        return "".join("×" if not math.isfinite(mean) else BARS[0] for mean in means)
    if min(means) > 0:
        means = [math.log(mean) for mean in means]
    low, high = min(means), max(means)
    span = (high - low) or 1.0
    return "".join(BARS[round((mean - low) / span * (len(BARS) - 1))] for mean in means)


def course(trace: Trace, name: str) -> Course:
    """The course of the runner's trace."""
    return Course(
        name,
        {loss: tuple(values) for loss, values in trace.losses.items()},
        {metric: tuple(values) for metric, values in trace.metrics.items()},
        trace.steps_per_epoch,
    )
