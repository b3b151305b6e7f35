"""Published losses and accuracies judged by recorded seeds on MNIST.

A guide's figures come from one run whose seed nobody knows: one more draw of what the recorded
runs are draws of, which cannot be repeated. They are judged in four groups: the levels of the
losses (the mean of their logarithms, over all epochs and over each), the first losses of untrained
models, the other losses, and the accuracies. In each group a figure's deviation is its distance
from the median of all runs, in units of their median absolute deviation
(`core.check.trends.statistic`). A figure holds where it lies no farther out than `WIDER` times the
farthest figure of any recorded run.

**Bound.** Let n runs be recorded, and let them and the published one be exchangeable. All n + 1
largest deviations of a group are exchangeable then, so that the published one is the largest with a
probability of at most 1 / (n + 1), whatever the distribution. That is no small number, and no
repeat can make it smaller; it would take hundreds of runs. So the range is widened, and how rarely
a figure of an honest run leaves it is measured: each recorded run is taken for the published one
and judged by the others (`tests/core/check/compare/test_claim_seeds.py`; the numbers stand in
`docs/trends.md`).

A loss of a model that trains is taken on the scale of its cube root, an untrained one's on that of
its logarithm, an accuracy on that of the logarithm of what it lacks to 1: on those, runs scatter
alike to both sides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from statistics import fmean, median

from attrs import frozen

from core.check.compare.claim_judge import ClaimJudge, value_of
from core.check.compare.claim_tolerances import FLOOR, UNTRAINED
from core.check.compare.judged import JudgedClaim
from core.check.trends.recorded import SeedRun, place
from core.check.trends.statistic import deviations
from core.trace import Trace
from core.trace.claims import Claim, ClaimKind, ClaimVerdict
from core.trace.finding import Finding, FindingCode

WIDER = 2.0
FEWEST = 10  # with fewer recorded runs their range says next to nothing


@frozen
class _Figure:
    """A published figure, the recorded runs' in its place, and that of the run that is checked."""

    claim: Claim
    recorded: tuple[float, ...]
    observed: float


@frozen
class _Place:
    """One place of a group: the runs' values there, the published one last, and whose they are."""

    claims: tuple[Claim, ...]
    values: tuple[float, ...]


@frozen
class _Outlier:
    """A place whose published value lies too far out.

    Attributes:
        claims: what was published there.
        deviation: of the published value; above the median where it is positive.
        farthest: the largest deviation of any recorded run in any place of the group.
    """

    claims: tuple[Claim, ...]
    deviation: float
    farthest: float


def _recorded(claim: Claim, run: SeedRun) -> float | None:
    """A run's figure in a claim's place, rounded as the claim is."""
    if claim.kind is ClaimKind.LOSS:
        value = run.published.get(claim.name or "", {}).get(place(claim))
    else:
        values, epoch = run.metrics.get(claim.name or "", ()), claim.epoch or 0
        value = values[epoch] if epoch < len(values) else None
    mantissa, _, exponent = (claim.printed or "").partition("e")
    digits = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return None if value is None else round(value, digits)


def _observed(claim: Claim, trace: Trace) -> float | None:
    """The figure in a claim's place of the run that is checked."""
    name, epoch, step = claim.name or "", claim.epoch or 0, claim.step or 0
    if claim.kind is ClaimKind.ACCURACY:
        values, index = trace.metrics.get(name, ()), epoch
    else:
        values, index = trace.losses.get(name, ()), epoch * trace.steps_per_epoch + step
    return values[index] if step <= trace.steps_per_epoch and index < len(values) else None


def _figures(claims: Sequence[Claim], trace: Trace, runs: Sequence[SeedRun]) -> Iterator[_Figure]:
    for claim in claims:
        if claim.kind in (ClaimKind.LOSS, ClaimKind.ACCURACY):
            found = [value for run in runs if (value := _recorded(claim, run)) is not None]
            observed = _observed(claim, trace)
            if len(found) >= FEWEST and len(found) == len(runs) and observed is not None:
                yield _Figure(claim, tuple(found), observed)


def _logarithm(value: float) -> float:
    return math.log(max(value, FLOOR))


