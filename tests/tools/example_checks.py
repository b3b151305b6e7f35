"""A whole check without a run: the repository's goldens, judged as if just computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from attrs import evolve

from core.check.golden.store import Store
from core.check.judging import (
    Asked,
    CheckReport,
    Result,
    Status,
    judge,
    judge_trends,
    plan_check,
)
from core.check.judging.orphans import expected_keys
from core.check.judging.sharing import with_shared
from core.check.reference.known import recorded
from core.check.reference.reference import Located
from core.run.data import load_data
from core.run.worker import Job, Outcome
from core.spec import BACKENDS, Scenario
from core.spec.catalog import Catalog
from core.spec.reading import meaning
from core.trace import Trace
from core.trace.finding import Finding
from tests.conftest import REPOSITORY
from tools.cli.published import published_claims

SPEEDUP = 40.8
SEED = 12


def whole_check() -> CheckReport:
    """The report over every scenario on every backend, where every run equals what is recorded."""
    catalog = Catalog.load(REPOSITORY)
    published, problems = published_claims(catalog)
    asked = Asked(catalog, catalog.scenarios, BACKENDS, published, SEED, "digits", REPOSITORY, ())
    references = recorded(catalog, catalog.scenarios, SEED, load_data("digits").sha256)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.check.judging.plan.installed", lambda: BACKENDS)
        plan = plan_check(asked, references, {}, full=True)
    outcomes = [_outcome(job, catalog, references) for job in plan.jobs]
    trends = judge_trends(outcomes, catalog, lambda jobs: ())  # noqa: ARG005
    return judge(
        plan,
        with_shared(plan, outcomes),
        catalog,
        published,
        trends,
        scenarios=catalog.scenarios,
        problems=problems,
        seconds=509.0,
    )


def _golden(catalog: Catalog, scenario: Scenario, backend: str, randomness: str) -> Trace:
    for key in expected_keys(scenario):
        if (key.backend, key.randomness) == (backend, randomness):
            golden = Store(catalog.entry(scenario).golden).read(key)
            assert golden is not None
            return golden.trace
    raise AssertionError(f"{scenario.id} has no golden on {backend}")


def _outcome(job: Job, catalog: Catalog, references: Mapping[str, Located]) -> Outcome:
    scenarios = {scenario.id: scenario for scenario in catalog.select(job.scenarios)}
    if not job.stations:
        traces = {
            name: _golden(catalog, scenario, job.backend, "native")
            for name, scenario in scenarios.items()
        }
        return Outcome(job, traces, dict.fromkeys(job.speedup, SPEEDUP))
    runs = []
    for start in job.stations:
        scenario = scenarios[start.scenario]
        said = _golden(catalog, scenario, job.backend, "controlled")
        means = meaning(scenario, job.backend)
        run = references[scenario.id].numbers(start.station.name, means)
        runs.append(
            evolve(run, scenario=scenario.id, backend=job.backend, margins={}, models=said.models)
        )
    return Outcome(job, stations=runs)


def failing(
    report: CheckReport, fails: Callable[[Result], bool], finding: Callable[[Result], Finding]
) -> CheckReport:
    """A report in which some results failed, each with a finding more.

    Args:
        report: in which they passed.
        fails: which ones.
        finding: what is found of one.
    """
    results = [
        evolve(result, status=Status.FAILED, findings=(*result.findings, finding(result)))
        if fails(result)
        else result
        for result in report.results
    ]
    return evolve(report, results=tuple(results))
