"""Native runs judged by recorded seeds: repeats where one is far out, alarms where all are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from attrs import define, evolve, field

from core.check.golden.store import Store
from core.check.judging import CheckPlan, Status
from core.check.judging.sharing import with_shared
from core.check.judging.trends import FRESH, Trends, judge_trends
from core.check.trends.recorded import FORMAT, Recorded, SeedRun, path_of, seed_run, write
from core.check.trends.statistic import FALSE_ALARMS, RUNS
from core.errors import ParityError
from core.run.worker import Failure, Job, Outcome
from core.spec import Guide
from core.spec.catalog import Catalog, GuideEntry
from core.spec.experiment import experiment_digest
from core.spec.translation import translated
from core.trace import Trace
from core.trace.finding import FindingCode, Severity
from tests.core.check.judging.example_checks import (
    FIRST,
    SECOND,
    finished,
    golden_of,
    judged,
    planned,
    trace_of,
)
from tests.core.check.judging.example_checks import record as record_goldens
from tests.example_scenarios import CLASSIFIER, GUIDE

SEEDS = 30
KEY = (FIRST, "tensorflow")


def scaled(trace: Trace, by: float, seed: int | None = None) -> Trace:
    """The trace with its losses times a factor, its metrics moved the other way."""
    return evolve(
        trace,
        seed=trace.seed if seed is None else seed,
        losses={name: tuple(by * v for v in values) for name, values in trace.losses.items()},
        metrics={name: tuple(v / by for v in values) for name, values in trace.metrics.items()},
    )


def honest(seed: int) -> Trace:
    """A native run whose losses lie within 3 % of the example's."""
    return scaled(trace_of(FIRST, "native"), 1 + 0.001 * (seed % SEEDS), seed)


def record(
    folder: Path,
    runs: Sequence[SeedRun] | None = None,
    *,
    mnist: bool = False,
) -> Recorded:
    """The first section's recorded seeds."""
    recorded = Recorded(
        format=FORMAT,
        command="python -m tools.record_trends",
        recorded="2026-02-03",
        experiment=experiment_digest(CLASSIFIER),
        data_sha256="a copy" if mnist else trace_of(FIRST, "native").data_sha256,
        environment={},
        runs=tuple(runs or [seed_run(honest(1001 + i)) for i in range(SEEDS)]),
    )
    write(folder, CLASSIFIER, recorded, mnist=mnist)
    return recorded


@define
class Repeats:
    """A runner of repeats that trains nothing: `makes` gives the trace of each seed."""

    makes: Callable[[int], Trace] | None
    jobs: list[Job] = field(factory=list)

    def __call__(self, jobs: Sequence[Job]) -> Sequence[Outcome]:
        """What repeats would have left."""
        self.jobs += jobs
        if self.makes is None:
            return ()
        return [Outcome(job, {FIRST: self.makes(job.options.seed)}) for job in jobs]


@define
class Check:
    """A check of the toy guide whose native run of the first section may be replaced."""

    catalog: Catalog
    plan: CheckPlan

    def outcomes(self, native: Trace) -> list[Outcome]:
        """What the jobs left."""
        found = finished(self.plan)
        for outcome in found:
            if outcome.job.options.randomness == "native":
                outcome.traces[FIRST] = native
        return found

    def trends(self, native: Trace, repeats: Repeats) -> Trends:
        """What the recorded seeds say."""
        return judge_trends(self.outcomes(native), self.catalog, repeats)


@pytest.fixture
def check(catalog: Catalog, plan: CheckPlan, tmp_path: Path) -> Check:
    """The check, with recorded seeds of the first section alone."""
    record(tmp_path)
    return Check(catalog, plan)


def bad(seed: int) -> Trace:
    """A native run far from every recorded one."""
    return scaled(honest(seed), 2.0, seed)


def test_a_run_inside_the_range_needs_no_repeat(check: Check) -> None:
    repeats = Repeats(honest)
    trends = check.trends(honest(15), repeats)
    assert [] == repeats.jobs
    assert {KEY: ()} == trends.findings
    assert (6, SEEDS, 0) == (trends.statistics, trends.recorded, trends.repeats)
    assert trends.false_alarm_rate is not None
    assert 0 < trends.false_alarm_rate <= FALSE_ALARMS


