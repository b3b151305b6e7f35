"""Verdicts: what an upgrade changes in one run, judged from traces alone.

Three pairs decide. Controlled runs share weights, batches and draws, so that whatever differs is
rounding or another meaning; native runs consume random numbers as the code does, so that another
random stream shows; and the baseline's control, the same runs once more, says what is noise.
"""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import accumulate

import attrs
from attrs import frozen

from core.check.compare.against import BASELINE
from core.check.compare.losses import windows
from core.check.compare.traces import (
    compare_numbers,
    compare_structure,
    compare_trend_alone,
)
from core.check.golden.horizon import Horizon
from core.trace import Trace
from core.trace.difference import Difference, differences, first_of_all, identical
from core.trace.finding import Finding, FindingCode, Severity
from core.upgrade.rehearsal.run import RunResult, RunStatus


class Kind(StrEnum):
    """What became of a run in the candidate, from the best to the worst."""

    IDENTICAL = "identical"
    ROUNDING = "rounding"
    RANDOM_STREAM = "random stream"
    SAME_TREND = "same trend"
    DIVERGED = "diverged"
    BROKEN = "broken"
    UNOBSERVED = "unobserved"
    UNDECIDED = "undecided"
    TIMEOUT = "timeout"

    @property
    def rank(self) -> int:
        """Its place in that order."""
        return list(Kind).index(self)

    @property
    def fails(self) -> bool:
        """Whether it makes `parity upgrade` exit with 1: from `diverged` on."""
        return self.rank >= Kind.DIVERGED.rank

    @property
    def rounding_or_better(self) -> bool:
        """Whether the numbers are the same up to rounding, draws included."""
        return self in (Kind.IDENTICAL, Kind.ROUNDING)


@frozen
class Verdict:
    """A verdict with its evidence.

    Attributes:
        kind: the verdict.
        updates: optimizer updates observed in the candidate's controlled run.
        evidence: what was compared and found, in one sentence.
        first_difference: where the controlled losses first differ, None where they never do.
        findings: what else differs, and what is wrong.
    """

    kind: Kind
    updates: int
    evidence: str
    first_difference: Difference | None = None
    findings: tuple[Finding, ...] = ()


@frozen
class Observed:
    """One environment's runs of one subject.

    Attributes:
        controlled: the run with addressed draws; None where there is none (an undeclared loop).
        native: the run with the code's own draws.
        uncontrolled: the random calls that keep the controlled run from being one.
    """

    controlled: RunResult | None
    native: RunResult | None = None
    uncontrolled: tuple[str, ...] = ()

    @property
    def results(self) -> tuple[RunResult, ...]:
        """The runs that were made."""
        return tuple(a for a in (self.controlled, self.native) if a is not None)


NATIVE_LIMIT = 1e-4
"""Another draw changes a loss by far more than this within the first steps; rounding by less."""


def judge(
    baseline: Observed,
    again: Observed,
    candidate: Observed,
    horizon: Horizon | None,
    *,
    updates_per_step: int = 1,
) -> Verdict:
    """What the candidate changes.

    Args:
        baseline: the baseline's runs.
        again: the same runs once more, in the baseline, in another process.
        candidate: the candidate's runs.
        horizon: how far honest controlled runs may lie apart; None where it is not known.
        updates_per_step: optimizer updates in one training step.
    """
    stopped = _stopped(baseline, again, candidate)
    if stopped is not None:
        return stopped
    mine, base = _trace(candidate.controlled), _trace(baseline.controlled)
    if mine is None or base is None:
        return _native_alone(baseline, again, candidate)
    updates = mine.steps * updates_per_step or sum(len(v) for v in mine.losses.values())
    if not mine.steps or not base.steps:
        where = "candidate" if base.steps else "baseline"
        return Verdict(Kind.UNOBSERVED, updates, f"no optimizer update was seen in the {where}")
    notes = structure_notes(mine, base)
    noise = _noise(_trace(again.controlled), base, horizon)
    if noise is None:
        what = "the baseline differs from itself by more than rounding: nothing can be said"
        return Verdict(Kind.UNDECIDED, updates, what, first_of_all(mine.losses, base.losses), notes)
    kind, evidence, findings = _controlled(mine, base, noise)
    stream = _stream(candidate, baseline, again, noise.horizon)
    if kind in (Kind.IDENTICAL, Kind.ROUNDING):
        if stream.other:
            kind = Kind.RANDOM_STREAM
        elif stream.rounding:
            kind = Kind.ROUNDING
    evidence = f"controlled: {evidence}; native: {stream.words}"
    return Verdict(
        kind, updates, evidence, first_of_all(mine.losses, base.losses), (*findings, *notes)
    )


