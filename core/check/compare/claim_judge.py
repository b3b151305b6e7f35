"""The judge of published figures: which figure a run shows holds, and which does not.

It is the same whether a scenario's trace shows the figures (`core.check.compare.claims`) or what a
document's own cells printed (`core.documents.validation.figures`): those read what stands in a
figure's place, this decides. Structure (shapes, layers, parameters, counts) is exact and an error
where it differs; losses and accuracies are trends and warnings, within the limits measured in
`core.check.compare.claim_tolerances`; ratios of times are notes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from attrs import frozen

from core.check.compare.claim_tolerances import (
    ADVERSARIAL,
    FLOOR,
    MEDIAN_ERROR,
    OTHER_IMAGES,
    SAME_IMAGES,
    SAMPLING_Z,
    TIMES_FACTOR,
    Tolerances,
)
from core.check.compare.judged import JudgedClaim
from core.trace.claims import Claim, ClaimKind, ClaimVerdict
from core.trace.finding import Finding, FindingCode, Severity

CODES = {
    ClaimKind.LAYER: FindingCode.CLAIM_SHAPE,
    ClaimKind.OUTPUT: FindingCode.CLAIM_SHAPE,
    ClaimKind.PARAMS: FindingCode.CLAIM_PARAMS,
    ClaimKind.LOSS: FindingCode.CLAIM_TREND,
    ClaimKind.ACCURACY: FindingCode.CLAIM_TREND,
    ClaimKind.FIGURE: FindingCode.CLAIM_TREND,
    ClaimKind.TIME: FindingCode.CLAIM_SPEEDUP,
    ClaimKind.SPEEDUP: FindingCode.CLAIM_SPEEDUP,
}
"""What a figure of a kind that differs is; of any other kind it is a count."""

Problem = tuple[str, str]
"""What is wrong, and the evidence."""


@frozen
class Reading:
    """A published figure beside the run's.

    Attributes:
        claim: the figure.
        observed: the run's figure in its place.
        level: what the run's figures around it come to; the figure itself where it stands alone.
    """

    claim: Claim
    observed: float
    level: float

    @property
    def ratio(self) -> float:
        """Logarithm of the run's level over the published figure."""
        return math.log(max(abs(self.level), FLOOR) / max(abs(value_of(self.claim)), FLOOR))


