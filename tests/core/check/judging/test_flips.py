"""A number that leaves the reference with one seed alone is a note; with every seed it fails."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from attrs import evolve

from core.check.judging import CheckReport, Result, Status, settled
from core.check.judging.flips import REPEATS, is_number, suspects
from core.trace.finding import Finding, FindingCode, Severity


def _finding(place: str) -> Finding:
    return Finding(FindingCode.GOLDEN_MISMATCH, f"toy/a@jax {place}", "differs", "found 1")


FLIP = _finding("(station start): losses.loss[5]")
COUNTED = _finding("(station late): counters.steps[0]")
GRADUAL = Finding(FindingCode.NOT_JUDGED, "toy/a", "m", "e", severity=Severity.NOTE)


def _report(*findings: Finding, scenario: str = "toy/a") -> CheckReport:
    failed = any(finding.fails for finding in findings)
    status = Status.FAILED if failed else Status.PASSED
    return CheckReport((Result(scenario, "jax", status, findings, 1.0),), (), 1.0)


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("(station start): losses.loss[5]", True),
        ("(station late): variables.model/0/kernel", True),
        ("(station late): counters.train_acc hits[0]", True),
        ("(station late): counters.accuracy/total[0]", True),
        ("(station late): counters.steps[0]", False),
        ("(station late): counters.train_acc samples[0]", False),
        ("(station late): metrics.val_acc", False),
        ("(stations): models.model", False),
        ("(native): losses.loss[0:100]", False),
    ],
)
def test_losses_variables_and_hits_of_stations_are_numbers(place: str, number: bool) -> None:
    assert number == is_number(_finding(place))


class _Again:
    """Answers each attempt with a report, and remembers what was asked."""

    def __init__(self, *reports: CheckReport | None) -> None:
        self._left = list(reports)
        self.asked: list[tuple[list[tuple[str, str]], int]] = []

    def __call__(self, pairs: Sequence[tuple[str, str]], attempt: int) -> CheckReport | None:
        self.asked.append((list(pairs), attempt))
        return self._left.pop(0)


def test_what_passes_is_not_run_again() -> None:
    again = _Again()
    report = _report(GRADUAL)
    assert report == settled(report, again)
    assert [] == again.asked


def test_a_flip_with_one_seed_is_a_note_and_other_notes_stay() -> None:
    again = _Again(_report(FLIP), _report())
    (result,) = settled(_report(FLIP, GRADUAL), again).results
    assert [([("toy/a", "jax")], 1), ([("toy/a", "jax")], 2)] == again.asked
    assert Status.PASSED is result.status
    kept, note = result.findings
    assert GRADUAL == kept
    assert (FindingCode.NOT_JUDGED, "toy/a, losses.loss[5]") == (note.code, note.evidence)
    assert not note.fails


def test_what_leaves_the_reference_with_every_seed_fails() -> None:
    again = _Again(*[_report(FLIP)] * REPEATS)
    report = _report(FLIP)
    assert report == settled(report, again)
    assert REPEATS == len(again.asked)


def test_what_is_more_than_a_number_is_not_run_again() -> None:
    report = _report(FLIP, COUNTED)
    assert [] == suspects(report)
    assert report == settled(report, _Again())


@pytest.mark.parametrize("other", [None, _report(scenario="toy/b")], ids=["stopped", "not run"])
def test_what_could_not_be_run_again_stays_as_it_is(other: CheckReport | None) -> None:
    again = _Again(other)
    report = _report(FLIP)
    assert report == settled(report, again)
    assert 1 == len(again.asked)


def test_a_repeat_that_fails_otherwise_is_not_honest() -> None:
    broken = evolve(_report().results[0], status=Status.ERROR)
    again = _Again(*[CheckReport((broken,), (), 1.0)] * REPEATS)
    assert Status.FAILED is settled(_report(FLIP), again).results[0].status
