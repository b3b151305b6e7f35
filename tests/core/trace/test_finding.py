"""Findings: a code of the registry, and what it does not say itself."""

from __future__ import annotations

import pytest

from core.trace.encoding import plain
from core.trace.finding import Finding, FindingCode, Severity


def test_severity_and_remedy_are_the_code_s_unless_given() -> None:
    found = Finding(FindingCode.ZERO_STEPS, "a.md:3", "no step", "0 steps")
    assert (Severity.ERROR, FindingCode.ZERO_STEPS.remedy) == (found.severity, found.remedy)
    found = Finding(FindingCode.ZERO_STEPS, "a.md", "m", "e", severity=Severity.NOTE, remedy="wait")
    assert (Severity.NOTE, "wait", False) == (found.severity, found.remedy, found.fails)


def test_a_code_that_is_not_registered_is_refused() -> None:
    for code in ("zero-steps", "zero-stops"):
        with pytest.raises(TypeError, match=f"'{code}' is no code of the registry"):
            Finding(code, "a.md", "m", "e")  # type: ignore[arg-type]


def test_the_fields_of_the_json_document_stand_in_the_contract_s_order() -> None:
    found = plain(Finding(FindingCode.NOT_FINITE, "w", "m", "e", remedy="r"))
    assert {
        "code": "not-finite",
        "severity": "error",
        "where": "w",
        "message": "m",
        "evidence": "e",
        "remedy": "r",
    } == found
    assert isinstance(found, dict)
    assert ["code", "severity", "where", "message", "evidence", "remedy"] == list(found)
