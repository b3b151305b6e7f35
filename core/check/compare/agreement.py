"""Do the backends agree? The same controlled run on two of them, loss by loss.

Under controlled randomness weights, batches and draws are the same arrays, so that whatever still
differs is rounding, until training has amplified it. The limits are what the guides' sections were
measured to keep (two cores, Keras 3.15.1, TensorFlow 2.21.0, JAX 0.10.2, torch 2.13.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from attrs import frozen

from core.check.compare.tolerance import training_parts
from core.spec import Scenario, flat, ops
from core.spec.reading import reading
from core.trace import Trace
from core.trace.difference import relative_difference
from core.trace.finding import Finding, FindingCode


@frozen
class Limit:
    """The largest relative difference allowed over the first `steps` losses.

    `untrained` limits it to losses that a step computes before its first update.
    """

    steps: int
    relative: float
    untrained: bool = False


@frozen
class Agreement:
    """How far two backends lie apart on one loss.

    Attributes:
        scenario: the scenario's id.
        backends: the two backends.
        loss: the loss's name.
        steps: how many first steps were compared.
        limit: the largest relative difference allowed.
        largest: the largest one measured, and at which 0-based `step`.
    """

    scenario: str
    backends: tuple[str, str]
    loss: str
    steps: int
    limit: float
    largest: float
    step: int

    @property
    def holds(self) -> bool:
        """Whether the backends agree."""
        return self.largest <= self.limit

    def finding(self) -> Finding:
        """The finding of a disagreement."""
        first, second = self.backends
        return Finding(
            code=FindingCode.BACKEND_DRIFT,
            where=f"{self.scenario}@{first} and @{second}: losses.{self.loss}",
            message=f"{first} and {second} compute another {self.loss} from the same numbers",
            evidence=f"relative difference {self.largest:.1e} at step {self.step}; rule: at most "
            f"{self.limit:.0e} over the first {self.steps} steps",
            remedy=f"compare both with an independent reference at step {self.step}",
        )


def limits(scenario: Scenario, backends: tuple[str, str]) -> tuple[Limit, ...]:
    """What two backends keep on a scenario.

    - Adam on the classifier: 5e-6 over 50 steps were measured.
    - SGD on raw pixels doubles a difference about every step: 5e-5 by step 10, so 5 steps.
    - A GAN's first loss, before any update, comes from one forward pass: 1e-6. Over 12 steps torch
      stays within 1e-5 of TensorFlow, JAX within 2e-3 (measured). JAX leaves at the first update:
      at exactly 0, where black patches under zero biases lie, its LeakyReLU has the derivative 1,
      TensorFlow's and torch's have the negative slope, so that the convolutions' bias gradients
      differ.
    These hold for the goldens' seed; with another one a ReLU that flips on one backend only can
    end the agreement earlier (`docs/agreement.md` has the survey).
    - A section that continues a trained model starts from weights that have already drifted.
    - Backends that read a loss differently (`core.spec.reading`) compute different things.
    """
    if scenario.trains_first or len({reading(scenario, name) for name in backends}) > 1:
        return ()
    sgd, convolves = training_parts(scenario)
    if convolves:
        return (Limit(1, 1e-6, untrained=True), Limit(12, 2e-3 if "jax" in backends else 1e-5))
    return (Limit(5, 5e-5),) if sgd else (Limit(50, 1e-5),)


def before_any_update(scenario: Scenario) -> frozenset[str]:
    """The returned losses that a step computes before its first update."""
    made: set[str] = set()
    for op in flat(scenario.step):
        if isinstance(op, ops.Apply):
            break
        made.update(name for name, _ in op.makes())
    return frozenset(made) & frozenset(scenario.returned.losses)


def agreements(scenario: Scenario, traces: Mapping[str, Trace]) -> Iterator[Agreement]:
    """Every pair of backends on every loss of a scenario, within every limit.

    Args:
        scenario: the scenario.
        traces: its controlled traces by backend.
    """
    for pair in combinations(traces, 2):
        first, second = (traces[name].losses for name in pair)
        for limit in limits(scenario, pair):
            for name in before_any_update(scenario) if limit.untrained else first:
                largest, step = _largest(first[name], second.get(name, ()), limit.steps)
                steps = min(limit.steps, len(first[name]))
                yield Agreement(scenario.id, pair, name, steps, limit.relative, largest, step)


def _largest(first: Sequence[float], second: Sequence[float], steps: int) -> tuple[float, int]:
    apart = list(map(relative_difference, first[:steps], second[:steps]))
    largest = max(apart, default=0.0)
    return largest, apart.index(largest) if apart else 0
