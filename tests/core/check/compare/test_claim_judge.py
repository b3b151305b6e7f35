"""The judge: the same figure has the same verdict, whoever shows it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from attrs import evolve

from core.check.compare.claim_judge import ClaimJudge, Reading, same_ratio
from core.check.compare.claim_tolerances import ADVERSARIAL, OTHER_IMAGES, SAME_IMAGES
from core.trace.claims import Claim, ClaimKind, ClaimVerdict, Place
from core.trace.finding import Severity

PLACE = Place(Path("a.md"), 0, 0, "loss: 0.5")
LOSS = Claim(ClaimKind.LOSS, "", 7, "loss", value=0.5, printed="0.5000", place=PLACE)
ACCURACY = evolve(LOSS, kind=ClaimKind.ACCURACY, name="val_acc", value=0.9, printed="0.9000")
COUNT = evolve(LOSS, kind=ClaimKind.COUNT, name="samples", value=46.0, printed="46")
DOCUMENT = ClaimJudge(same_images=True)
SCENARIO = ClaimJudge(same_images=True, scenario="toy/first")


def test_the_same_figure_has_the_same_verdict_from_a_document_and_from_a_scenario() -> None:
    ours, theirs = (judge.exact(COUNT, 45.0) for judge in (DOCUMENT, SCENARIO))
    assert ours.finding is not None
    assert theirs.finding is not None
    assert (ours.verdict, ours.observed) == (theirs.verdict, theirs.observed)
    assert "published 46, observed 45" == ours.finding.evidence == theirs.finding.evidence
    assert ("a.md:7", "toy/first, published on line 7") == (
        ours.finding.where,
        theirs.finding.where,
    )
    assert "samples is not what the document publishes" == ours.finding.message
    assert "samples is not what the guide publishes" == theirs.finding.message


def test_an_exact_figure_holds_only_as_it_stands() -> None:
    assert ClaimVerdict.HOLDS is DOCUMENT.exact(COUNT, 46.0).verdict
    assert ClaimVerdict.DIFFERS is DOCUMENT.exact(COUNT, math.nan).verdict


def test_a_missing_figure_is_a_finding_where_the_run_went_far_enough() -> None:
    missing = DOCUMENT.missing(COUNT)
    assert missing.finding is not None
    assert (ClaimVerdict.NOT_REPRODUCED, "claim-count", Severity.ERROR) == (
        missing.verdict, missing.finding.code, missing.finding.severity,
    )  # fmt: skip
    cut = DOCUMENT.missing(COUNT, reached=False)
    assert (ClaimVerdict.NOT_REACHED, None) == (cut.verdict, cut.finding)


@pytest.mark.parametrize(("observed", "holds"), [(0.61, True), (0.59, False), (math.nan, False)])
def test_an_accuracy_must_show_its_share_of_the_rise(observed: float, holds: bool) -> None:
    assert holds == (DOCUMENT.accuracy(ACCURACY, observed) is None)


def test_chance_counts_where_it_is_known() -> None:
    assert DOCUMENT.accuracy(ACCURACY, 0.62) is None
    assert DOCUMENT.accuracy(ACCURACY, 0.62, chance=0.1) is not None


@pytest.mark.parametrize("factor", [1.0, 1.5, 0.6])
def test_a_level_that_drifts_as_honest_runs_do_holds(factor: float) -> None:
    assert DOCUMENT.level([Reading(LOSS, 0.5 * factor, 0.5 * factor)] * 4, 0.0) is None


@pytest.mark.parametrize(
    ("level", "what"),
    [
        (5.0, "follows another trend"),
        (0.05, "follows another trend"),
        (-0.5, "has another sign"),
        (math.nan, "is no finite number"),
        (math.inf, "is no finite number"),
    ],
)
def test_any_other_level_does_not(level: float, what: str) -> None:
    problem = DOCUMENT.level([Reading(LOSS, level, level)] * 4, 0.0)
    assert problem is not None
    assert f"loss {what}" == problem[0]


def test_a_loss_that_stands_alone_has_the_room_of_a_first_loss() -> None:
    alone = [Reading(LOSS, 1.5, 1.5)]
    assert DOCUMENT.level(alone, None) is None
    assert DOCUMENT.level(alone, 0.0) is not None


def test_few_figures_that_scatter_have_more_room() -> None:
    readings = [Reading(LOSS, 1.2, 1.2)] * 4
    assert DOCUMENT.level(readings, 0.0) is not None
    assert DOCUMENT.level(readings, 1.0) is None


def test_limits_are_those_of_the_images_and_of_the_adversaries() -> None:
    assert SAME_IMAGES is DOCUMENT.tolerances(LOSS)
    assert OTHER_IMAGES is ClaimJudge(same_images=False).tolerances(LOSS)
    assert ADVERSARIAL is DOCUMENT.tolerances(evolve(LOSS, name="g_loss"))


def test_ratios_of_times_agree_within_a_factor_of_four_either_way() -> None:
    assert same_ratio(4.0, 1.0)
    assert same_ratio(1.0, 4.0)
    assert not same_ratio(4.1, 1.0)
    assert not same_ratio(1.0, 4.1)
