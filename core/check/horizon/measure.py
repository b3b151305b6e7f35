"""From honest runs to a horizon.

A sample is a run that may differ from its base by rounding only: a variation of a backend's run as
pinned, or another backend's run. At each step the envelope is the largest relative difference of
any sample from its base. Samples of all backends are pooled: where a unit flips on one of them, it
may flip on another one elsewhere. Three rules make it a tolerance:

- It looks ahead: a unit that flips at step t in one sample may flip earlier on another machine, so
  step t gets the envelope of step `LOOK_AHEAD · t + LOOK_AHEAD_STEPS`.
- It is widened by `SAFETY`, for there are few samples. How much is needed was measured: each
  sample is judged by the horizon of the others, and the factor it would have needed is stored.
- It ends where it would let pass `CHAOS`: from there on only the trend is shared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from core.check.compare.losses import windows
from core.check.golden.horizon import Horizon, Sample, role
from core.trace import Trace
from core.trace.difference import differences

SAFETY = 8.0
LOOK_AHEAD = 2.0
LOOK_AHEAD_STEPS = 5
FLOOR = 2.0**-20
"""Eight units in the last place of float32: what a sum's order may change within one step."""
CHAOS = 0.05
WINDOW = 100
LEAST_METRIC = 5e-4
"""Five images of the guides' 10,000: near a decision's boundary any rounding may turn one."""
TREND_SAFETY = 3.0
NEIGHBOURS = 2
"""A window's allowance also counts this many windows before and after it: chaos has no calendar."""

Series = NDArray[np.float64]


@frozen
class Honest:
    """A run that may differ from its base by rounding only, and what differed."""

    name: str
    trace: Trace
    base: Trace


def envelope(differences: Sequence[Series]) -> Series:
    """The largest difference so far, looking ahead, at each step."""
    largest = np.maximum.accumulate(np.max(np.stack(differences), axis=0))
    steps = np.arange(len(largest))
    # Near the end there is nothing to look ahead to: the last step's envelope stands for it.
    ahead = np.minimum(LOOK_AHEAD * steps + LOOK_AHEAD_STEPS, len(largest) - 1).astype(int)
    return np.asarray(largest[ahead])


def allowed(differences: Sequence[Series]) -> Series:
    """The tolerance of each step, up to the horizon."""
    if not differences or not len(differences[0]):
        return np.zeros(0)
    limits = np.maximum(SAFETY * envelope(differences), FLOOR)
    # The envelope is a running maximum, so that limits never fall: one cut is enough.
    beyond = np.flatnonzero(limits > CHAOS)
    return limits[: beyond[0]] if len(beyond) else limits


def measure(golden: Trace, honest: Sequence[Honest], *, fresh: bool) -> Horizon:
    """The horizon of a golden.

    Args:
        golden: the run as pinned, controlled.
        honest: runs of the same scenario that differ from their bases by rounding only.
        fresh: whether training starts from addressed weights, which are bit-identical
            everywhere; False where it goes on with a model that was trained before.

    Raises:
        ValueError: no honest run, or one of another length.
    """
    if not honest:
        raise ValueError("a horizon needs at least one honest run besides the golden's")
    for run in honest:
        lengths = {name: len(values) for name, values in run.trace.losses.items()}
        if lengths != {name: len(values) for name, values in golden.losses.items()}:
            raise ValueError(f"{run.name}: another number of steps than the golden's")
    differences = {name: [_apart(run, name) for run in honest] for name in golden.losses}
    losses = {name: allowed(found) for name, found in differences.items()}
    # A step is inside the horizon where all its losses are: those of a GAN train each other.
    numeric = min((len(values) for values in losses.values()), default=0)
    return Horizon(
        losses={name: _all_rounded_up(values[:numeric]) for name, values in losses.items()},
        window=WINDOW,
        trends={name: _trend(name, golden, honest) for name in golden.losses},
        spikes={name: _spike(name, golden, honest) for name in golden.losses},
        metrics={name: _metric(name, honest) for name in golden.metrics},
        norms=_norms(honest),
        image_levels=_levels(honest),
        exact_start=fresh,
        samples=tuple(
            _sample(index, run, golden, differences, numeric) for index, run in enumerate(honest)
        ),
    )


def _apart(run: Honest, name: str) -> Series:
    return np.asarray(differences(run.trace.losses[name], run.base.losses[name]))


def _all_rounded_up(values: Series) -> tuple[float, ...]:
    return tuple(rounded_up(value) for value in values)


def rounded_up(value: float) -> float:
    """Two significant digits, never less than the value: a file of limits that reads well."""
    if value == 0 or not np.isfinite(value):
        return float(value)
    # The small subtraction keeps 2.0 from becoming 2.1 where its logarithm is off by rounding; what
    # it cuts too low the last line mends.
    digits = int(np.floor(np.log10(value))) - 1
    rounded = float(f"{np.ceil(value / 10.0**digits - 1e-9) * 10.0**digits:.1e}")
    return rounded if rounded >= value else float(f"{rounded + 10.0**digits:.1e}")


