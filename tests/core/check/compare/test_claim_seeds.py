"""Published figures judged by recorded seeds on MNIST: honest ones hold, others do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from attrs import evolve

from core.check.compare.claim_judge import ClaimJudge
from core.check.compare.claim_seeds import (
    FEWEST,
    judge_by_seeds,
)
from core.check.compare.claim_tolerances import UNTRAINED
from core.check.compare.claims import judge_claims
from core.check.compare.judged import JudgedClaim
from core.check.trends.recorded import SeedRun, place, read
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace import Trace
from core.trace.claims import Claim, ClaimKind, ClaimVerdict
from core.trace.finding import FindingCode
from core.trace.published import load_published
from tests.conftest import REPOSITORY
from tests.core.check.compare.claim_runs import EMPTY

CATALOG = Catalog.load(REPOSITORY)
SECTIONS = [
    scenario
    for scenario in CATALOG.scenarios
    if scenario.section in ("first_loop", "metrics", "compiled")
]
BROKEN = [("multi_backend/compiled", 1009, ["val_acc"])]
"""Of all recorded runs: one accuracy, 0.8123 where the others show 0.8634 to 0.9101."""

sections = pytest.mark.parametrize("scenario", SECTIONS, ids=lambda scenario: scenario.id)


def claims_of(scenario: Scenario) -> list[Claim]:
    """What a section publishes of its losses and accuracies."""
    published = load_published(scenario.guide.id, REPOSITORY / "golden" / "published")
    kinds = (ClaimKind.LOSS, ClaimKind.ACCURACY)
    return [claim for claim in published.of_section(scenario.section) if claim.kind in kinds]


def runs_of(scenario: Scenario) -> tuple[SeedRun, ...]:
    """The recorded runs on MNIST."""
    found = read(CATALOG.entry(scenario).golden, scenario, mnist=True)
    assert found is not None
    return found.of_meaning(scenario, "tensorflow")


def shown(run: SeedRun, claim: Claim) -> float:
    """A run's figure in a claim's place."""
    if claim.kind is ClaimKind.ACCURACY:
        return run.metrics[claim.name or ""][claim.epoch or 0]
    return run.published[claim.name or ""][place(claim)]


def printed(claim: Claim, value: float) -> Claim:
    """The claim with another figure, printed as guides do."""
    text = f"{value:.4f}"
    return evolve(claim, value=float(text), printed=text)


def trace_of(claims: Sequence[Claim]) -> Trace:
    """A run, on whatever images, long enough to show every figure."""
    length = {claim.name: 5000 for claim in claims if claim.kind is ClaimKind.LOSS}
    return evolve(
        EMPTY,
        losses={name or "": (0.5,) * steps for name, steps in length.items()},
        metrics={c.name or "": (0.9,) * 3 for c in claims if c.kind is ClaimKind.ACCURACY},
        steps_per_epoch=1600,
    )


def judged(claims: Sequence[Claim], runs: Sequence[SeedRun]) -> list[JudgedClaim]:
    """What recorded runs say of figures."""
    found = judge_by_seeds(claims, trace_of(claims), ClaimJudge(False, "toy/first"), runs)
    assert list(claims) == list(found)
    return list(found.values())


def failing(claims: Sequence[Claim], runs: Sequence[SeedRun]) -> list[Claim]:
    """The figures that do not hold."""
    return [each.claim for each in judged(claims, runs) if each.verdict is ClaimVerdict.DIFFERS]


@sections
def test_every_published_loss_and_accuracy_lies_among_the_recorded_runs(
    scenario: Scenario,
) -> None:
    assert [] == failing(claims_of(scenario), runs_of(scenario))


def test_how_seldom_a_recorded_run_does_not_hold_by_the_others() -> None:
    """The honest runs of nine sections, each as if it had been the published one."""
    judgements, broken = 0, []
    for scenario in SECTIONS:
        claims, runs = claims_of(scenario), runs_of(scenario)
        for run in runs if scenario.id == scenario.stream else ():
            others = [other for other in runs if other is not run]
            judgements += 1
            if found := failing([printed(claim, shown(run, claim)) for claim in claims], others):
                broken.append((scenario.id, run.seed, [claim.name for claim in found]))
    assert judgements >= 200
    assert BROKEN == broken


def higher(claim: Claim) -> Claim:
    """A loss that is four times as large."""
    return printed(claim, 4 * (claim.value or 0.0)) if claim.kind is ClaimKind.LOSS else claim


def lower(claim: Claim) -> Claim:
    """A loss that is a quarter as large."""
    return printed(claim, (claim.value or 0.0) / 4) if claim.kind is ClaimKind.LOSS else claim


def decimal(claim: Claim) -> Claim:
    """An untrained model's loss with its decimal point one place to the left."""
    first = claim.kind is ClaimKind.LOSS and (claim.value or 0.0) > UNTRAINED
    return printed(claim, (claim.value or 0.0) / 10) if first else claim