def test_a_run_outside_is_repeated_once_and_cleared_by_a_repeat_inside(check: Check) -> None:
    repeats = Repeats(lambda seed: honest(15 + seed - seed))
    trends = check.trends(bad(1), repeats)
    (job,) = repeats.jobs
    assert (FIRST,) == job.scenarios
    assert (1 + FRESH, "native", ()) == (job.options.seed, job.options.randomness, job.speedup)
    assert {KEY: ()} == trends.findings
    assert 1 == trends.repeats


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_an_alarm_is_raised_where_every_repeat_lies_beyond_the_same_end(
    check: Check, factor: float
) -> None:
    repeats = Repeats(lambda seed: scaled(honest(seed), factor, seed))
    trends = check.trends(scaled(honest(1), factor), repeats)
    seeds = [job.options.seed for job in repeats.jobs]
    assert len(set(seeds)) == len(seeds) == trends.repeats
    assert not set(seeds) & {1, *range(1001, 1001 + SEEDS)}
    found = {finding.where: finding for finding in trends.findings[KEY]}
    assert 6 == len(trends.findings[KEY])
    loss = next(f for where, f in found.items() if "losses.loss[" in where)
    assert FindingCode.GOLDEN_MISMATCH is loss.code
    side = "above" if factor > 1 else "below"
    assert f"loss lies {side} what {SEEDS} recorded seeds show" in loss.message
    assert f"in 0 of {SEEDS * (1 + trends.repeats)} pairs" in loss.evidence
    assert "probability of a false alarm at most" in loss.evidence
    assert trends.false_alarm_rate is not None
    assert trends.false_alarm_rate <= FALSE_ALARMS


def test_a_small_shift_is_an_alarm_though_some_repeats_lie_inside(check: Check) -> None:
    """A third of the repeats is no higher than the highest recorded seeds."""

    def shifted(seed: int) -> Trace:
        return scaled(honest(seed), 1.025, seed)

    trends = check.trends(shifted(21), Repeats(shifted))
    assert 1 < trends.repeats < RUNS
    inside = seed_run(shifted(1)).losses["loss"][0]
    assert inside < seed_run(honest(29)).losses["loss"][0]
    assert any("losses.loss[" in finding.where for finding in trends.findings[KEY])


def test_an_alarm_fails_the_section_and_an_honest_run_far_from_the_golden_does_not(
    check: Check,
) -> None:
    outcomes = check.outcomes(bad(1))
    trends = judge_trends(outcomes, check.catalog, Repeats(bad))
    report = judged(check.plan, outcomes, check.catalog, trends=trends)
    assert [Status.FAILED, Status.PASSED] == [result.status for result in report.results]

    recorded = [seed_run(scaled(honest(1001 + i), 2.0, 1001 + i)) for i in range(SEEDS)]
    record(check.catalog.guides[0].golden, recorded)
    trends = judge_trends(outcomes, check.catalog, Repeats(bad))
    report = judged(check.plan, outcomes, check.catalog, trends=trends)
    assert [Status.PASSED, Status.PASSED] == [result.status for result in report.results]


def test_an_alarm_holds_under_every_name_of_the_run_and_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path)
    record_goldens(tmp_path)
    other = Guide("other", "Another guide", 2020)
    told = translated(CLASSIFIER, other, "First")
    for randomness in ("controlled", "native"):
        Store(tmp_path).write(golden_of(trace_of(told.id, randomness)))
    entries = (
        GuideEntry(GUIDE, (CLASSIFIER,), (), tmp_path),
        GuideEntry(other, (told,), (), tmp_path),
    )
    check = Check(Catalog(entries), planned(Catalog(entries), monkeypatch))
    outcomes = check.outcomes(bad(1))
    trends = judge_trends(outcomes, check.catalog, Repeats(bad))
    assert [KEY] == list(trends.findings)
    assert 6 == trends.statistics
    shared = with_shared(check.plan, outcomes)
    results = judged(check.plan, shared, check.catalog, trends=trends).results
    alarms = [
        [finding.where for finding in result.findings if "recorded seeds" in finding.message]
        for result in results
    ]
    assert [6, 6] == [len(found) for found in alarms]
    assert all(where.startswith(f"{told.id}@tensorflow (native)") for where in alarms[1])


def test_structure_is_judged_as_before_and_a_number_that_is_none_as_well(check: Check) -> None:
    native = evolve(honest(15), log=(), metrics={**honest(15).metrics, "val_acc": (0.5, 0.0)})
    native = evolve(native, losses={**native.losses, "loss": (float("nan"),) * 250})
    outcomes = check.outcomes(native)
    trends = judge_trends(outcomes, check.catalog, Repeats(honest))
    codes = {
        f.code
        for f in judged(check.plan, outcomes, check.catalog, trends=trends).results[0].findings
    }
    assert {FindingCode.GOLDEN_MISMATCH, FindingCode.NOT_FINITE} <= codes


