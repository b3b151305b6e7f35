"""Comparing losses: as numbers inside the first steps, as a trend over all of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from core.check.compare.against import GOLDEN, Compared
from core.check.compare.tolerance import Allowance
from core.trace import Trace
from core.trace.difference import relative_difference
from core.trace.finding import Finding, FindingCode


def not_finite(trace: Trace, remedy: str = GOLDEN.not_finite) -> Iterator[Finding]:
    """A finding for the first loss or metric of each name that is NaN or infinite."""
    for kind, table in (("losses", trace.losses), ("metrics", trace.metrics)):
        for name, values in table.items():
            for index, value in enumerate(values):
                if not math.isfinite(value):
                    yield Finding(
                        code=FindingCode.NOT_FINITE,
                        where=f"{trace.scenario}@{trace.backend} ({trace.randomness}): "
                        f"{kind}.{name}[{index}]",
                        message=f"{name} is {value}",
                        evidence=f"value {index} of {len(values)}; rule: every number is finite",
                        remedy=remedy,
                    )
                    break


def compare_losses(compared: Compared, allowance: Allowance) -> Iterator[Finding]:
    """Losses against those of the run it is compared with.

    The trend covers all steps, the numeric comparison the first ones, so that a wider tolerance
    never adds a finding.
    """
    yield from not_finite(compared.trace, compared.against.not_finite)
    for name, expected in compared.base.losses.items():
        found = compared.trace.losses.get(name, ())
        yield from _numbers(compared, name, found, expected, allowance)
        yield from _trend(compared, name, found, expected, allowance)


def _numbers(
    compared: Compared,
    name: str,
    found: Sequence[float],
    expected: Sequence[float],
    allowance: Allowance,
) -> Iterator[Finding]:
    limits = allowance.numeric(name)
    for step, (value, wanted, limit) in enumerate(zip(found, expected, limits, strict=False)):
        relative = relative_difference(value, wanted)
        # Not `relative > limit`: NaN compares false with everything, and must not pass.
        if not relative <= limit:
            yield compared.differs(
                f"losses.{name}[{step}]",
                f"{name} of step {step} differs from the {compared.against.name}",
                f"found {value!r}, expected {wanted!r}, relative difference {relative:.2e}; "
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
    compared: Compared,
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
        # Written so that NaN on either side is a finding.
        if not (math.isfinite(wanted) and abs(mean - wanted) <= allowed):
            yield compared.differs(
                f"losses.{name}[{start}:{start + size}]",
                f"{name} left the {compared.against.name}'s trend",
                f"mean over {steps} is {mean:.4f}, expected {wanted:.4f}; "
                f"rule: within {allowed:.2g}",
            )
            return
        ceiling = allowance.ceiling(name, index, max(abs(value) for value in theirs))
        for step, value in enumerate(mine, start=start):
            if not abs(value) <= ceiling:
                yield compared.differs(
                    f"losses.{name}[{step}]",
                    f"{name} of step {step} stands out",
                    f"found {value:.4f}; rule: at most {ceiling:.4f} over {steps}",
                )
                return
