from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from core.errors import UsageError
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.rehearse import Rehearsal
from core.upgrade.rehearsal.run import Limits, Run, RunResult, RunStatus
from core.upgrade.rehearsal.verdict import Kind
from tests.core.upgrade.rehearsal.engines import (
    CALL,
    SUBJECTS,
    World,
    compare,
    engine,
    rehearsal,
    resolved,
)
from tests.core.upgrade.rehearsal.runs import LOSSES, changed, failed, ran

OLD = "keras==3.0.5 tensorflow-cpu==2.16.2"
NEW = "keras==3.7.0 tensorflow-cpu==2.16.2"
NEWER = "keras==3.9.0 tensorflow-cpu==2.16.2"


def losses_by(change: Callable[[str], tuple[float, ...]]) -> Callable[[Resolved, Run], RunResult]:
    """A world in which losses depend on Keras's version alone."""

    def behaviour(asked: Resolved, run: Run) -> RunResult:
        losses = change(asked.lock.versions["keras"])
        randomness = run.options.randomness
        return ran(losses[: run.options.steps or len(losses)], randomness=randomness)

    return behaviour


def rounding_from_7(version: str) -> tuple[float, ...]:
    return LOSSES if version < "3.7" else changed(5, 5e-7)


def test_every_subject_is_judged_in_every_candidate(tmp_path: Path) -> None:
    world = World(losses_by(rounding_from_7))
    report = compare(world, tmp_path, OLD, OLD, NEW, NEWER)
    kinds = [(row.candidate, row.subject, row.verdict.kind) for row in report.results]
    assert [
        (OLD, "toy/first", Kind.IDENTICAL),
        (OLD, "toy/second", Kind.IDENTICAL),
        (NEW, "toy/first", Kind.ROUNDING),
        (NEW, "toy/second", Kind.ROUNDING),
        (NEWER, "toy/first", Kind.ROUNDING),
        (NEWER, "toy/second", Kind.ROUNDING),
    ] == kinds
    assert [OLD, NEW, NEWER] == world.made


def test_the_baseline_runs_twice_and_others_once(tmp_path: Path) -> None:
    world = World(losses_by(rounding_from_7))
    compare(world, tmp_path, OLD, NEW)
    replicates = [(spec, run.replicate) for spec, run in world.ran]
    assert 4 == replicates.count((OLD, 0)) == replicates.count((OLD, 1))
    assert 4 == replicates.count((NEW, 0))
    assert 12 == len(replicates)


def test_a_second_call_makes_and_runs_nothing(tmp_path: Path) -> None:
    first = compare(World(losses_by(rounding_from_7)), tmp_path, OLD, NEW)
    world = World(losses_by(rounding_from_7))
    second = compare(world, tmp_path, OLD, NEW)
    assert ([], []) == (world.made, world.ran)
    assert first.results == second.results
    assert [8, 4] == [row.known for row in second.environments]


def test_a_killed_call_loses_only_the_run_in_flight(tmp_path: Path) -> None:
    calls = 0

    def stopped(asked: Resolved, run: Run) -> RunResult:
        nonlocal calls
        calls += 1
        if calls >= 6:
            raise KeyboardInterrupt
        return losses_by(rounding_from_7)(asked, run)

    made = engine(World(stopped), tmp_path)
    asked = Rehearsal(made, CALL, SUBJECTS, workers=1)
    with pytest.raises(KeyboardInterrupt):
        asked.compare(resolved(made, OLD, NEW))
    world = World(losses_by(rounding_from_7))
    compare(world, tmp_path, OLD, NEW)
    assert 12 - 5 == len(world.ran)


