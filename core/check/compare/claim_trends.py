"""Trends: published losses and accuracies against a run with another seed and other images.

No published loss can be reproduced: the guides set no seed. What can be tested is the hypothesis
that the published losses are one draw from the process that this run is another draw of. Every
rule here is such a test; `core.check.compare.claim_tolerances` says what was measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen

from core.check.compare.claim_tolerances import (
    ADVERSARIAL,
    CHANCE_ACCURACY,
    CHANCE_LOSS,
    FLOOR,
    HALF_WINDOW,
    LEARNT,
    OTHER_IMAGES,
    SAME_IMAGES,
    SAMPLING_Z,
    STILL,
    UNTRAINED,
    Tolerances,
)
from core.check.compare.verdict import Outcome, Run, Verdict
from core.trace import Trace
from core.trace.claims import Claim
from core.trace.finding import Finding, FindingCode

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@frozen
class _Reading:
    """A published loss beside the run's: the step's own value, and its surroundings."""

    claim: Claim
    observed: float
    level: float
    residuals: Array

    @property
    def ratio(self) -> float:
        """Logarithm of the run's level over the published loss; positive: the run is worse."""
        return math.log(max(self.level, FLOOR) / max(_value(self.claim), FLOOR))


def judge_losses(claims: Sequence[Claim], trace: Trace, run: Run) -> dict[Claim, Verdict]:
    """Judge the `loss` claims of one section (claim-trend, a warning)."""
    verdicts: dict[Claim, Verdict] = {}
    readings: dict[str, list[_Reading]] = {}
    for claim in claims:
        values = np.asarray(trace.losses.get(claim.name or "", ()), dtype=np.float64)
        epoch, step = claim.epoch or 0, claim.step or 0
        index = epoch * trace.steps_per_epoch + step
        if step >= trace.steps_per_epoch or index >= len(values):
            verdicts[claim] = run.missing(claim, FindingCode.CLAIM_TREND)
            continue
        adversarial = claim.name in ("d_loss", "g_loss")
        alone = index == 0 and (adversarial or _value(claim) > UNTRAINED)
        reach = 0 if alone else HALF_WINDOW
        window = values[max(0, index - reach) : index + reach + 1]
        observed = float(values[index])
        if not np.isfinite(window).all():
            finding = _trend(run, [claim], "The loss is not finite.", f"step {index}: {observed}")
            verdicts[claim] = Verdict(claim, Outcome.DIFFERS, observed, finding)
            continue
        level = float(np.median(window))
        residuals = np.log(np.maximum(window, FLOOR) / max(level, FLOOR))
        reading = _Reading(claim, observed, level, residuals)
        if alone:
            verdicts[claim] = _judge_first(reading, _tolerances(claim, run), run)
        else:
            readings.setdefault(claim.name or "", []).append(reading)
    for name, group in readings.items():
        published = [claim for claim in claims if claim.name == name]
        found = _judge_level(group, published, run)
        for reading in group:
            failing = found.get(reading.claim)
            outcome = Outcome.HOLDS if failing is None else Outcome.DIFFERS
            verdicts[reading.claim] = Verdict(reading.claim, outcome, reading.observed, failing)
    return verdicts


def judge_accuracy(claim: Claim, trace: Trace, run: Run, complete: bool) -> Verdict:
    """Judge one `accuracy` claim (claim-trend, a warning).

    An accuracy printed as 0.0000 is what a metric prints that saw no sample; it must be met
    exactly. Others must show their `share` of the published rise above chance.

    Args:
        claim: the published accuracy.
        trace: the run.
        run: how it was run.
        complete: whether the run reached the end of the claim's epoch.
    """
    readings = trace.metrics.get(claim.name or "", ())
    epoch = claim.epoch or 0
    if not complete or epoch >= len(readings):
        return run.missing(claim, FindingCode.CLAIM_TREND)
    observed, published = readings[epoch], _value(claim)
    if published < FLOOR:
        low, high = 0.0, FLOOR
    else:
        allowed = _tolerances(claim, run)
        low = CHANCE_ACCURACY + allowed.share * (published - CHANCE_ACCURACY)
        high = published + allowed.excess
    if low <= observed <= high:
        return Verdict(claim, Outcome.HOLDS, observed)
    evidence = f"observed {observed:.4f}, published {claim.printed}, allowed {low:.3f}..{high:.3f}"
    message = f"{claim.name} of epoch {epoch} is not what the guide publishes."
    return Verdict(claim, Outcome.DIFFERS, observed, _trend(run, [claim], message, evidence))