def test_on_another_data_set_the_trend_is_not_judged_and_that_is_said_once(check: Check) -> None:
    outcomes = check.outcomes(evolve(bad(1), data_sha256="00", data_name="mnist"))
    trends = judge_trends(outcomes, check.catalog, Repeats(honest))
    assert ({KEY: ()}, None) == (trends.findings, trends.false_alarm_rate)
    report = judged(check.plan, outcomes, check.catalog, trends=trends)
    (note,) = report.findings
    assert (FindingCode.NOT_JUDGED, Severity.NOTE) == (note.code, note.severity)
    assert Status.PASSED is report.results[0].status


def on_mnist(trace: Trace, sha256: str = "Keras's own") -> Trace:
    """The run on MNIST."""
    return evolve(trace, data_name="mnist" if "own" in sha256 else "m.npz", data_sha256=sha256)


@pytest.mark.parametrize("sha256", ["Keras's own", "a copy"])
def test_on_mnist_runs_are_judged_by_the_seeds_on_mnist(
    check: Check, tmp_path: Path, sha256: str
) -> None:
    runs = [seed_run(scaled(honest(1001 + i), 3.0, 1001 + i)) for i in range(SEEDS)]
    record(tmp_path, runs, mnist=True)
    for native, alarmed in ((scaled(honest(15), 3.0), False), (honest(15), True)):
        repeats = Repeats(lambda seed: on_mnist(honest(seed), sha256))
        trends = check.trends(on_mnist(native, sha256), repeats)
        assert alarmed == bool(trends.findings[KEY])
        assert () == trends.other_data


def test_published_figures_are_judged_by_seeds_on_mnist_where_seeds_judge_the_run(
    check: Check, tmp_path: Path
) -> None:
    assert {} == check.trends(honest(15), Repeats(honest)).on_mnist
    runs = record(tmp_path, mnist=True).runs
    trends = check.trends(honest(15), Repeats(honest))
    assert {KEY: runs} == trends.on_mnist
    assert 6 == trends.statistics
    elsewhere = evolve(honest(15), data_sha256="00", data_name="mine.npz")
    trends = check.trends(elsewhere, Repeats(honest))
    assert ({}, (KEY,)) == (trends.on_mnist, trends.other_data)


def test_a_recorded_run_of_the_same_seed_is_no_witness(check: Check) -> None:
    assert SEEDS - 1 == check.trends(honest(1001), Repeats(honest)).recorded


def test_a_section_without_recorded_seeds_is_held_to_its_golden(check: Check) -> None:
    trends = check.trends(honest(15), Repeats(honest))
    assert (SECOND, "tensorflow") not in trends.findings
    outcomes = check.outcomes(honest(15))
    outcomes[1].traces[SECOND] = scaled(trace_of(SECOND, "native"), 3.0)
    report = judged(check.plan, outcomes, check.catalog, trends=trends)
    assert [Status.PASSED, Status.FAILED] == [result.status for result in report.results]


def test_a_repeat_that_fails_is_an_error(check: Check) -> None:
    def failing(jobs: Sequence[Job]) -> Sequence[Outcome]:
        error = ParityError("out of memory", where="step 3", expected="more", remedy="buy some")
        return [Outcome(job, failure=Failure(FIRST, "ParityError", error)) for job in jobs]

    trends = judge_trends(check.outcomes(bad(1)), check.catalog, failing)
    (finding,) = trends.findings[KEY]
    assert FindingCode.RUN_FAILED is finding.code
    assert "out of memory" in finding.message
    assert f"--seed {1 + FRESH}" in finding.remedy


def test_an_interrupted_repeat_leaves_the_section_undecided_and_out_of_the_report(
    check: Check,
) -> None:
    outcomes = check.outcomes(bad(1))
    trends = judge_trends(outcomes, check.catalog, Repeats(None))
    assert {KEY} == trends.undecided
    assert {KEY: ()} == trends.findings
    report = judged(check.plan, outcomes, check.catalog, trends=trends, only_finished=True)
    assert [SECOND] == [result.scenario for result in report.results]


def test_damaged_seeds_are_a_finding(check: Check, tmp_path: Path) -> None:
    path_of(tmp_path, FIRST).write_text("{")
    (finding,) = check.trends(honest(15), Repeats(honest)).findings[KEY]
    assert FindingCode.GOLDEN_UNREADABLE is finding.code
