"""A guide of two sections on disk, its jobs, and what they would have done: no framework runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import evolve

from core.check.golden.golden import Golden
from core.check.golden.store import Store
from core.check.judging import CheckPlan, CheckReport, Trends, judge, plan_check
from core.errors import ParityError
from core.run.worker import Outcome
from core.run.worker.pool import Failure
from core.spec import Scenario
from core.spec.catalog import Catalog, GuideEntry
from core.trace import Trace
from core.trace.finding import Finding
from core.trace.published import PublishedGuide
from tests.example_scenarios import CLASSIFIER, CONTINUED, GUIDE
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
) -> CheckPlan:
    """The plan of a check on a machine that has the backends `here`."""
    monkeypatch.setattr("core.check.judging.plan.installed", lambda: here)
    return plan_check(
        catalog,
        catalog.scenarios if asked is None else asked,
        backends,
        published=dict(published or {}),
        seed=1,
        data="digits",
        repository=Path("repository"),
        folders=(Path("mine"),),
    )


def trace_of(scenario: str, randomness: str) -> Trace:
    """What a run of a scenario left."""
    return evolve(TRACE, scenario=scenario, randomness=randomness)


def golden_of(trace: Trace) -> Golden:
    """A recording of a trace."""
    horizon = HORIZON if trace.randomness == "controlled" else None
    return evolve(GOLDEN, trace=trace, horizon=horizon)


def finished(plan: CheckPlan) -> list[Outcome]:
    """Every job ran through."""
    return [
        Outcome(job, {name: trace_of(name, job.options.randomness) for name in job.scenarios})
        for job in plan.jobs
    ]


def stopped(outcome: Outcome, scenario: str) -> Outcome:
    """A job that failed at a scenario, with the traces of those before it."""
    error = ParityError("loss is odd", where="step 3", expected="even", remedy="add one")
    order = outcome.job.scenarios
    before = {name: outcome.traces[name] for name in order[: order.index(scenario)]}
    return Outcome(outcome.job, before, {}, failure=Failure(scenario, "ParityError", error))


def record(folder: Path) -> None:
    """Goldens of every section, as the finished jobs ran them."""
    for scenario in (FIRST, SECOND):
        for randomness in ("controlled", "native"):
            Store(folder).write(golden_of(trace_of(scenario, randomness)))


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
