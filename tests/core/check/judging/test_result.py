"""What a check says in one sentence."""

from __future__ import annotations

import pytest

from core.check.judging import CheckReport, Result, Status
from core.trace.finding import Finding, FindingCode, Severity


def _result(scenario: str, status: Status) -> Result:
    return Result(scenario, "tensorflow", status, (), 1.0)


def _finding(severity: Severity) -> Finding:
    return Finding(FindingCode.GOLDEN_ORPHAN, "w", "m", "e", severity=severity)


P, F, S, E = Status.PASSED, Status.FAILED, Status.SKIPPED, Status.ERROR


@pytest.mark.parametrize(
    ("statuses", "severities", "passed", "decision"),
    [
        ([P, P], [], True, "all 2 runs passed (2 scenarios)"),
        ([P, S], [], True, "all 1 runs passed (1 scenarios); 1 skipped"),
        ([P, F, E], [], False, "2 of 3 runs failed (3 scenarios)"),
        ([F, S, S], [], False, "1 of 1 runs failed (1 scenarios); 2 skipped"),
        ([P], ["note"], True, "all 1 runs passed (1 scenarios)"),
        ([P], ["error"], False, "all 1 runs passed, but there is 1 finding besides"),
        ([P], ["warning", "error"], False, "all 1 runs passed, but there are 2 findings besides"),
        ([S], [], True, "nothing ran; 1 skipped"),
        ([], [], True, "nothing ran"),
    ],
)
def test_a_report_decides_by_its_results_and_its_findings(
    statuses: list[Status], severities: list[str], passed: bool, decision: str
) -> None:
    results = tuple(_result(f"toy/s{i}", status) for i, status in enumerate(statuses))
    findings = tuple(_finding(Severity(each)) for each in severities)
    report = CheckReport(results, findings, 1.0)
    assert (passed, decision) == (report.passed, report.decision)


def test_one_scenario_on_two_backends_is_two_runs() -> None:
    results = (_result("toy/first", P), Result("toy/first", "jax", P, (), 1.0))
    assert "all 2 runs passed (1 scenarios)" == CheckReport(results, (), 1.0).decision
