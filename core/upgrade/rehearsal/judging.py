"""Verdicts: what an upgrade changes in one run, judged from traces alone.

Three pairs decide. Controlled runs share weights, batches and draws, so that whatever differs is
rounding or another meaning; native runs consume random numbers as the code does, so that another
random stream shows; and the baseline's control, the same runs once more, says what is noise.
"""

from __future__ import annotations

import attrs

from core.check.compare.against import BASELINE
from core.check.compare.traces import (
    compare_structure,
)
from core.check.golden.horizon import Horizon
from core.trace import Trace
from core.trace.difference import first_of_all, identical
from core.trace.finding import Finding, FindingCode, Severity
from core.upgrade.rehearsal.comparing import compare_controlled, compare_native, noise_of
from core.upgrade.rehearsal.run import RunResult, RunStatus
from core.upgrade.rehearsal.verdict import Kind, Observed, Verdict


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
    mine, base = candidate.controlled_trace, baseline.controlled_trace
    if mine is None or base is None:
        return _native_alone(baseline, again, candidate)
    updates = mine.steps * updates_per_step or sum(len(v) for v in mine.losses.values())
    if not mine.steps or not base.steps:
        where = "candidate" if base.steps else "baseline"
        return Verdict(Kind.UNOBSERVED, updates, f"no optimizer update was seen in the {where}")
    notes = _structure_notes(mine, base)
    noise = noise_of(again.controlled_trace, base, horizon)
    if noise is None:
        what = "the baseline differs from itself by more than rounding: nothing can be said"
        return Verdict(Kind.UNDECIDED, updates, what, first_of_all(mine.losses, base.losses), notes)
    kind, evidence, findings = compare_controlled(mine, base, noise)
    stream = compare_native(candidate, baseline, again, noise.horizon)
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
    mine, base, control = (o.native_trace for o in (candidate, baseline, again))
    calls = dict.fromkeys((*baseline.uncontrolled, *candidate.uncontrolled))
    why = f"random calls that are not controlled: {', '.join(calls)}" if calls else "none was made"
    why = f"no controlled run ({why})"
    if mine is None or base is None:
        return Verdict(Kind.UNDECIDED, 0, why)
    updates = sum(len(values) for values in mine.losses.values())
    if not mine.steps or not base.steps:
        return Verdict(Kind.UNOBSERVED, updates, "no optimizer update was seen")
    notes = _structure_notes(mine, base)
    if identical(mine, base):
        evidence = f"native: bit-identical over {mine.steps:,} steps; {why}"
        return Verdict(Kind.IDENTICAL, updates, evidence, None, notes)
    repeats = control is not None and identical(control, base)
    words = "other numbers" if repeats else "the baseline does not repeat itself"
    difference = first_of_all(mine.losses, base.losses)
    return Verdict(Kind.UNDECIDED, updates, f"native: {words}; {why}", difference, notes)


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
                evidence = f"the {who} did not run: {result.words}"
                return Verdict(kind, 0, evidence)
    found = [a for a in candidate.results if a.status is not RunStatus.RAN]
    if not found:
        return None
    worst = max(found, key=lambda result: _STOPS[result.status].rank)
    kind = _STOPS[worst.status]
    return Verdict(kind, 0, worst.words, findings=(_broken(worst),))


def _broken(result: RunResult) -> Finding:
    trouble = result.trouble
    return Finding(
        code=FindingCode.RUN_FAILED,
        where=trouble.where if trouble else "",
        message=result.words,
        evidence=f"{result.status} after {result.seconds:.1f} s, while the baseline ran",
        remedy="mend the call that the message names, or stay below this release "
        "(`parity bisect` names it)",
    )


def _structure_notes(mine: Trace, base: Trace) -> tuple[Finding, ...]:
    """Names, shapes, warnings and log lines that differ: notes, for no number depends on them."""
    findings = compare_structure(mine, base, BASELINE)
    return tuple(attrs.evolve(finding, severity=Severity.NOTE) for finding in findings)
