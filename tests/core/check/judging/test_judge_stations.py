"""Judging runs from stations that were made up: by the reference, and by what a framework says."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.horizon import pooled
from core.check.judging import CheckPlan, CheckReport, Result, Status
from core.check.judging.sharing import with_shared
from core.run.backends.arithmetic import Arithmetic
from core.run.worker import Outcome
from core.spec import Guide
from core.spec.catalog import Catalog, GuideEntry
from core.spec.translation import translated
from core.trace.finding import Finding, FindingCode, Severity
from core.trace.station import StationTrace, first_steps
from tests.core.check.judging.example_checks import (
    FIRST,
    SECOND,
    catalog_at,
    changed,
    finished,
    judged,
    planned,
    record,
    stopped,
)
from tests.example_scenarios import CLASSIFIER, DRAWING, GUIDE
from tests.example_stations import LIMIT, STEPS, horizon_of, located, station_trace


def _codes(result: Result) -> list[str]:
    return [finding.code for finding in result.findings]


def _off(run: StationTrace, relative: float, step: int = 0) -> StationTrace:
    """A run with one loss off by a relative difference."""
    loss = list(run.losses["loss"])
    loss[step] /= 1 - relative
    return evolve(run, losses={**run.losses, "loss": tuple(loss)})


@pytest.mark.parametrize("station", ["start", "late"])
def test_a_number_off_the_reference_fails_at_any_station(
    catalog: Catalog, plan: CheckPlan, station: str
) -> None:
    off = _off(station_trace(FIRST, station), 2 * LIMIT, step=63)
    report = judged(plan, changed(finished(plan), off), catalog)
    first, second = report.results
    assert (Status.FAILED, Status.PASSED) == (first.status, second.status)
    (finding,) = first.findings
    assert "golden-mismatch" == finding.code
    assert f"{FIRST}@tensorflow (station {station}): losses.loss[63]" == finding.where
    assert 2 * LIMIT == pytest.approx(first.figures.largest_relative)
    assert pytest.approx(2.0) == first.figures.largest_share
    assert 0.0 == second.figures.largest_share
    assert not report.passed
    assert "1 of 2 runs failed (2 scenarios)" == report.decision


def test_a_number_inside_the_horizon_passes_and_is_shown(catalog: Catalog, plan: CheckPlan) -> None:
    off = _off(station_trace(FIRST, "late"), LIMIT / 2)
    first = judged(plan, changed(finished(plan), off), catalog).results[0]
    assert Status.PASSED is first.status
    assert pytest.approx(0.5) == first.figures.largest_share


def test_a_renamed_loss_fails(catalog: Catalog, plan: CheckPlan) -> None:
    for station in ("start", "late"):
        run = station_trace(FIRST, station)
        renamed = evolve(run, losses={"other": run.losses["loss"]})
        result = judged(plan, changed(finished(plan), renamed), catalog).results[0]
        assert Status.FAILED is result.status
        assert {"golden-mismatch"} == set(_codes(result))


@pytest.mark.parametrize("steps", [1, 32, 63])
def test_a_run_that_takes_fewer_steps_than_it_was_asked_for_fails(
    catalog: Catalog, plan: CheckPlan, steps: int
) -> None:
    short = first_steps(station_trace(FIRST, "late"), steps)
    result = judged(plan, changed(finished(plan), short), catalog).results[0]
    assert Status.FAILED is result.status
    assert any(f"loss has {steps} steps, not {STEPS}" == f.message for f in result.findings)


def test_what_only_a_framework_says_is_held_to_its_own_recording(
    catalog: Catalog, plan: CheckPlan
) -> None:
    run = station_trace(FIRST, "start")
    renamed = evolve(run, models=(evolve(run.models[0], name="renamed"),))
    loud = evolve(run, warnings=(*run.warnings, "UserWarning: another"))
    found: dict[str, str] = {}
    for other in (renamed, loud):
        report = judged(plan, changed(finished(plan), other), catalog)
        assert [Status.FAILED, Status.PASSED] == [result.status for result in report.results]
        found |= {finding.code: finding.evidence for finding in report.results[0].findings}
    assert {"golden-mismatch", "new-warning"} == set(found)
    assert "'UserWarning: another'" in found[FindingCode.NEW_WARNING]


def test_a_warning_that_a_run_no_longer_raises_is_no_finding(
    catalog: Catalog, plan: CheckPlan
) -> None:
    quiet = evolve(station_trace(FIRST, "start"), warnings=())
    assert judged(plan, changed(finished(plan), quiet), catalog).passed


def test_without_a_reference_a_section_fails_and_says_how_to_record_it(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = Finding(FindingCode.GOLDEN_MISSING, FIRST, "there is no reference", "e")
    plan = planned(
        catalog, monkeypatch, references={SECOND: located(CLASSIFIER)}, unknown={FIRST: why}
    )
    first, second = judged(plan, finished(plan), catalog).results
    assert (Status.FAILED, (why,)) == (first.status, first.findings)
    assert (None, None) == (first.figures.largest_share, first.figures.largest_relative)
    assert 0.91 == first.figures.accuracy
    assert Status.PASSED is second.status


def test_without_a_horizon_a_section_fails_and_says_how_to_measure_it(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path
) -> None:
    pooled.path_of(tmp_path, FIRST).unlink()
    result = judged(plan, finished(plan), catalog).results[0]
    assert [f"{FIRST}@tensorflow (station {name})" for name in ("start", "late")] == [
        finding.where for finding in result.findings
    ]
    finding = result.findings[0]
    assert ("golden-missing", True) == (finding.code, finding.fails)
    assert f"measure it: parity horizon {FIRST}" == finding.remedy
    assert result.figures.largest_share is None


def test_a_station_that_was_not_measured_is_not_held_to_be_well(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path
) -> None:
    horizon = horizon_of(CLASSIFIER)
    only = evolve(horizon, stations={"start": horizon.stations["start"]})
    pooled.write(tmp_path, FIRST, only)
    result = judged(plan, finished(plan), catalog).results[0]
    (finding,) = result.findings
    assert f"{FIRST}@tensorflow (station late)" == finding.where
    assert (Status.FAILED, STEPS) == (result.status, result.figures.compared_steps)


def test_a_horizon_of_another_experiment_is_none(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path
) -> None:
    pooled.write(tmp_path, FIRST, evolve(horizon_of(CLASSIFIER), experiment="another"))
    result = judged(plan, finished(plan), catalog).results[0]
    assert ["golden-missing"] * 2 == _codes(result)


def test_an_unreadable_horizon_is_a_finding_and_no_error(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path
) -> None:
    pooled.path_of(tmp_path, FIRST).write_text("{")
    report = judged(plan, finished(plan), catalog)
    (finding,) = report.results[0].findings
    assert ("golden-unreadable", True) == (finding.code, finding.fails)
    assert [Status.FAILED, Status.PASSED] == [result.status for result in report.results]


def _drawing(tmp_path: Path) -> Catalog:
    record(tmp_path, CLASSIFIER, DRAWING)
    return catalog_at(tmp_path, CLASSIFIER, evolve(DRAWING, backends=("tensorflow", "jax")))


NOT_JUDGED = Finding(
    FindingCode.NOT_JUDGED, DRAWING.id, "numbers were not judged", "e", severity=Severity.NOTE
)


def test_with_another_seed_what_draws_is_judged_natively_alone_and_one_note_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = _drawing(tmp_path)
    plan = planned(
        catalog,
        monkeypatch,
        here=("tensorflow", "jax"),
        backends=("tensorflow", "jax"),
        references={FIRST: located(CLASSIFIER)},
        unknown={DRAWING.id: NOT_JUDGED},
    )
    report = judged(plan, finished(plan), catalog)
    by_run = {(result.scenario, result.backend): result for result in report.results}
    native, nowhere = by_run[DRAWING.id, "tensorflow"], by_run[DRAWING.id, "jax"]
    assert (Status.PASSED, 0.91) == (native.status, native.figures.accuracy)
    assert Status.SKIPPED is nowhere.status  # neither numbers nor a trend: nothing passed
    assert {NOT_JUDGED} == {*native.findings, *nowhere.findings}
    assert "1 skipped" in report.decision


def test_emulated_one_step_of_what_draws_is_compared_with_the_first_of_its_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = catalog_at(tmp_path, CLASSIFIER, DRAWING)
    record(tmp_path, CLASSIFIER, DRAWING)
    plan = planned(catalog, monkeypatch, arithmetic=Arithmetic(processor="EPYC"))

    def report(by: float) -> CheckReport:
        outcomes = finished(plan)
        for name in ("start", "late"):
            one = evolve(
                first_steps(_off(station_trace(DRAWING.id, name), by), 1), counters={"steps": (1,)}
            )
            outcomes = changed(outcomes, one)
        return judged(plan, outcomes, catalog)

    honest = report(0.0)
    assert [] == [*honest.findings, *(f for r in honest.results for f in r.findings)]
    assert ["EPYC", True] == [honest.emulating, honest.passed]
    assert [2 * STEPS, 2] == [result.figures.compared_steps for result in honest.results]
    assert [Status.PASSED, Status.FAILED] == [result.status for result in report(2 * LIMIT).results]


def test_what_ran_from_stations_before_a_failure_is_judged(
    catalog: Catalog, plan: CheckPlan
) -> None:
    stations, native = finished(plan)
    report = judged(plan, [stopped(stations, SECOND), native], catalog)
    assert [Status.PASSED, Status.ERROR] == [result.status for result in report.results]
    assert ["run-failed"] == _codes(report.results[1])
    assert report.results[1].figures.largest_share is None
    assert 0.91 == report.results[1].figures.accuracy


def test_an_interrupted_check_leaves_out_sections_of_which_a_station_is_missing(
    catalog: Catalog, plan: CheckPlan
) -> None:
    stations, native = finished(plan)
    some = Outcome(stations.job, stations=stations.stations[:3])
    report = judged(plan, [some, native], catalog, only_finished=True)
    assert [FIRST] == [result.scenario for result in report.results]


def test_a_translation_is_judged_by_the_same_reference_and_horizon_under_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Guide("other", "Another guide", 2020)
    told = translated(CLASSIFIER, other, "First")
    entries = (
        GuideEntry(GUIDE, (CLASSIFIER,), (), tmp_path),
        GuideEntry(other, (told,), (), tmp_path),
    )
    catalog = Catalog(entries)
    record(tmp_path, CLASSIFIER, told)
    pooled.path_of(tmp_path, told.id).unlink()  # its original's is its own
    plan = planned(catalog, monkeypatch)
    off = changed(finished(plan), _off(station_trace(FIRST, "late"), 2 * LIMIT))
    results = judged(plan, with_shared(plan, off), catalog).results
    assert [FIRST, told.id] == [result.scenario for result in results]
    assert [f"{name}@tensorflow (station late): losses.loss[0]" for name in (FIRST, told.id)] == [
        finding.where for result in results for finding in result.findings
    ]