def _singles(figures: Sequence[_Figure], scale: Callable[[float], float]) -> Iterator[_Place]:
    for figure in figures:
        values = (*figure.recorded, value_of(figure.claim))
        yield _Place((figure.claim,), tuple(map(scale, values)))


def _levels(losses: Sequence[_Figure]) -> Iterator[_Place]:
    """The losses of each name in all epochs, and in each of several."""
    for name in dict.fromkeys(figure.claim.name for figure in losses):
        named = [figure for figure in losses if figure.claim.name == name]
        epochs = dict.fromkeys(figure.claim.epoch for figure in named)
        parts = [[figure for figure in named if figure.claim.epoch == each] for each in epochs]
        for level in [named, *parts] if len(parts) > 1 else [named]:
            rows = [(*figure.recorded, value_of(figure.claim)) for figure in level]
            means = tuple(fmean(map(_logarithm, run)) for run in zip(*rows, strict=True))
            if len(level) > 1:
                yield _Place(tuple(figure.claim for figure in level), means)


def _outliers(group: Sequence[_Place]) -> Iterator[_Outlier]:
    *recorded, published = deviations(list(zip(*(each.values for each in group), strict=True)))
    farthest = max(abs(deviation) for run in recorded for deviation in run)
    for each, deviation in zip(group, published, strict=True):
        if abs(deviation) > WIDER * farthest:
            yield _Outlier(each.claims, deviation, farthest)


def judge_by_seeds(
    claims: Sequence[Claim], trace: Trace, judge: ClaimJudge, runs: Sequence[SeedRun]
) -> dict[Claim, JudgedClaim]:
    """Judge the losses and accuracies of one section that recorded runs have figures of.

    What the run that is checked shows is told, and not judged here: recorded seeds of its own data
    set judge it. A figure that it does not show is left to the judges of figures that are missing.

    Args:
        claims: what the section publishes.
        trace: the run that is checked.
        judge: its judge.
        runs: recorded runs on MNIST.
    """
    figures = list(_figures(claims, trace, runs))
    losses = [figure for figure in figures if figure.claim.kind is ClaimKind.LOSS]
    accuracies = [figure for figure in figures if figure.claim.kind is ClaimKind.ACCURACY]
    untrained = [figure for figure in losses if median(figure.recorded) > UNTRAINED]
    trained = [figure for figure in losses if figure not in untrained]
    groups = (
        list(_levels(losses)),
        list(_singles(untrained, _logarithm)),
        list(_singles(trained, math.cbrt)),
        list(_singles(accuracies, lambda accuracy: _logarithm(1 - accuracy))),
    )
    found: dict[Claim, Finding] = {}
    for group in groups:
        for outlier in _outliers(group) if group else ():
            finding = _finding(outlier, figures, judge)
            found |= {claim: finding for claim in outlier.claims if claim not in found}
    return {
        figure.claim: JudgedClaim(
            figure.claim,
            ClaimVerdict.DIFFERS if figure.claim in found else ClaimVerdict.HOLDS,
            figure.observed,
            found.get(figure.claim),
        )
        for figure in figures
    }


def _finding(outlier: _Outlier, figures: Sequence[_Figure], judge: ClaimJudge) -> Finding:
    claims = outlier.claims
    if len(claims) > 1:
        message = f"{claims[0].name} follows another trend than published"
        said = f"the level of {len(claims)} published figures"
    else:
        (figure,) = (each for each in figures if each.claim == claims[0])
        message = judge.not_what_is_published(figure.claim)
        low, high = min(figure.recorded), max(figure.recorded)
        said = f"published {figure.claim.printed}, recorded {low:.4g} to {high:.4g}"
        said = f"{said} (line {figure.claim.line}): it"
    return judge.finding(
        FindingCode.CLAIM_TREND,
        claims,
        message,
        f"{said} lies {abs(outlier.deviation):.3g} deviations from the middle of "
        f"{len(figures[0].recorded)} runs on MNIST, none of which lies farther than "
        f"{outlier.farthest:.3g}; allowed {WIDER:g} times as far",
    )
