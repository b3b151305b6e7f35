"""What a run is compared with, in the words of the findings about it."""

from __future__ import annotations

from attrs import frozen

from core.trace import Trace
from core.trace.finding import Finding, FindingCode, Severity


@frozen
class Against:
    """What the other side of a comparison is.

    Attributes:
        name: what findings call it.
        code: the code of a finding that something differs from it.
        remedy: what to do about that; `{scenario}` stands for the scenario's id.
        not_finite: what to do where the run computes something that is no finite number.
    """

    name: str
    code: FindingCode
    remedy: str
    not_finite: str

    def differs(
        self,
        scenario: str,
        at: str,
        message: str,
        evidence: str,
        code: FindingCode | None = None,
    ) -> Finding:
        """A finding that something differs from it.

        Args:
            scenario: the scenario's id.
            at: the rest of its place, the backend first.
            message: what is wrong.
            evidence: what was found and expected, and the rule.
            code: another code than its own.
        """
        return Finding(
            code=code or self.code,
            severity=Severity.ERROR,
            where=f"{scenario}@{at}",
            message=message,
            evidence=evidence,
            remedy=self.remedy.format(scenario=scenario),
        )


GOLDEN = Against(
    "golden",
    FindingCode.GOLDEN_MISMATCH,
    "find the change that caused it; where it is meant, run "
    '`parity record {scenario} --reason "…"`',
    FindingCode.NOT_FINITE.remedy,
)
RELEASE = FindingCode.TRACE_DIFFERS.remedy
BASELINE = Against("baseline", FindingCode.TRACE_DIFFERS, RELEASE, RELEASE)


@frozen
class Compared:
    """A run beside the one it is compared with.

    Attributes:
        trace: the run.
        base: the other one, whose every field must be met.
        against: what that is.
    """

    trace: Trace
    base: Trace
    against: Against = GOLDEN

    def differs(
        self, field: str, message: str, evidence: str, code: FindingCode | None = None
    ) -> Finding:
        """A finding that a field of the run differs.

        Args:
            field: which field of it.
            message: what is wrong.
            evidence: what was found and expected, and the rule.
            code: another code than that of `against`.
        """
        trace = self.trace
        at = f"{trace.backend} ({trace.randomness}): {field}"
        return self.against.differs(trace.scenario, at, message, evidence, code)
