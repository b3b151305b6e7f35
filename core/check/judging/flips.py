"""Numbers that left the reference: a defect makes them leave it with every seed, a flip with one.

Now and then a unit whose input lies within rounding of zero is on in single precision and off in
double, and what follows is another run. Of a hundred honest runs with seeds that no horizon was
measured with, three or four met one in the steps that are compared. So with a seed that was not
measured a section whose numbers alone are wrong runs again with up to `REPEATS` others, each
against its own reference, and fails only if it leaves every one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from attrs import evolve

from core.check.judging.result import CheckReport, Result, Status
from core.trace.finding import Finding, FindingCode, Severity

REPEATS = 3
Pair = tuple[str, str]
"""A scenario's id and a backend."""
Again = Callable[[Sequence[Pair], int], CheckReport | None]
"""Runs the stations of some sections with the seed of an attempt, from 1; None: interrupted."""

_NUMBER = re.compile(r"\(station \w+\): (losses|variables|counters\.[^:]*( hits|/total))")


def is_number(finding: Finding) -> bool:
    """Whether a finding is of a number that a flipped unit can move."""
    return finding.code is FindingCode.GOLDEN_MISMATCH and bool(_NUMBER.search(finding.where))


def suspects(report: CheckReport) -> list[Pair]:
    """The runs that failed by their numbers alone."""
    return [
        (result.scenario, result.backend)
        for result in report.results
        if result.status is Status.FAILED
        and all(is_number(finding) for finding in result.findings if finding.fails)
    ]


def settled(report: CheckReport, again: Again) -> CheckReport:
    """A report in which what other seeds do not show is a note.

    Args:
        report: of a check.
        again: runs suspects with another seed; sections that cannot be run so are left out of its
            report, and stay as they are.
    """
    open_pairs = suspects(report)
    for attempt in range(1, REPEATS + 1):
        if not open_pairs:
            break
        other = again(open_pairs, attempt)
        if other is None:
            break
        found = {(result.scenario, result.backend): result for result in other.results}
        honest = {pair for pair in open_pairs if pair in found and _honest(found[pair])}
        results = [_noted(r) if (r.scenario, r.backend) in honest else r for r in report.results]
        report = evolve(report, results=tuple(results))
        open_pairs = [pair for pair in open_pairs if pair in found and pair not in honest]
    return report


def _honest(result: Result) -> bool:
    """Whether a repeat ran, and no number left the reference."""
    return result.status is Status.PASSED


def _noted(result: Result) -> Result:
    """A result whose numbers left the reference with one seed alone."""
    numbers = [finding for finding in result.findings if is_number(finding)]
    note = Finding(
        code=FindingCode.NOT_JUDGED,
        severity=Severity.NOTE,
        where=f"{result.scenario}@{result.backend}",
        message="a unit flipped: numbers left the reference with this seed and not with another",
        evidence=f"{result.scenario}, {numbers[0].where.rpartition(': ')[2]}",
        remedy="nothing, unless it comes back with every seed",
    )
    left = tuple(finding for finding in result.findings if not is_number(finding))
    return evolve(result, status=Status.PASSED, findings=(*left, note))