def test_two_calls_at_once_run_everything_once(tmp_path: Path) -> None:
    world = World(losses_by(rounding_from_7))
    reports = []
    threads = [
        threading.Thread(target=lambda: reports.append(compare(world, tmp_path, OLD, NEW)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 12 == len(world.ran)
    assert reports[0].results == reports[1].results


def test_a_timeout_is_tried_again_only_with_more_time(tmp_path: Path) -> None:
    def late(asked: Resolved, run: Run) -> RunResult:
        if "3.7" in asked.request.spec:
            return failed("Timeout", RunStatus.TIMEOUT)
        return losses_by(rounding_from_7)(asked, run)

    def run_with(seconds: float) -> tuple[World, list[Kind]]:
        world = World(late)
        made = engine(world, tmp_path, Limits(seconds=seconds))
        report = rehearsal(made).compare(resolved(made, OLD, NEW))
        return world, [row.verdict.kind for row in report.results]

    assert [Kind.TIMEOUT] * 2 == run_with(60.0)[1]
    assert [] == run_with(60.0)[0].ran
    assert 4 == len(run_with(61.0)[0].ran)


def test_subjects_with_the_same_experiment_share_their_runs(tmp_path: Path) -> None:
    world = World(losses_by(rounding_from_7))
    twins = (SUBJECTS[0], attrs.evolve(SUBJECTS[1], experiment="e1"))
    made = engine(world, tmp_path)
    report = rehearsal(made, twins).compare(resolved(made, OLD, NEW))
    assert {"toy/first"} == {run.subject for _, run in world.ran}
    assert ["toy/first", "toy/second"] == [row.subject for row in report.results]


def test_a_horizon_that_no_golden_says_is_measured_in_the_baseline(tmp_path: Path) -> None:
    def nudged(asked: Resolved, run: Run) -> RunResult:
        varied = run.options.nudge or run.arithmetic != Run("x", run.options).arithmetic
        return ran(changed(4, 1e-6)) if varied else losses_by(rounding_from_7)(asked, run)

    world = World(nudged)
    made = engine(world, tmp_path)
    bare = (attrs.evolve(SUBJECTS[0], horizons={}),)
    report = rehearsal(made, bare).compare(resolved(made, OLD, NEW))
    assert [Kind.ROUNDING] == [row.verdict.kind for row in report.results]
    assert "rounding horizon of 40 steps" in report.results[0].verdict.evidence
    assert 3 == sum(run.options.nudge > 0 or run.replicate == 0 for _, run in world.ran) - 4


def test_an_environment_that_cannot_be_had_leaves_the_others(tmp_path: Path) -> None:
    world = World(losses_by(rounding_from_7))
    bad = "impossible==1 tensorflow-cpu==2.16.2"
    full = "keras==3.8.0 full==1 tensorflow-cpu==2.16.2"
    report = compare(world, tmp_path, OLD, bad, full, NEW)
    status = [row.status for row in report.environments]
    assert ["ready", "unresolvable", "failed", "ready"] == status
    assert "there is no version of impossible" == report.environments[1].message
    assert {NEW} == {row.candidate for row in report.results}
    assert report.fails
    assert not report.impossible


def test_without_a_baseline_nothing_is_made(tmp_path: Path) -> None:
    world = World(losses_by(rounding_from_7))
    report = compare(world, tmp_path, "impossible==1 tensorflow-cpu==2.16.2", NEW)
    assert report.impossible
    assert [] == world.made
    assert report.decision.startswith("nothing was compared")


def test_a_scenario_is_left_out_where_its_framework_is_not_run(tmp_path: Path) -> None:
    world = World(losses_by(rounding_from_7))
    only = (attrs.evolve(SUBJECTS[0], backends=("tensorflow", "jax")), SUBJECTS[1])
    made = engine(world, tmp_path)
    places = resolved(made, OLD, "keras==3.0.5 jax==0.4.26")
    report = rehearsal(made, only).compare(places)
    assert ["toy/first"] == [row.subject for row in report.results]


def test_a_spec_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        compare(World(losses_by(rounding_from_7)), tmp_path, OLD, "keras==3.7.0")


def test_every_environment_is_compared_with_itself_where_that_is_asked_for(
    tmp_path: Path,
) -> None:
    world = World(lambda asked, run: ran())  # noqa: ARG005
    made = engine(world, tmp_path)
    places = resolved(made, OLD, NEW)
    report = rehearsal(made, call=attrs.evolve(CALL, controls=True)).compare(places)
    pairs = {(row.baseline, row.candidate) for row in report.controls}
    assert {(OLD, OLD), (NEW, NEW)} == pairs
    assert {Kind.IDENTICAL} == {row.verdict.kind for row in report.controls}
    assert "every environment against itself, 4 of 4 identical" in report.control_words
    alone = compare(World(lambda asked, run: ran()), tmp_path / "alone", OLD, NEW)  # noqa: ARG005
    assert {OLD} == {row.candidate for row in alone.controls}
