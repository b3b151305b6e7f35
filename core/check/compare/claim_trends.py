"""Trends: published losses and accuracies against a run with another seed and other images.

No published loss can be reproduced: the guides set no seed. What can be tested is the hypothesis
that the published losses are one draw from the process that this run is another draw of. Every
rule here is such a test; `core.check.compare.claim_tolerances` says what was measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import field, frozen

from core.check.compare.claim_judge import ClaimJudge, Problem, Reading, value_of
from core.check.compare.claim_tolerances import (
    ADVERSARIAL,
    CHANCE_ACCURACY,
    CHANCE_LOSS,
    FLOOR,
    HALF_WINDOW,
    LEARNT,
    STILL,
    UNTRAINED,
)
from core.check.compare.judged import JudgedClaim
from core.trace import Trace
from core.trace.claims import Claim, ClaimVerdict
from core.trace.finding import Finding, FindingCode

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@frozen
class _Surrounded(Reading):
    """A reading with the losses around it, as logarithms over their level."""

    residuals: Array = field(eq=False)


def judge_losses(
    claims: Sequence[Claim], trace: Trace, judge: ClaimJudge, full_length: bool
) -> dict[Claim, JudgedClaim]:
    """Judge the `loss` claims of one section.

    Args:
        claims: the published losses.
        trace: the run.
        judge: the run's judge.
        full_length: whether the run was as long as the guide's.
    """
    judged: dict[Claim, JudgedClaim] = {}
    readings: dict[str, list[_Surrounded]] = {}
    for claim in claims:
        values = np.asarray(trace.losses.get(claim.name or "", ()), dtype=np.float64)
        epoch, step = claim.epoch or 0, claim.step or 0
        index = epoch * trace.steps_per_epoch + step
        if step >= trace.steps_per_epoch or index >= len(values):
            judged[claim] = judge.missing(claim, reached=full_length)
            continue
        adversarial = judge.tolerances(claim) is ADVERSARIAL
        alone = index == 0 and (adversarial or value_of(claim) > UNTRAINED)
        reach = 0 if alone else HALF_WINDOW
        window = values[max(0, index - reach) : index + reach + 1]
        level = float(np.median(window)) if np.isfinite(window).all() else math.nan
        residuals = np.log(np.maximum(window, FLOOR) / max(level, FLOOR))
        reading = _Surrounded(claim, float(values[index]), level, residuals)
        if alone or math.isnan(level):
            judged[claim] = _judged(reading, _finding(judge, [claim], judge.level([reading], None)))
        else:
            readings.setdefault(claim.name or "", []).append(reading)
    for name, group in readings.items():
        found = _judge_level(group, [claim for claim in claims if claim.name == name], judge)
        for reading in group:
            judged[reading.claim] = _judged(reading, found.get(reading.claim))
    return judged


def judge_accuracy(
    claim: Claim, trace: Trace, judge: ClaimJudge, complete: bool, full_length: bool
) -> JudgedClaim:
    """Judge one `accuracy` claim.

    Args:
        claim: the published accuracy.
        trace: the run.
        judge: the run's judge.
        complete: whether the run reached the end of the claim's epoch.
        full_length: whether it was as long as the guide's.
    """
    readings = trace.metrics.get(claim.name or "", ())
    epoch = claim.epoch or 0
    if not complete or epoch >= len(readings):
        return judge.missing(claim, reached=full_length)
    observed = readings[epoch]
    finding = _finding(judge, [claim], judge.accuracy(claim, observed, CHANCE_ACCURACY))
    return _judged(Reading(claim, observed, observed), finding)


def _judged(reading: Reading, finding: Finding | None) -> JudgedClaim:
    verdict = ClaimVerdict.HOLDS if finding is None else ClaimVerdict.DIFFERS
    return JudgedClaim(reading.claim, verdict, reading.observed, finding)


def _finding(judge: ClaimJudge, claims: Sequence[Claim], problem: Problem | None) -> Finding | None:
    return None if problem is None else judge.finding(FindingCode.CLAIM_TREND, claims, *problem)


def _judge_level(
    group: Sequence[_Surrounded], published: Sequence[Claim], judge: ClaimJudge
) -> dict[Claim, Finding]:
    """Judge one loss: its last epoch against chance, each epoch's level, the section's level."""
    found: dict[Claim, Finding | None] = {}
    epochs = sorted({reading.claim.epoch or 0 for reading in group})
    parts = [[r for r in group if r.claim.epoch == epoch] for epoch in epochs]
    last = [claim for claim in published if claim.epoch == max(c.epoch or 0 for c in published)]
    if group[0].claim.name == "loss" and len(parts[-1]) == len(last):
        level = float(np.median([reading.level for reading in parts[-1]]))
        target = float(np.median([value_of(claim) for claim in last]))
        if target < CHANCE_LOSS / 2 and not level < CHANCE_LOSS - LEARNT:
            evidence = f"last epoch {level:.3f}, chance {CHANCE_LOSS:.3f}, published {target:.3f}"
            problem = ("the model has learnt nothing", evidence)
            found.update(dict.fromkeys(last, _finding(judge, last, problem)))
    for part in [*parts, list(group)] if len(parts) > 1 else parts:
        allowed = judge.tolerances(part[0].claim)
        spread = float(np.std(np.concatenate([reading.residuals for reading in part])))
        scatter = float(np.std([math.log(max(value_of(r.claim), FLOOR)) for r in part]))
        problem_found = judge.level(part, min(spread, allowed.spread))
        still = allowed is ADVERSARIAL and len(part) > 2 and spread * STILL < scatter
        if problem_found is None and still:
            evidence = f"log spread {spread:.2g}, published {scatter:.2g}"
            problem_found = ("the loss stands still", evidence)
        members = [reading.claim for reading in part]
        finding = _finding(judge, members, problem_found)
        if finding is not None:
            for claim in members:
                found.setdefault(claim, finding)
    return {claim: finding for claim, finding in found.items() if finding is not None}
