"""Do the backends agree? The same controlled run on two of them, loss by loss.

Under controlled randomness weights, batches and draws are the same arrays, so that what still
differs between two backends that mean the same is rounding, until training has amplified it. How
far rounding carries two honest runs apart is the section's measured horizon
(`core.check.golden.horizon`), and that is the limit here too. Backends that mean different things
by a step (`core.spec.reading`) are not compared beyond what they mean alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from attrs import frozen

from core.check.golden.horizon import Horizon
from core.spec import Scenario, flat, ops
from core.spec.reading import reading, same_meaning
from core.trace import Trace
from core.trace.difference import relative_difference
from core.trace.finding import Finding, FindingCode


@frozen
class Agreement:
    """How far two backends lie apart on one loss.

    Attributes:
        scenario: the scenario's id.
        backends: the two backends.
        loss: the loss's name.
        steps: how many first steps were compared.
        limit: the largest relative difference allowed at `step`.
        largest: the difference there.
        step: where the difference is largest for its limit, from 0.
    """

    scenario: str
    backends: tuple[str, str]
    loss: str
    steps: int
    limit: float
    largest: float
    step: int

    @property
    def share(self) -> float:
        """The difference as a share of what is allowed."""
        return self.largest / self.limit

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
            f"{self.limit:.1e}, the section's measured horizon at that step",
            remedy=f"compare both with an independent reference at step {self.step}",
        )


def before_any_update(scenario: Scenario) -> frozenset[str]:
    """The returned losses that a step computes before its first update."""
    made: set[str] = set()
    for op in flat(scenario.step):
        if isinstance(op, ops.Apply):
            break
        made.update(name for name, _ in op.makes())
    return frozenset(made) & frozenset(scenario.returned.losses)


def compared_steps(scenario: Scenario, backends: tuple[str, str], loss: str) -> int | None:
    """How many first steps of a loss two backends mean alike; None is all of them.

    Where only a derivative is meant differently, losses before the first update are still alike.
    """
    if same_meaning(scenario, *backends):
        return None
    if len({reading(scenario, name) for name in backends}) > 1 or scenario.trains_first:
        return 0
    return 1 if loss in before_any_update(scenario) else 0


def agreements(
    scenario: Scenario, traces: Mapping[str, Trace], horizons: Mapping[str, Horizon]
) -> Iterator[Agreement]:
    """Every pair of backends on every loss of a scenario, inside the horizon of both.

    Args:
        scenario: the scenario.
        traces: its controlled traces by backend.
        horizons: what was measured of it, by backend, with the seed and images of the traces. A
            backend without one is compared with none: how far it may lie apart is not known.
    """
    for pair in combinations([name for name in traces if name in horizons], 2):
        for loss in traces[pair[0]].losses:
            numeric = [horizons[name].numeric(loss) for name in pair]
            limits = [max(both) for both in zip(*numeric, strict=False)]
            limits = limits[: compared_steps(scenario, pair, loss)]
            first, second = (traces[name].losses.get(loss, ()) for name in pair)
            if apart := list(map(relative_difference, first, second))[: len(limits)]:
                step = _worst(apart, limits)
                yield Agreement(
                    scenario.id, pair, loss, len(apart), limits[step], apart[step], step
                )


def _worst(apart: Sequence[float], limits: Sequence[float]) -> int:
    """The step whose difference is largest for its limit."""
    shares = [found / limit for found, limit in zip(apart, limits, strict=False)]
    return shares.index(max(shares))