def _means(trace: Trace, name: str) -> Series:
    values = np.asarray(trace.losses[name], dtype=np.float64)
    return np.array([values[a:b].mean() for a, b in windows(len(values), WINDOW)])


def _share(run: Honest, name: str) -> Series:
    """How far each window's mean lies from the base's, as a share of the base's.

    Not their relative difference: the share is multiplied by a golden's mean again.
    """
    mine, base = _means(run.trace, name), _means(run.base, name)
    return np.asarray(np.abs(mine - base) / np.maximum(np.abs(base), 1e-30))


def _trend(name: str, golden: Trace, honest: Sequence[Honest]) -> tuple[float, ...]:
    if not golden.losses[name]:
        return ()
    wanted = _means(golden, name)
    # Relative to the mean, so that a window early in training lends nothing to late ones.
    share = np.max([_share(run, name) for run in honest], axis=0)
    around = [share[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1].max() for i in range(len(share))]
    floor = FLOOR * np.abs(wanted)
    return _all_rounded_up(np.maximum(TREND_SAFETY * np.array(around) * np.abs(wanted), floor))


def _largest(trace: Trace, name: str) -> Series:
    values = np.abs(np.asarray(trace.losses[name], dtype=np.float64))
    return np.array([values[a:b].max() for a, b in windows(len(values), WINDOW)])


def _spike(name: str, golden: Trace, honest: Sequence[Honest]) -> float:
    if not golden.losses[name]:
        return 1.0
    ratios = [_largest(r.trace, name) / np.maximum(_largest(r.base, name), 1e-30) for r in honest]
    above = max(float(ratio.max()) for ratio in ratios)
    return rounded_up(1.0 + TREND_SAFETY * max(0.0, above - 1.0))


def _metric(name: str, honest: Sequence[Honest]) -> float:
    pairs = [(run.trace.metrics[name], run.base.metrics[name]) for run in honest]
    found = [abs(a - b) for mine, base in pairs for a, b in zip(mine, base, strict=True)]
    return rounded_up(max(TREND_SAFETY * max(found), LEAST_METRIC))


def _norms(honest: Sequence[Honest]) -> dict[str, float]:
    found: dict[str, float] = {}
    for run in honest:
        for mine, wanted in zip(run.trace.final_weights, run.base.final_weights, strict=True):
            # A bias may have a norm of almost 0, of which any difference is many times its size.
            apart = abs(mine.norm - wanted.norm) / max(wanted.norm, 1e-3)
            found[role(wanted.name)] = max(found.get(role(wanted.name), FLOOR), apart)
    return {name: rounded_up(TREND_SAFETY * value) for name, value in found.items()}


def _levels(honest: Sequence[Honest]) -> int:
    from core.run.runner.printing import decoded

    largest = 0
    for run in honest:
        for mine, wanted in zip(run.trace.images, run.base.images, strict=True):
            apart = np.abs(decoded(mine).astype(int) - decoded(wanted).astype(int))
            largest = max(largest, int(apart.max()))
    # A pixel is rounded to a whole level, which may tip on another machine without any other cause.
    return 1 + int(TREND_SAFETY * largest)


def _sample(
    index: int,
    run: Honest,
    golden: Trace,
    differences: Mapping[str, Sequence[Series]],
    numeric: int,
) -> Sample:
    mine = [found[index] for found in differences.values()]
    unequal = [int(np.flatnonzero(values)[0]) for values in mine if values.any()]
    beyond = 0.0
    for name in golden.losses:
        if golden.losses[name]:
            apart = _share(run, name)
            first = next(
                (i for i, (a, _) in enumerate(windows(golden.steps, WINDOW)) if a >= numeric), None
            )
            beyond = max(beyond, float(apart[first:].max()) if first is not None else 0.0)
    within = max((float(values[:numeric].max()) for values in mine if numeric), default=0.0)
    return Sample(
        name=run.name,
        equal_steps=min(unequal, default=golden.steps),
        within=rounded_up(within),
        beyond=rounded_up(beyond),
        needed=rounded_up(_needed(index, differences)),
    )


def _needed(index: int, differences: Mapping[str, Sequence[Series]]) -> float:
    """The least safety factor with which the other samples foretell this one."""
    worst = 0.0
    for found in differences.values():
        others = [values for i, values in enumerate(found) if i != index]
        if not others or not len(found[index]):
            continue
        ahead = envelope(others)
        beyond = np.flatnonzero(SAFETY * ahead > CHAOS)
        steps = int(beyond[0]) if len(beyond) else len(ahead)
        if steps:
            # The floor holds whatever the factor is, so that the factor is taken out of it here.
            ratio = found[index][:steps] / np.maximum(ahead[:steps], FLOOR / SAFETY)
            worst = max(worst, float(ratio.max()))
    return worst
