"""A finding: a named, graded difference with its evidence and the remedy."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen


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
