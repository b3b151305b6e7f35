"""What a run says about published figures, one by one."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from core.trace.claims import Claim, ClaimVerdict
from core.trace.finding import Finding


@frozen
class JudgedClaim:
    """The verdict on one published figure.

    Attributes:
        claim: the figure.
        verdict: how it fares.
        observed: what the run shows in its place, `None` where it shows nothing.
        finding: what to report. Claims judged together share one finding.
    """

    claim: Claim
    verdict: ClaimVerdict
    observed: float | str | None
    finding: Finding | None = None


def findings_of(judged: Iterable[JudgedClaim]) -> tuple[Finding, ...]:
    """The findings of some verdicts, each once, in order."""
    found = (one.finding for one in judged)
    return tuple(dict.fromkeys(finding for finding in found if finding is not None))