@frozen
class ClaimJudge:
    """The judge of one run.

    Attributes:
        same_images: whether it trained on the images that the published run trained on. Trends
            are then held more tightly than on other handwriting.
        scenario: id of the scenario that ran; empty where a document's own cells did.
    """

    same_images: bool
    scenario: str = ""

    @property
    def publisher(self) -> str:
        """What publishes the figures."""
        return "guide" if self.scenario else "document"

    def tolerances(self, claim: Claim) -> Tolerances:
        """How far an honest run may lie from a published loss or accuracy."""
        if claim.name in ("d_loss", "g_loss"):
            return ADVERSARIAL
        return SAME_IMAGES if self.same_images else OTHER_IMAGES

    def finding(
        self,
        code: FindingCode,
        claims: Sequence[Claim],
        message: str,
        evidence: str,
        severity: Severity | None = None,
    ) -> Finding:
        """A finding about some published figures."""
        lines = sorted({claim.line for claim in claims})
        span = f"{lines[0]}" if len(lines) == 1 else f"{lines[0]}-{lines[-1]}"
        if self.scenario:
            where = f"{self.scenario}, published on line {span}"
            remedy = (
                "compare the scenario with the guide's section; if the guide is wrong, enter the "
                "defect in the ledger"
            )
        else:
            where, remedy = f"{claims[0].at.path}:{span}", code.remedy
        severity = severity or code.severity
        return Finding(code, where, message, evidence, severity=severity, remedy=remedy)

    def holds(self, claim: Claim, observed: float | str | None) -> JudgedClaim:
        """The run shows the figure."""
        return JudgedClaim(claim, ClaimVerdict.HOLDS, observed)

    def not_reached(self, claim: Claim, observed: float | str | None = None) -> JudgedClaim:
        """The run did not get as far, or trained for less than the published one."""
        return JudgedClaim(claim, ClaimVerdict.NOT_REACHED, observed)

    def missing(self, claim: Claim, *, reached: bool = True) -> JudgedClaim:
        """The run shows no such figure; that is a finding if it went far enough to."""
        if not reached:
            return self.not_reached(claim)
        evidence = "nothing observed in a run of the published length"
        if claim.place is not None:
            evidence = f"published {claim.place.text!r}; the cell ran to its end"
        message = f"the {self.publisher} publishes {claim.published}; the run shows no such figure"
        finding = self.finding(code_of(claim), [claim], message, evidence)
        return JudgedClaim(claim, ClaimVerdict.NOT_REPRODUCED, None, finding)

    def differs(
        self,
        claim: Claim,
        observed: float | str | None,
        *,
        shown: str,
        message: str = "",
        code: FindingCode | None = None,
        severity: Severity | None = None,
    ) -> JudgedClaim:
        """The run shows another figure.

        Args:
            claim: the published figure.
            observed: what the run shows in its place.
            shown: the same in words.
            message: what is wrong, where it is not simply another figure.
            code: another code than that of the claim's kind.
            severity: another severity than the code's.
        """
        message = message or self.not_what_is_published(claim)
        evidence = f"published {claim.figure}, observed {shown}"
        finding = self.finding(code or code_of(claim), [claim], message, evidence, severity)
        return JudgedClaim(claim, ClaimVerdict.DIFFERS, observed, finding)

    def exact(self, claim: Claim, observed: float) -> JudgedClaim:
        """A number that must be met as it stands."""
        if observed == claim.value:
            return self.holds(claim, observed)
        return self.differs(claim, observed, shown=f"{observed:.10g}")

    def not_what_is_published(self, claim: Claim) -> str:
        """That a figure is another one, in words."""
        return f"{claim.name or claim.kind} is not what the {self.publisher} publishes"

    def accuracy(self, claim: Claim, observed: float, chance: float = 0.0) -> Problem | None:
        """What is wrong with an accuracy.

        One printed as 0.0000 is what a metric prints that saw no sample; it must be met exactly.
        Others must show their `share` of the published rise above chance.

        Args:
            claim: the published accuracy.
            observed: the run's.
            chance: the accuracy of a model that has learnt nothing, where it is known.
        """
        allowed, published = self.tolerances(claim), value_of(claim)
        low, high = chance + allowed.share * (published - chance), published + allowed.excess
        if published < FLOOR:
            low, high = 0.0, FLOOR
        if low <= observed <= high:
            return None
        evidence = (
            f"published {claim.printed}, observed {observed:.4f}, allowed {low:.3f}..{high:.3f} "
            f"(line {claim.line})"
        )
        return self.not_what_is_published(claim), evidence

    def level(self, readings: Sequence[Reading], spread: float | None) -> Problem | None:
        """What is wrong with the level of a sequence of losses, or of one that stands alone.

        The median of the logarithms of ratios is compared with what the level of honest runs
        drifts, and with the sampling error of so few figures.

        Args:
            readings: of one sequence.
            spread: how far single ones scatter about the level, as a logarithm; None for one
                that stands alone.
        """
        name, allowed = readings[0].claim.name, self.tolerances(readings[0].claim)
        for one in readings:
            line, published = f"(line {one.claim.line})", value_of(one.claim)
            if not (math.isfinite(one.observed) and math.isfinite(one.level)):
                return f"{name} is no finite number", f"observed {one.observed} {line}"
            if (one.level < 0) != (published < 0) and abs(one.level - published) > FLOOR:
                evidence = f"published {published:.6g}, observed {one.level:.6g} {line}"
                return f"{name} has another sign", evidence
        ratio = median(one.ratio for one in readings)
        if spread is None:
            factor, parts = allowed.first, ""
        else:
            error = SAMPLING_Z * MEDIAN_ERROR * spread / math.sqrt(len(readings))
            factor = allowed.drift + error
            parts = f" (drift {allowed.drift:.2f} + sampling error {error:.2f}, as logarithms)"
        if abs(ratio) <= factor:
            return None
        figures = "figure" if len(readings) == 1 else "figures"
        return f"{name} follows another trend", (
            f"the run's level is {math.exp(ratio):.2g} times the published one over "
            f"{len(readings)} {figures}; allowed a factor of {math.exp(factor):.2g}{parts}"
        )


def code_of(claim: Claim) -> FindingCode:
    """What a claim of this kind that does not hold is."""
    return CODES.get(claim.kind, FindingCode.CLAIM_COUNT)


def value_of(claim: Claim) -> float:
    """A claim's number; a loss or an accuracy that has none counts as 0."""
    return claim.value or 0.0


def same_ratio(observed: float, published: float) -> bool:
    """Whether two ratios of times lie within `TIMES_FACTOR` of each other."""
    ratio = max(observed, 1e-9) / max(published, 1e-9)
    return abs(math.log(ratio)) <= math.log(TIMES_FACTOR)