def _tolerances(claim: Claim, run: Run) -> Tolerances:
    if claim.name in ("d_loss", "g_loss"):
        return ADVERSARIAL
    return SAME_IMAGES if run.same_images else OTHER_IMAGES


def _judge_first(reading: _Reading, allowed: Tolerances, run: Run) -> Verdict:
    if abs(reading.ratio) <= allowed.first:
        return Verdict(reading.claim, Outcome.HOLDS, reading.observed)
    evidence = (
        f"observed {reading.observed:.4g}, published {reading.claim.printed}, "
        f"allowed a factor of {math.exp(allowed.first):.2g}"
    )
    finding = _trend(run, [reading.claim], "The first loss is of another size.", evidence)
    return Verdict(reading.claim, Outcome.DIFFERS, reading.observed, finding)


def _judge_level(
    group: Sequence[_Reading], published: Sequence[Claim], run: Run
) -> dict[Claim, Finding]:
    """Judge one loss: its last epoch against chance, each epoch's level, the section's level."""
    found: dict[Claim, Finding] = {}
    epochs = sorted({reading.claim.epoch or 0 for reading in group})
    parts = [[r for r in group if r.claim.epoch == epoch] for epoch in epochs]
    last = [claim for claim in published if claim.epoch == max(c.epoch or 0 for c in published)]
    if group[0].claim.name == "loss" and len(parts[-1]) == len(last):
        level = float(np.median([reading.level for reading in parts[-1]]))
        target = float(np.median([_value(claim) for claim in last]))
        if target < CHANCE_LOSS / 2 and not level < CHANCE_LOSS - LEARNT:
            evidence = f"last epoch {level:.3f}, chance {CHANCE_LOSS:.3f}, published {target:.3f}"
            finding = _trend(run, last, "The model has learnt nothing.", evidence)
            found.update(dict.fromkeys(last, finding))
    for part in [*parts, list(group)] if len(parts) > 1 else parts:
        allowed = _tolerances(part[0].claim, run)
        ratio = float(np.median([reading.ratio for reading in part]))
        spread = float(np.std(np.concatenate([reading.residuals for reading in part])))
        scatter = float(np.std([math.log(max(_value(r.claim), FLOOR)) for r in part]))
        error = SAMPLING_Z * 1.2533 * min(spread, allowed.spread) / math.sqrt(len(part))
        if abs(ratio) > allowed.drift + error:
            message = "The loss follows another trend."
            evidence = (
                f"the run's level is {math.exp(ratio):.2g} times the published one over "
                f"{len(part)} logged steps; allowed a factor of "
                f"{math.exp(allowed.drift + error):.2g} (drift {allowed.drift:.2f} + sampling "
                f"error {error:.2f}, as logarithms)"
            )
        elif allowed is ADVERSARIAL and len(part) > 2 and spread * STILL < scatter:
            message = "The loss stands still."
            evidence = f"log spread {spread:.2g}, published {scatter:.2g}"
        else:
            continue
        members = [reading.claim for reading in part]
        finding = _trend(run, members, message, evidence)
        for claim in members:
            found.setdefault(claim, finding)
    return found


def _trend(run: Run, claims: Sequence[Claim], message: str, evidence: str) -> Finding:
    lines = [claim.line for claim in claims]
    return run.finding(FindingCode.CLAIM_TREND, lines, message, evidence)


def _value(claim: Claim) -> float:
    if claim.value is None:
        raise ValueError(f"a {claim.kind} claim has no value")
    return claim.value
