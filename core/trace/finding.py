"""A finding: a named, graded difference with its evidence and the remedy."""

from __future__ import annotations

from attrs import Factory, field, frozen

from core.trace.codes import FindingCode, Severity

__all__ = ["Finding", "FindingCode", "Severity"]


def _registered(code: FindingCode) -> FindingCode:
    given: object = code
    if not isinstance(given, FindingCode):
        raise TypeError(f"{given!r} is no code of the registry, core/trace/codes.py")
    return code


@frozen
class Finding:
    """One difference that a person should know about.

    Attributes:
        code: what it is about (`golden-mismatch`, `claim-trend`, …).
        severity: `error` and `warning` fail a check, `note` does not; the code's, if not given.
        where: scenario and field, or document and line.
        message: what is wrong, in one sentence.
        evidence: the value found, the value expected and the rule.
        remedy: what to do about it; the code's, if not given.

    Raises:
        TypeError: the code is none of the registry's.
    """

    code: FindingCode = field(converter=_registered)
    severity: Severity = field(
        kw_only=True, default=Factory(lambda self: self.code.severity, takes_self=True)
    )
    where: str
    message: str
    evidence: str
    remedy: str = field(
        kw_only=True, default=Factory(lambda self: self.code.remedy, takes_self=True)
    )

    @property
    def fails(self) -> bool:
        """Whether this finding makes a check fail."""
        return self.severity is not Severity.NOTE
