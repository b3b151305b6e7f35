"""The ledger of guide defects, and what every guide of the repository must keep."""

from __future__ import annotations

import pytest

from core.spec import Scenario
from core.spec.catalog import Catalog, GuideEntry
from core.trace.claims import ClaimKind
from core.trace.published import load_published
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)
GUIDES = [pytest.param(entry, id=entry.guide.id) for entry in CATALOG.guides]
PUBLISHED = REPOSITORY / "golden" / "published"
NAMED = {
    "keras_io_tf/tracked_losses/never-called",
    "keras_io_tf/tracked_losses/optimizer-rebound",
    "multi_backend/tracked_losses/optimizer-rebound",
    "multi_backend/metrics/reset-states",
    "r_style/compiled/exhausted-iterator",
    "r_style/compiled/stale-loss",
    "r_style/tracked_losses/optimizer-rebound",
    "r_style/gan/silent-loop",
    "r_style/gan/layer-names",
    "dcgan_article/dcgan/sigmoid-logits",
    "dcgan_article/dcgan/shared-initializer",
    "dcgan_article/dcgan/seed",
    "dcgan_article/dcgan/save-format",
}


def test_the_ledger_holds_the_defects_found_and_names_each_once() -> None:
    ids = [defect.id for defect in CATALOG.defects]
    assert set(ids) >= NAMED
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("entry", GUIDES)
def test_an_entry_belongs_to_a_section_of_its_guide(entry: GuideEntry) -> None:
    sections = {scenario.section for scenario in entry.scenarios}
    for defect in entry.defects:
        guide, section, word = defect.id.split("/")
        assert (entry.guide.id, True) == (guide, section in sections), defect.id
        assert word.replace("-", "").isalpha(), defect.id


@pytest.mark.parametrize("entry", GUIDES)
def test_a_line_in_the_ledger_holds_a_claim_of_that_section(entry: GuideEntry) -> None:
    claims = load_published(entry.guide.id, PUBLISHED).claims
    held = {(claim.section, claim.line) for claim in claims}
    for defect in entry.defects:
        section = defect.id.split("/")[1]
        assert {(section, line) for line in defect.lines} <= held, defect.id


@pytest.mark.parametrize("entry", GUIDES)
def test_every_published_section_has_a_scenario(entry: GuideEntry) -> None:
    claims = load_published(entry.guide.id, PUBLISHED).claims
    sections = {scenario.section for scenario in entry.scenarios}
    assert {claim.section for claim in claims} <= sections


@pytest.mark.parametrize("entry", GUIDES)
def test_published_epochs_are_the_loops_in_number_and_counting(entry: GuideEntry) -> None:
    claims = load_published(entry.guide.id, PUBLISHED).claims
    headings: dict[str, list[float | None]] = {}
    for claim in claims:
        if claim.kind is ClaimKind.EPOCH:
            headings.setdefault(claim.section, []).append(claim.value)
    for scenario in entry.scenarios:
        loop = scenario.loop
        counted = [float(loop.first_epoch + epoch) for epoch in range(loop.epochs)]
        shown = headings.get(scenario.section, [])
        # The article shows the beginning of its first epoch only.
        assert counted[: len(shown)] == shown
        assert len(shown) in (0, loop.epochs) or scenario.loop.cap is not None


def test_every_logged_loss_was_published_at_a_step_that_the_loop_logs() -> None:
    steps: dict[str, set[int]] = {}
    for entry in CATALOG.guides:
        for claim in load_published(entry.guide.id, PUBLISHED).claims:
            if claim.kind is ClaimKind.LOSS and claim.step is not None:
                scenario = _scenario(entry, claim.section)
                assert scenario.loop.logs(claim.step), (scenario.id, claim.step)
                assert claim.printed_step == scenario.loop.number(claim.step)
                steps.setdefault(scenario.id, set()).add(claim.step)
    assert {199, 399, 599} == steps["r_style/first_loop"]
    assert set(range(0, 1563, 100)) == steps["keras_io_tf/first_loop"]
    assert {0, 200, 400, 600} == steps["multi_backend/metrics"]


def _scenario(entry: GuideEntry, section: str) -> Scenario:
    (found,) = [scenario for scenario in entry.scenarios if scenario.section == section]
    return found