def _native_alone(baseline: Observed, again: Observed, candidate: Observed) -> Verdict:
    """Without a controlled run only equality can be told from another random stream."""
    mine, base, control = (_trace(o.native) for o in (candidate, baseline, again))
    calls = dict.fromkeys((*baseline.uncontrolled, *candidate.uncontrolled))
    why = f"random calls that are not controlled: {', '.join(calls)}" if calls else "none was made"
    why = f"no controlled run ({why})"
    if mine is None or base is None:
        return Verdict(Kind.UNDECIDED, 0, why)
    updates = sum(len(values) for values in mine.losses.values())
    if not mine.steps or not base.steps:
        return Verdict(Kind.UNOBSERVED, updates, "no optimizer update was seen")
    notes = structure_notes(mine, base)
    if identical(mine, base):
        evidence = f"native: equal to the bit over {mine.steps:,} steps; {why}"
        return Verdict(Kind.IDENTICAL, updates, evidence, None, notes)
    repeats = control is not None and identical(control, base)
    words = "other numbers" if repeats else "the baseline does not repeat itself"
    difference = first_of_all(mine.losses, base.losses)
    return Verdict(Kind.UNDECIDED, updates, f"native: {words}; {why}", difference, notes)


def _trace(result: RunResult | None) -> Trace | None:
    return None if result is None else result.trace


_STOPS = {
    RunStatus.TIMEOUT: Kind.TIMEOUT,
    RunStatus.KILLED: Kind.UNDECIDED,
    RunStatus.MEMORY: Kind.BROKEN,
    RunStatus.FAILED: Kind.BROKEN,
}


def _stopped(baseline: Observed, again: Observed, candidate: Observed) -> Verdict | None:
    """The verdict where a run did not end well: the baseline's first, then the candidate's."""
    for who, observed in (("baseline", baseline), ("baseline's control", again)):
        for result in observed.results:
            if result.status is not RunStatus.RAN:
                timed = result.status is RunStatus.TIMEOUT
                kind = Kind.TIMEOUT if timed else Kind.UNDECIDED
                evidence = f"the {who} did not run: {trouble_words(result)}"
                return Verdict(kind, 0, evidence)
    found = [a for a in candidate.results if a.status is not RunStatus.RAN]
    if not found:
        return None
    worst = max(found, key=lambda result: _STOPS[result.status].rank)
    kind = _STOPS[worst.status]
    return Verdict(kind, 0, trouble_words(worst), findings=(_broken(worst),))


_PLACE = re.compile(r"[^\s'\"(]*/site-packages/")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


def trouble_words(result: RunResult) -> str:
    """Why a run did not end well, in one line that no folder's or object's address is part of."""
    trouble = result.trouble
    what = " ".join((trouble.what if trouble else str(result.status)).split())
    what = _ADDRESS.sub("0x…", _PLACE.sub("…/", what))
    if result.status is RunStatus.MEMORY:
        what = f"out of memory (limit {result.limit / 2**30:.1f} GiB): {what}"
    return what


def _broken(result: RunResult) -> Finding:
    trouble = result.trouble
    return Finding(
        code=FindingCode.RUN_FAILED,
        where=trouble.where if trouble else "",
        message=trouble_words(result),
        evidence=f"{result.status} after {result.seconds:.1f} s, while the baseline ran",
        remedy="mend the call that the message names, or stay below this release "
        "(`parity bisect` names it)",
    )


@frozen
class _Allowed:
    """The horizon, widened by what the baseline does to itself."""

    horizon: Horizon | None
    noisy: bool


def _noise(again: Trace | None, base: Trace, horizon: Horizon | None) -> _Allowed | None:
    """What the control shows; None where it is beyond the horizon, or where there is none."""
    if again is None:
        return None
    if identical(again, base):
        return _Allowed(_fitting(horizon, base), noisy=False)
    allowed = _fitting(horizon, base)
    if allowed is None or _beyond(again, base, allowed):
        return None
    wider = {
        name: tuple(max(a, 2 * n) for a, n in zip(limits, _so_far(again, base, name), strict=False))
        for name, limits in allowed.losses.items()
    }
    return _Allowed(attrs.evolve(allowed, losses=wider), noisy=True)


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


def structure_notes(mine: Trace, base: Trace) -> tuple[Finding, ...]:
    """Names, shapes, warnings and log lines that differ: notes, for no number depends on them."""
    findings = compare_structure(mine, base, BASELINE)
    return tuple(attrs.evolve(finding, severity=Severity.NOTE) for finding in findings)


def _controlled(mine: Trace, base: Trace, allowed: _Allowed) -> tuple[Kind, str, list[Finding]]:
    steps = f"{mine.steps:,} steps"
    if identical(mine, base):
        return Kind.IDENTICAL, f"equal to the bit over {steps}", []
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
class _Stream:
    """What the native runs show."""

    other: bool
    rounding: bool
    words: str


def _stream(
    candidate: Observed, baseline: Observed, again: Observed, horizon: Horizon | None
) -> _Stream:
    mine, base = _trace(candidate.native), _trace(baseline.native)
    if mine is None or base is None:
        return _Stream(False, False, "not run")
    if identical(mine, base):
        return _Stream(False, False, f"equal to the bit over {mine.steps:,} steps")
    control = _trace(again.native)
    if control is None or not identical(control, base):
        return _Stream(False, False, "does not repeat in the baseline itself, so it says nothing")
    difference = first_of_all(mine.losses, base.losses)
    if mine.initial_weights != base.initial_weights:
        return _Stream(True, False, "other initial weights")
    if difference is None:
        return _Stream(False, True, "equal losses, weights that round otherwise")
    if _near(mine, base, horizon):
        return _Stream(False, True, f"differs by rounding {difference.words}")
    return _Stream(True, False, f"other draws: differs {difference.words}")


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
