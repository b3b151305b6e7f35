"""Judging outcomes that were made up: what passes, what fails, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.golden.golden import key_of
from core.check.golden.store import Store
from core.check.horizon import pooled
from core.check.judging import CheckPlan, Result, Status
from core.run.backends.arithmetic import Arithmetic
from core.run.worker import Outcome
from core.spec.catalog import Catalog
from core.trace.claims import Claim, ClaimKind
from core.trace.finding import Finding, FindingCode, Severity
from core.trace.published import PublishedGuide
from tests.core.check.judging.example_checks import (
    FIRST,
    SECOND,
    changed,
    finished,
    golden_of,
    judged,
    planned,
    stopped,
    trace_of,
)
from tests.example_scenarios import CLASSIFIER
from tests.example_stations import SAMPLE, STEPS, horizon_of

ACCURACY = Claim(
    ClaimKind.ACCURACY, "first", 5, name="val_acc", epoch=1, value=0.95, printed="0.9500"
)
COUNT = Claim(
    ClaimKind.PARAMS, "first", 7, model="model", name="total", value=6370.0,
    printed="6,370", size="25 KB",
)  # fmt: skip


def _codes(result: Result) -> list[str]:
    return [finding.code for finding in result.findings]


def test_runs_that_equal_their_goldens_pass(catalog: Catalog, plan: CheckPlan) -> None:
    report = judged(plan, finished(plan), catalog)
    assert [(FIRST, "tensorflow"), (SECOND, "tensorflow")] == [
        (result.scenario, result.backend) for result in report.results
    ]
    assert [Status.PASSED] * 2 == [result.status for result in report.results]
    assert ((), ()) == (report.results[0].findings, report.findings)
    assert report.passed
    assert "all 2 runs passed (2 scenarios)" == report.decision
    assert 12.5 == report.seconds


def test_the_table_shows_the_stations_losses_and_the_native_accuracy(
    catalog: Catalog, plan: CheckPlan
) -> None:
    figures = judged(plan, finished(plan), catalog).results[0].figures
    assert (2, 6370) == (figures.layers, figures.params)
    assert {"loss": 100.0, "penalty": 1.0} == figures.first
    assert {"loss": 100.0 / STEPS, "penalty": 1.063} == figures.last == figures.reference_last
    assert (0.91, None) == (figures.accuracy, figures.published_accuracy)
    assert (0.0, 0.0, 2 * STEPS) == (
        figures.largest_relative, figures.largest_share, figures.compared_steps,
    )  # fmt: skip


def test_the_processors_on_which_horizons_were_measured_are_named_once(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path
) -> None:
    assert ("a quick one, AVX2",) == judged(plan, finished(plan), catalog).measured_on
    other = evolve(SAMPLE, processor="another one")
    more = evolve(horizon_of(CLASSIFIER), samples=(SAMPLE, other, evolve(other, seed=13)))
    pooled.write(tmp_path, FIRST, more)
    found = judged(plan, finished(plan), catalog).measured_on
    assert ("a quick one, AVX2", "another one") == found


def test_the_processor_that_the_runs_were_emulated_on_is_named(
    catalog: Catalog, plan: CheckPlan
) -> None:
    assert "" == judged(plan, finished(plan), catalog).emulating
    jobs = tuple(evolve(job, arithmetic=Arithmetic(processor="EPYC")) for job in plan.jobs)
    emulated = evolve(plan, jobs=jobs)
    assert "EPYC" == judged(emulated, finished(emulated), catalog).emulating


def test_a_native_run_is_held_to_its_trend_only(catalog: Catalog, plan: CheckPlan) -> None:
    native = trace_of(FIRST, "native")
    near = {name: tuple(1.01 * v for v in values) for name, values in native.losses.items()}
    far = {name: tuple(3.0 * v for v in values) for name, values in native.losses.items()}
    passed = judged(plan, changed(finished(plan), evolve(native, losses=near)), catalog)
    assert Status.PASSED is passed.results[0].status
    failed = judged(plan, changed(finished(plan), evolve(native, losses=far)), catalog)
    assert Status.FAILED is failed.results[0].status


@pytest.mark.parametrize("randomness", ["controlled", "native"])
def test_a_missing_golden_fails_with_the_way_to_record_it(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path, randomness: str
) -> None:
    path = Store(tmp_path).path(key_of(trace_of(FIRST, randomness)))
    path.unlink()
    result = judged(plan, finished(plan), catalog).results[0]
    (finding,) = result.findings
    assert ("golden-missing", True) == (finding.code, finding.fails)
    assert f"{FIRST}@tensorflow ({randomness})" == finding.where
    assert str(path) in finding.evidence
    assert f'parity record {FIRST} --reason "…"' in finding.remedy
    assert Status.FAILED is result.status


@pytest.mark.parametrize("text", ["", '{"format": 9}', "{"])
def test_an_unreadable_golden_is_a_finding_and_no_error(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path, text: str
) -> None:
    key = key_of(trace_of(FIRST, "controlled"))
    Store(tmp_path).path(key).write_text(text)
    report = judged(plan, finished(plan), catalog)
    (finding,) = report.results[0].findings
    assert ("golden-unreadable", True) == (finding.code, finding.fails)
    assert str(key.file) == finding.where
    assert finding.evidence
    assert finding.remedy
    assert [Status.FAILED, Status.PASSED] == [result.status for result in report.results]
    assert () == report.findings


@pytest.mark.parametrize("field", ["seed", "data"])
def test_a_native_run_of_another_seed_or_data_set_is_judged_by_its_trend_with_a_note(
    catalog: Catalog, plan: CheckPlan, field: str
) -> None:
    trace = trace_of(FIRST, "native")
    near = {name: tuple(1.2 * v for v in values) for name, values in trace.losses.items()}
    trace = evolve(trace, losses=near, initial_weights="00")
    other = evolve(trace, seed=7) if field == "seed" else evolve(trace, data_sha256="00")
    result = judged(plan, changed(finished(plan), other), catalog).results[0]
    (finding,) = result.findings
    assert ("golden-trend-only", Severity.NOTE) == (finding.code, finding.severity)
    assert f"this run: seed {other.seed}" in finding.evidence
    assert "--seed 1 --data digits" in finding.remedy
    assert Status.PASSED is result.status
    smaller = evolve(other, steps_per_epoch=1)
    result = judged(plan, changed(finished(plan), smaller), catalog).results[0]
    assert ["golden-mismatch", "golden-trend-only"] == _codes(result)


def test_a_failed_run_is_an_error_and_what_followed_it_says_so(
    catalog: Catalog, plan: CheckPlan
) -> None:
    stations, native = finished(plan)
    report = judged(plan, [stopped(stations, FIRST), native], catalog)
    first, second = report.results
    assert [Status.ERROR, Status.ERROR] == [first.status, second.status]
    (failed,) = first.findings
    assert ("run-failed", "loss is odd") == (failed.code, failed.message)
    assert ("step 3", "add one") == (failed.evidence, failed.remedy)
    (cascade,) = second.findings
    assert "cascade-error" == cascade.code
    assert f"did not run, because {FIRST} failed before it" == cascade.message
    assert f"mend {FIRST} first" == cascade.remedy
    assert "2 of 2 runs failed (2 scenarios)" == report.decision


def test_what_ran_before_a_failure_is_judged(catalog: Catalog, plan: CheckPlan) -> None:
    stations, native = finished(plan)
    report = judged(plan, [stations, stopped(native, SECOND)], catalog)
    assert [Status.PASSED, Status.ERROR] == [result.status for result in report.results]
    assert ["run-failed"] == _codes(report.results[1])


def test_an_interrupted_check_reports_what_had_finished_and_nothing_else(
    catalog: Catalog, plan: CheckPlan, tmp_path: Path
) -> None:
    Store(tmp_path).write(golden_of(trace_of("toy/gone", "native")))
    stations, native = finished(plan)
    outcomes = [stations, Outcome(native.job, {FIRST: native.traces[FIRST]})]
    report = judged(plan, outcomes, catalog, only_finished=True)
    assert [FIRST] == [result.scenario for result in report.results]
    assert () == report.findings


def test_where_nothing_ran_nothing_passed(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(catalog, monkeypatch, here=())
    report = judged(plan, [], catalog)
    assert "nothing ran; 2 skipped" == report.decision
    assert 2 == report.count(Status.SKIPPED)


def _published(*claims: Claim) -> dict[str, PublishedGuide]:
    return {"toy": PublishedGuide(1, "toy", "A toy guide", None, None, 2024, claims)}


def test_published_figures_are_judged_by_the_native_run(catalog: Catalog, plan: CheckPlan) -> None:
    published = _published(ACCURACY, COUNT)
    result = judged(plan, finished(plan), catalog, published=published).results[0]
    assert Status.PASSED is result.status
    assert (0.91, 0.95) == (result.figures.accuracy, result.figures.published_accuracy)
    assert (2, 2) == (result.figures.claims, result.figures.claims_held)


def test_a_published_figure_that_does_not_hold_fails(catalog: Catalog, plan: CheckPlan) -> None:
    published = _published(evolve(COUNT, value=6371.0, printed="6,371"))
    result = judged(plan, finished(plan), catalog, published=published).results[0]
    assert Status.FAILED is result.status
    assert (1, 0) == (result.figures.claims, result.figures.claims_held)


def test_findings_about_claim_files_stand_beside_the_results(
    catalog: Catalog, plan: CheckPlan
) -> None:
    problem = Finding(FindingCode.GOLDEN_UNREADABLE, "toy.json", "m", "e")
    report = judged(plan, finished(plan), catalog, problems=(problem,))
    assert (problem,) == report.findings
    assert not report.passed
