"""Made-up runs: traces of a toy loop, as they come out of environments."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from core.check.golden.horizon import Horizon, Sample
from core.run.runner.options import RunOptions
from core.trace import Trace, WeightNorm
from core.upgrade.rehearsal.run import RunResult, RunStatus, Trouble
from core.upgrade.rehearsal.verdict import Observed
from tests.example_traces import TRACE

LOSSES = tuple(1.0 / (1 + step) for step in range(40))
CONTROLLED = RunOptions(seed=1, randomness="controlled")
NATIVE = RunOptions(seed=1, randomness="native", steps=4)

HORIZON = Horizon(
    losses={"loss": (1e-6,) * 10},
    window=100,
    trends={"loss": (0.05,)},
    spikes={"loss": 2.0},
    metrics={"val_acc": 0.01},
    norms={"kernel": 1e-4},
    image_levels=2,
    exact_start=True,
    samples=(Sample("nudged", 1, 1e-7, 0.01, 1.0),),
)
"""Ten steps of numbers to a part in a million, then the trend."""


def trace(losses: Sequence[float] = LOSSES, *, randomness: str = "controlled") -> Trace:
    """A run with these losses; its weights are told apart by them."""
    return attrs.evolve(
        TRACE,
        randomness=randomness,
        losses={"loss": tuple(losses)},
        metrics={"val_acc": (0.9,)},
        steps_per_epoch=len(losses),
        images=(),
        warnings=(),
        final_weights=(WeightNorm("model/0/kernel", (4, 4), 2.0),),
        final_digest=f"{hash(tuple(losses)):x}",
    )


def ran(losses: Sequence[float] = LOSSES, *, randomness: str = "controlled") -> RunResult:
    """A run that ended well."""
    return RunResult(RunStatus.RAN, trace(losses, randomness=randomness), seconds=1.0)


def observed(
    controlled: Sequence[float] = LOSSES, native: Sequence[float] = LOSSES[:4]
) -> Observed:
    """Both runs of one environment."""
    return Observed(ran(controlled), ran(native, randomness="native"))


def changed(step: int, relative: float, losses: Sequence[float] = LOSSES) -> tuple[float, ...]:
    """Losses that differ from a step on by a share of themselves."""
    return tuple(v * (1 + relative) if i >= step else v for i, v in enumerate(losses))


def failed(
    what: str = "AttributeError: no reset_states", status: RunStatus = RunStatus.FAILED
) -> RunResult:
    """A run that did not end well."""
    return RunResult(status, trouble=Trouble(what.partition(":")[0], what, "loop.py:3"), limit=60.0)


def evolved(base: Observed, **fields: object) -> Observed:
    """Runs whose controlled trace has other fields."""
    assert base.controlled is not None
    assert base.controlled.trace is not None
    values = attrs.asdict(base.controlled.trace, recurse=False) | fields
    return attrs.evolve(base, controlled=RunResult(RunStatus.RAN, Trace(**values)))
