"""Verdicts: what a run says about one published figure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen

from core.trace.claims import Claim
from core.trace.finding import Finding, FindingCode


class Outcome(StrEnum):
    """How a published figure fares.

    - `holds`: the run shows the figure, exactly or as a trend, whichever its kind asks for.
    - `differs`: the run shows another figure.
    - `not reproduced`: the run went far enough and produced no such figure. A dropped metric or
      log line is a finding; a wall-clock time, which another machine cannot reproduce, is none.
    - `not reached`: the run was cut short, by request, before the figure.
    """

    HOLDS = "holds"
    DIFFERS = "differs"
    NOT_REPRODUCED = "not reproduced"
    NOT_REACHED = "not reached"


@frozen
class Verdict:
    """The verdict on one claim.

    Attributes:
        claim: the published figure.
        verdict: the outcome.
        observed: what the run shows in its place, `None` where it shows nothing.
        finding: what to report. Claims judged together share one finding.
    """

    claim: Claim
    verdict: Outcome
    observed: float | str | None
    finding: Finding | None = None


@frozen
class Run:
    """What the judging needs to know about a run besides its trace.

    Attributes:
        scenario: `guide/section`, for messages.
        full_length: whether it ran as long as the guide's own run.
        same_images: whether it trained on the images the guide trained on.
    """

    scenario: str
    full_length: bool
    same_images: bool

    def finding(
        self,
        code: FindingCode,
        lines: Iterable[int],
        message: str,
        evidence: str,
    ) -> Finding:
        """A finding about the figures on some lines of the document."""
        numbers = sorted(set(lines))
        span = f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
        return Finding(
            code=code,
            where=f"{self.scenario}, published on line {span}",
            message=message,
            evidence=evidence,
            remedy="compare the scenario with the guide's section; if the guide is wrong, enter "
            "the defect in the ledger",
        )

    def missing(self, claim: Claim, code: FindingCode) -> Verdict:
        """The verdict on a figure that the run did not produce."""
        if not self.full_length:
            return Verdict(claim, Outcome.NOT_REACHED, None)
        finding = self.finding(
            code,
            [claim.line],
            f"The guide publishes {claim.published}; the run produced no such figure.",
            "nothing observed in a run of the published length",
        )
        return Verdict(claim, Outcome.NOT_REPRODUCED, None, finding)


def findings_of(verdicts: Iterable[Verdict]) -> tuple[Finding, ...]:
    """The findings of some verdicts, each once, in order."""
    found = (verdict.finding for verdict in verdicts)
    return tuple(dict.fromkeys(finding for finding in found if finding is not None))