def unlearnt(claim: Claim) -> Claim:
    """An accuracy of a model that has learnt nothing."""
    return printed(claim, 0.1) if claim.kind is ClaimKind.ACCURACY else claim


@sections
@pytest.mark.parametrize("change", [higher, lower, decimal, unlearnt])
def test_other_figures_do_not_hold(scenario: Scenario, change: Callable[[Claim], Claim]) -> None:
    """One section hides one of them: six losses, of which honest runs have levels far apart."""
    claims = claims_of(scenario)
    changed = [change(claim) for claim in claims]
    altered = [after for before, after in zip(claims, changed, strict=True) if before != after]
    found = failing(changed, runs_of(scenario))
    assert set(found) <= set(altered)
    hidden = (change, scenario.stream) == (lower, "r_style/metrics")
    assert bool(found) == (bool(altered) and not hidden)


def test_an_accuracy_that_every_run_shows_holds_as_printed_only() -> None:
    (compiled,) = CATALOG.select(["r_style/compiled"])
    (claim, *_) = [c for c in claims_of(compiled) if c.name == "train_acc"]
    assert [] == failing([claim], runs_of(compiled))
    assert 1 == len(failing([printed(claim, 0.0001)], runs_of(compiled)))


def test_a_finding_says_what_the_recorded_runs_show() -> None:
    (metrics,) = CATALOG.select(["keras_io_tf/metrics"])
    claims = [unlearnt(claim) for claim in claims_of(metrics)]
    finding = next(each.finding for each in judged(claims, runs_of(metrics)) if each.finding)
    assert FindingCode.CLAIM_TREND is finding.code
    assert "published 0.1000, recorded 0." in finding.evidence
    assert f"the middle of {len(runs_of(metrics))} runs on MNIST" in finding.evidence


def test_a_level_that_differs_is_one_finding_for_all_its_figures() -> None:
    (loop,) = CATALOG.select(["keras_io_tf/first_loop"])
    claims = [higher(claim) for claim in claims_of(loop)]
    found = judged(claims, runs_of(loop))
    assert 1 == len({each.finding for each in found})
    assert found[0].finding is not None
    assert f"the level of {len(claims)} published figures lies" in found[0].finding.evidence


def test_what_the_run_shows_is_told_and_not_judged() -> None:
    (loop,) = CATALOG.select(["keras_io_tf/first_loop"])
    claims = claims_of(loop)
    trace = evolve(trace_of(claims), losses={"loss": (1e6,) * 5000})
    verdicts = judge_claims(claims, trace, on_mnist=runs_of(loop))
    assert {(ClaimVerdict.HOLDS, 1e6)} == {(v.verdict, v.observed) for v in verdicts}
    assert {ClaimVerdict.DIFFERS} == {v.verdict for v in judge_claims(claims, trace)}


def test_a_figure_that_the_run_does_not_show_is_missing_all_the_same() -> None:
    (metrics,) = CATALOG.select(["keras_io_tf/metrics"])
    claims = claims_of(metrics)
    trace = evolve(trace_of(claims), metrics={})
    verdicts = judge_claims(claims, trace, on_mnist=runs_of(metrics))
    missing = {v.claim.kind for v in verdicts if v.verdict is ClaimVerdict.NOT_REPRODUCED}
    assert {ClaimKind.ACCURACY} == missing


def test_too_few_recorded_runs_judge_nothing() -> None:
    (loop,) = CATALOG.select(["keras_io_tf/first_loop"])
    claims, few = claims_of(loop), runs_of(loop)[: FEWEST - 1]
    assert {} == judge_by_seeds(claims, trace_of(claims), ClaimJudge(False, loop.id), few)
