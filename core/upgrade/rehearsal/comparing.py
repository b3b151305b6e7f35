"""What controlled and native runs of two environments say about each other."""

from __future__ import annotations

from itertools import accumulate

import attrs
from attrs import frozen

from core.check.compare.against import BASELINE
from core.check.compare.losses import windows
from core.check.compare.traces import (
    compare_numbers,
    compare_trend_alone,
)
from core.check.golden.horizon import Horizon
from core.trace import Trace
from core.trace.difference import differences, first_of_all, identical
from core.trace.finding import Finding, FindingCode
from core.upgrade.rehearsal.verdict import Kind, Observed

NATIVE_LIMIT = 1e-4
"""Another draw changes a loss by far more than this within the first steps; rounding by less."""


@frozen
class Allowed:
    """The horizon, widened by what the baseline does to itself."""

    horizon: Horizon | None
    noisy: bool


def noise_of(again: Trace | None, base: Trace, horizon: Horizon | None) -> Allowed | None:
    """What the control shows; None where it is beyond the horizon, or where there is none."""
    if again is None:
        return None
    if identical(again, base):
        return Allowed(_fitting(horizon, base), noisy=False)
    allowed = _fitting(horizon, base)
    if allowed is None or _beyond(again, base, allowed):
        return None
    wider = {
        name: tuple(max(a, 2 * n) for a, n in zip(limits, _so_far(again, base, name), strict=False))
        for name, limits in allowed.losses.items()
    }
    return Allowed(attrs.evolve(allowed, losses=wider), noisy=True)


def _fitting(horizon: Horizon | None, base: Trace) -> Horizon | None:
    """The horizon of a run that is shorter than the one it was measured of.

    The mean of a part of a window scatters more than that of the whole: where a run ends within
    one that the horizon knows whole, that window is judged step by step alone, or not at all.
    """
    if horizon is None:
        return None
    count = len(windows(base.steps, horizon.window))
    trends = {
        name: limits if count == len(limits) else (*limits[: count - 1], float("inf"))
        for name, limits in horizon.trends.items()
    }
    return attrs.evolve(horizon, trends=trends)


def _beyond(mine: Trace, base: Trace, horizon: Horizon) -> list[Finding]:
    """What lies beyond the horizon: numbers and trends, not names."""
    return list(compare_numbers(mine, base, horizon, BASELINE))


def _so_far(mine: Trace, base: Trace, loss: str) -> list[float]:
    """The largest relative difference so far at each step."""
    apart = differences(mine.losses.get(loss, ()), base.losses.get(loss, ()))
    return list(accumulate(apart, max))


def compare_controlled(
    mine: Trace, base: Trace, allowed: Allowed
) -> tuple[Kind, str, list[Finding]]:
    """The verdict of two controlled runs, in which words, and what is wrong.

    Args:
        mine: the candidate's run.
        base: the baseline's.
        allowed: how far they may lie apart.
    """
    steps = f"{mine.steps:,} steps"
    if identical(mine, base):
        return Kind.IDENTICAL, f"bit-identical over {steps}", []
    horizon = allowed.horizon
    difference = first_of_all(mine.losses, base.losses)
    words = f"first differs {difference.words}" if difference else "weights differ, no loss does"
    if missing := _missing(mine, base):
        finding = Finding(
            code=FindingCode.TRACE_DIFFERS,
            where=mine.scenario,
            message="the run is of another shape than the baseline's",
            evidence=missing,
        )
        return Kind.DIVERGED, f"{words}; {missing}", [finding]
    if horizon is None:
        findings = list(compare_trend_alone(mine, base, against=BASELINE))
        if not findings:
            return Kind.SAME_TREND, f"{words}; no horizon is known, the trend is the same", []
        return Kind.DIVERGED, f"{words}; {_in_words(findings[0])}", findings
    findings = _beyond(mine, base, horizon)
    if findings:
        return Kind.DIVERGED, f"{words}; {_in_words(findings[0])}", findings
    if not horizon.numeric_steps:
        what = "numbers are shared from no step on, the trend is the same"
        return Kind.SAME_TREND, f"{words}; {what}", []
    inside = f"inside the rounding horizon of {min(horizon.numeric_steps, mine.steps):,} steps"
    tail = " (the baseline differs from itself, too)" if allowed.noisy else ""
    return Kind.ROUNDING, f"{words}, {inside}{tail}", []


def _missing(mine: Trace, base: Trace) -> str:
    """Losses or metrics that are not there, or of which there are more or fewer numbers."""
    for word, found, wanted in (
        ("steps of", mine.losses, base.losses),
        ("readings of", mine.metrics, base.metrics),
    ):
        for name in dict.fromkeys((*wanted, *found)):
            count, expected = len(found.get(name, ())), len(wanted.get(name, ()))
            if count != expected:
                return f"{count} {word} {name}, {expected} in the baseline"
    return ""


def _in_words(finding: Finding) -> str:
    return f"{finding.message} ({finding.where.rpartition(': ')[2]}): {finding.evidence}"


@frozen
class Stream:
    """What the native runs show."""

    other: bool
    rounding: bool
    words: str


def compare_native(
    candidate: Observed, baseline: Observed, again: Observed, horizon: Horizon | None
) -> Stream:
    """What the native runs show: another random stream, rounding, or neither.

    Args:
        candidate: the candidate's runs.
        baseline: the baseline's.
        again: the baseline's control.
        horizon: how far honest runs may lie apart.
    """
    mine, base = candidate.native_trace, baseline.native_trace
    if mine is None or base is None:
        return Stream(False, False, "not run")
    if identical(mine, base):
        return Stream(False, False, f"bit-identical over {mine.steps:,} steps")
    control = again.native_trace
    # What does not repeat in one environment cannot show that another one draws differently.
    if control is None or not identical(control, base):
        return Stream(False, False, "does not repeat in the baseline itself, so it says nothing")
    difference = first_of_all(mine.losses, base.losses)
    # Weights are drawn first of all: where they differ, so does whatever is drawn after them.
    if mine.initial_weights != base.initial_weights:
        return Stream(True, False, "other initial weights")
    if difference is None:
        return Stream(False, True, "equal losses, weights that round differently")
    if _near(mine, base, horizon):
        return Stream(False, True, f"differs by rounding {difference.words}")
    return Stream(True, False, f"other draws: differs {difference.words}")


def _near(mine: Trace, base: Trace, horizon: Horizon | None) -> bool:
    """Whether native losses lie no farther apart than rounding carries them."""
    for name, values in base.losses.items():
        limits = horizon.numeric(name) if horizon else ()
        apart = _so_far(mine, base, name)
        for step, value in enumerate(apart[: len(values)]):
            limit = limits[step] if step < len(limits) else NATIVE_LIMIT
            if not value <= max(limit, NATIVE_LIMIT):
                return False
    return mine.losses.keys() == base.losses.keys()
