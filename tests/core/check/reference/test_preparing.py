"""What a check compares with: recorded references, or live ones of another seed or data set."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.check.reference.computing import Wanted
from core.check.reference.preparing import Prepared, prepare
from core.check.reference.reference import FILE, folder_of, write
from core.spec import Guide, Scenario
from core.spec.catalog import Catalog, GuideEntry
from core.spec.translation import translated
from core.trace.finding import Severity
from tests.core.check.reference.runs import Runs
from tests.example_scenarios import CLASSIFIER, CONTINUED, DRAWING, GUIDE
from tests.example_stations import REFERENCE_TRACE, located, reference_of

OTHER = Guide("other", "Another guide", 2020)
TOLD = translated(CLASSIFIER, OTHER, "First")
SHA = REFERENCE_TRACE.data_sha256
SCENARIOS = (CLASSIFIER, CONTINUED, DRAWING)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The toy guide and a translation of its first section, every reference recorded."""
    for scenario in SCENARIOS:
        write(tmp_path, scenario.id, reference_of(scenario))
    return Catalog(
        (
            GuideEntry(GUIDE, SCENARIOS, (), tmp_path),
            GuideEntry(OTHER, (TOLD,), (), tmp_path),
        )
    )


def _prepared(
    catalog: Catalog, runs: Runs, *scenarios: Scenario, seed: int = 1, sha: str = SHA
) -> Prepared:
    asked = scenarios or catalog.scenarios
    wanted = Wanted(asked, seed, "digits", Path("repository"), (), Path("states"))
    return prepare(catalog, wanted, sha, runs)


def test_what_is_recorded_needs_no_run(catalog: Catalog, tmp_path: Path) -> None:
    runs = Runs()
    found = _prepared(catalog, runs)
    assert [] == runs.jobs
    assert {scenario.id for scenario in catalog.scenarios} == found.references.keys()
    folder = folder_of(tmp_path, CLASSIFIER.id)
    assert located(CLASSIFIER, folder) == found.references[TOLD.id]
    assert ({}, ()) == (found.unknown, found.failed)


@pytest.mark.parametrize(("seed", "sha"), [(7, SHA), (1, "d2")])
def test_of_another_seed_or_data_set_the_supervised_sections_are_computed_now(
    catalog: Catalog, seed: int, sha: str
) -> None:
    runs = Runs()
    found = _prepared(catalog, runs, seed=seed, sha=sha)
    assert {CLASSIFIER.id, CONTINUED.id, TOLD.id} == found.references.keys()
    # A translation's is its original's, computed once.
    assert {CLASSIFIER.id, CONTINUED.id} == {name for job in runs.jobs for name in job.scenarios}
    assert {seed} == {job.options.seed for job in runs.jobs}
    assert found.references[CLASSIFIER.id] == found.references[TOLD.id]
    assert seed == found.references[TOLD.id].numbers("late", "tensorflow").seed
    assert Path("states/toy/first") == found.references[TOLD.id].folder


def test_a_translation_asked_for_alone_is_computed_as_its_original(catalog: Catalog) -> None:
    runs = Runs()
    assert [TOLD.id] == list(_prepared(catalog, runs, TOLD, seed=7).references)
    assert {CLASSIFIER.id} == {name for job in runs.jobs for name in job.scenarios}


def test_of_another_seed_what_draws_is_not_judged_and_a_note_says_why(catalog: Catalog) -> None:
    runs = Runs()
    found = _prepared(catalog, runs, DRAWING, seed=7)
    assert ({}, []) == (found.references, runs.jobs)
    note = found.unknown[DRAWING.id]
    assert ("not-judged", Severity.NOTE, False) == (note.code, note.severity, note.fails)
    assert "--seed 1" in note.remedy


def test_what_was_never_recorded_is_unknown_whatever_the_seed(
    catalog: Catalog, tmp_path: Path
) -> None:
    (folder_of(tmp_path, CLASSIFIER.id) / FILE).unlink()
    for seed in (1, 7):
        runs = Runs()
        found = _prepared(catalog, runs, CLASSIFIER, TOLD, seed=seed)
        assert ({}, []) == (found.references, runs.jobs)
        assert [CLASSIFIER.id, TOLD.id] == list(found.unknown)
        finding = found.unknown[TOLD.id]
        assert ("golden-missing", True) == (finding.code, finding.fails)
        assert f'parity record {TOLD.id} --reason "…"' in finding.remedy
        assert str(tmp_path / "reference") in finding.evidence


def test_a_damaged_reference_is_unknown_and_the_others_are_found(
    catalog: Catalog, tmp_path: Path
) -> None:
    path = folder_of(tmp_path, CLASSIFIER.id) / FILE
    path.write_text("{")
    found = _prepared(catalog, Runs(), CLASSIFIER, CONTINUED)
    assert [CONTINUED.id] == list(found.references)
    finding = found.unknown[CLASSIFIER.id]
    assert ("golden-unreadable", True, str(path)) == (finding.code, finding.fails, finding.where)


def test_a_live_reference_that_fails_is_told(catalog: Catalog) -> None:
    found = _prepared(catalog, Runs("toy, a tour"), CLASSIFIER, seed=7)
    assert ({}, 1) == (found.references, len(found.failed))


def test_interrupted_there_is_none(catalog: Catalog) -> None:
    found = _prepared(catalog, Runs(stopped=True), CLASSIFIER, seed=7)
    assert ({}, {}, ()) == (found.references, found.unknown, found.failed)
