"""Comparing losses: as numbers inside the first steps, as a trend over all of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from core.check.compare.tolerance import Allowance
from core.trace import Trace
from core.trace.finding import Finding, Severity, mismatch


def not_finite(trace: Trace) -> Iterator[Finding]:
    """A finding for the first loss or metric of each name that is NaN or infinite."""
    for kind, table in (("losses", trace.losses), ("metrics", trace.metrics)):
        for name, values in table.items():
            for index, value in enumerate(values):
                if not math.isfinite(value):
                    yield Finding(
                        code="not-finite",
                        severity=Severity.ERROR,
                        where=f"{trace.scenario}@{trace.backend} ({trace.randomness}): "
                        f"{kind}.{name}[{index}]",
                        message=f"{name} is {value}",
                        evidence=f"value {index} of {len(values)}; rule: every number is finite",
                        remedy="look at the data and the learning rate of this run",
                    )
                    break


def relative_difference(found: float, expected: float) -> float:
    """|found - expected| / |expected|, infinite where either is not finite."""
    if found == expected:
        return 0.0
    if not (math.isfinite(found) and math.isfinite(expected)):
        return math.inf
    return abs(found - expected) / max(abs(expected), 1e-30)


def compare_losses(trace: Trace, golden: Trace, allowance: Allowance) -> Iterator[Finding]:
    """Losses against the golden's.

    The trend covers all steps, the numeric comparison the first ones, so that a wider tolerance
    never adds a finding.
    """
    yield from not_finite(trace)
    for name, expected in golden.losses.items():
        found = trace.losses.get(name, ())
        yield from _numbers(trace, name, found, expected, allowance)
        yield from _trend(trace, name, found, expected, allowance)


def _numbers(
    trace: Trace,
    name: str,
    found: Sequence[float],
    expected: Sequence[float],
    allowance: Allowance,
) -> Iterator[Finding]:
    limits = allowance.numeric(name)
    for step, (value, golden, limit) in enumerate(zip(found, expected, limits, strict=False)):
        relative = relative_difference(value, golden)
        if not relative <= limit:
            yield mismatch(
                trace,
                f"losses.{name}[{step}]",
                f"{name} of step {step} differs from the golden",
                f"found {value!r}, expected {golden!r}, relative difference {relative:.2e}; "
                f"rule: at most {limit:.1e} at this step, inside a horizon of {len(limits)}",
            )
            return  # later steps follow from this one


def windows(count: int, size: int) -> list[tuple[int, int]]:
    """Consecutive windows over `count` steps; a rest shorter than half a window joins the last.

    A window's mean is compared, and the mean of a handful of losses scatters too much for that.
    """
    starts = list(range(0, count, size))
    if len(starts) > 1 and count - starts[-1] < size / 2:
        starts.pop()
    return list(zip(starts, [*starts[1:], count], strict=False))


def _trend(
    trace: Trace,
    name: str,
    found: Sequence[float],
    expected: Sequence[float],
    allowance: Allowance,
) -> Iterator[Finding]:
    cut = windows(min(len(found), len(expected)), allowance.window)
    for index, (start, stop) in enumerate(cut):
        mine, theirs = found[start:stop], expected[start:stop]
        size = min(len(mine), len(theirs))
        mean, wanted = sum(mine[:size]) / size, sum(theirs[:size]) / size
        allowed = allowance.mean(name, index, wanted)
        steps = f"steps {start} to {start + size - 1}"
        if not (math.isfinite(wanted) and abs(mean - wanted) <= allowed):
            yield mismatch(
                trace,
                f"losses.{name}[{start}:{start + size}]",
                f"{name} left the golden's trend",
                f"mean over {steps} is {mean:.4f}, expected {wanted:.4f}; "
                f"rule: within {allowed:.2g}",
            )
            return
        ceiling = allowance.ceiling(name, index, max(abs(value) for value in theirs))
        for step, value in enumerate(mine, start=start):
            if not abs(value) <= ceiling:
                yield mismatch(
                    trace,
                    f"losses.{name}[{step}]",
                    f"{name} of step {step} stands out",
                    f"found {value:.4f}; rule: at most {ceiling:.4f} over {steps}",
                )
                return
