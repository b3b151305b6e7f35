"""A guide of two sections on disk, its jobs, and what they would have done: no framework runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import evolve

from core.check.golden.golden import Golden
from core.check.golden.store import Store
from core.check.horizon import pooled
from core.check.judging import Asked, CheckPlan, CheckReport, Trends, judge, plan_check
from core.check.reference.reference import Located
from core.errors import ParityError
from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import PINNED
from core.run.runner.options import RunOptions, execution_of
from core.run.worker import Job, Outcome
from core.run.worker.pool import Failure
from core.spec import Scenario
from core.spec.catalog import Catalog, GuideEntry
from core.trace import Trace
from core.trace.finding import Finding
from core.trace.published import PublishedGuide
from core.trace.station import StationTrace
from tests.example_scenarios import CLASSIFIER, CONTINUED, DRAWING, GUIDE
from tests.example_stations import horizon_of, located, station_trace
from tests.example_traces import GOLDEN, HORIZON, TRACE

FIRST, SECOND = CLASSIFIER.id, CONTINUED.id


def catalog_at(folder: Path, *scenarios: Scenario) -> Catalog:
    """The toy guide with goldens in a folder."""
    return Catalog((GuideEntry(GUIDE, scenarios or (CLASSIFIER, CONTINUED), (), folder),))


def planned(
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
    *,
    here: tuple[str, ...] = ("tensorflow",),
    backends: tuple[str, ...] = ("tensorflow",),
    asked: tuple[Scenario, ...] | None = None,
    published: Mapping[str, PublishedGuide] | None = None,
    references: Mapping[str, Located] | None = None,
    unknown: Mapping[str, Finding] | None = None,
    full: bool = False,
    arithmetic: Arithmetic = PINNED,
) -> CheckPlan:
    """The plan of a check on a machine that has the backends `here`."""
    monkeypatch.setattr("core.check.judging.plan.installed", lambda: here)
    scenarios = catalog.scenarios if asked is None else asked
    return plan_check(
        Asked(
            catalog,
            scenarios,
            backends,
            published=dict(published or {}),
            seed=1,
            data="digits",
            repository=Path("repository"),
            folders=(Path("mine"),),
            arithmetic=arithmetic,
        ),
        {s.id: located(s) for s in scenarios} if references is None else references,
        dict(unknown or {}),
        full=full,
    )


def trace_of(scenario: str, randomness: str) -> Trace:
    """What a run of a scenario left."""
    known = {each.id: each for each in (CLASSIFIER, CONTINUED, DRAWING)}
    like = known.get(scenario, CLASSIFIER)
    execution = execution_of(like, RunOptions(randomness=randomness))
    return evolve(TRACE, scenario=scenario, randomness=randomness, execution=execution)


def golden_of(trace: Trace) -> Golden:
    """A recording of a trace."""
    horizon = HORIZON if trace.randomness == "controlled" else None
    return evolve(GOLDEN, trace=trace, horizon=horizon)


def finished(plan: CheckPlan) -> list[Outcome]:
    """Every job ran through."""
    return [_outcome(job, job.scenarios) for job in plan.jobs]


def _outcome(job: Job, scenarios: tuple[str, ...]) -> Outcome:
    """What a job did of some of its scenarios."""
    if not job.stations:
        return Outcome(job, {name: trace_of(name, job.options.randomness) for name in scenarios})
    starts = [start for start in job.stations if start.scenario in scenarios]
    ran = [station_trace(start.scenario, start.station.name, job.backend) for start in starts]
    return Outcome(job, stations=ran)


def stopped(outcome: Outcome, scenario: str) -> Outcome:
    """A job that failed at a scenario, with what it did before."""
    error = ParityError("loss is odd", where="step 3", expected="even", remedy="add one")
    order = outcome.job.scenarios
    before = _outcome(outcome.job, order[: order.index(scenario)])
    before.failure = Failure(scenario, "ParityError", error)
    return before


def changed(outcomes: list[Outcome], run: Trace | StationTrace) -> list[Outcome]:
    """The outcomes with one run in place of the one that it is named like."""
    for outcome in outcomes:
        if outcome.job.backend != run.backend:
            continue
        if isinstance(run, StationTrace):
            key = (run.scenario, run.station)
            outcome.stations = [
                run if key == (old.scenario, old.station) else old for old in outcome.stations
            ]
        elif outcome.job.options.randomness == run.randomness and not outcome.job.stations:
            outcome.traces[run.scenario] = run
    return outcomes


def record(folder: Path, *scenarios: Scenario) -> None:
    """Goldens of every section, as the finished jobs ran them, and their horizons."""
    for scenario in scenarios or (CLASSIFIER, CONTINUED):
        pooled.write(folder, scenario.id, horizon_of(scenario))
        for randomness in ("controlled", "native"):
            Store(folder).write(golden_of(trace_of(scenario.id, randomness)))


def judged(
    plan: CheckPlan,
    outcomes: list[Outcome],
    catalog: Catalog,
    *,
    asked: tuple[Scenario, ...] | None = None,
    published: Mapping[str, PublishedGuide] | None = None,
    trends: Trends | None = None,
    problems: tuple[Finding, ...] = (),
    only_finished: bool = False,
) -> CheckReport:
    """The report over outcomes."""
    return judge(
        plan,
        outcomes,
        catalog,
        published or {},
        trends or Trends(),
        scenarios=catalog.scenarios if asked is None else asked,
        problems=problems,
        seconds=12.5,
        only_finished=only_finished,
    )
