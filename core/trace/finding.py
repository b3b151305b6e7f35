"""A finding: a named, graded difference with its evidence and the remedy."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from core.trace import Trace


class Severity(StrEnum):
    """How much a finding matters; notes never fail a run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen
class Finding:
    """One difference that a person should know about.

    Attributes:
        code: stable kebab-case name (`golden-mismatch`, `claim-trend`, …).
        severity: `error` and `warning` fail a check, `note` does not.
        where: scenario and field, or document and line.
        message: what is wrong, in one sentence.
        evidence: the value found, the value expected and the rule.
        remedy: what to do about it.
    """

    code: str
    severity: Severity
    where: str
    message: str
    evidence: str
    remedy: str

    @property
    def fails(self) -> bool:
        """Whether this finding makes a check fail."""
        return self.severity is not Severity.NOTE


def mismatch(
    trace: Trace, field: str, message: str, evidence: str, code: str = "golden-mismatch"
) -> Finding:
    """A finding that a field of a trace differs from the golden's."""
    return Finding(
        code=code,
        severity=Severity.ERROR,
        where=f"{trace.scenario}@{trace.backend} ({trace.randomness}): {field}",
        message=message,
        evidence=evidence,
        remedy="find the change that caused it; where it is meant, "
        f'run `parity record {trace.scenario} --reason "…"`',
    )
