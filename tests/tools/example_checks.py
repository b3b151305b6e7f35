"""A whole check without a run: the repository's goldens, judged as if just computed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from core.check.golden.store import Store
from core.check.judging import CheckReport, Result, Status, judge, judge_trends, plan_check
from core.check.judging.orphans import expected_keys
from core.check.judging.sharing import with_shared
from core.run.worker import Job, Outcome
from core.spec import BACKENDS
from core.spec.catalog import Catalog
from core.trace.finding import Finding
from tests.conftest import REPOSITORY
from tools.cli.published import published_claims

SPEEDUP = 40.8


def whole_check() -> CheckReport:
    """The report over every scenario on every backend, where every run equals its golden."""
    catalog = Catalog.load(REPOSITORY)
    published, problems = published_claims(catalog)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.check.judging.plan.installed", lambda: BACKENDS)
        plan = plan_check(
            catalog,
            catalog.scenarios,
            BACKENDS,
            published=published,
            seed=12,
            data="digits",
            repository=REPOSITORY,
            folders=(),
        )
    outcomes = [_outcome(job, catalog) for job in plan.jobs]
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


def _outcome(job: Job, catalog: Catalog) -> Outcome:
    outcome = Outcome(job, speedups=dict.fromkeys(job.speedup, SPEEDUP))
    for scenario in catalog.select(job.scenarios):
        for key in expected_keys(scenario):
            if (key.backend, key.randomness) == (job.backend, job.options.randomness):
                golden = Store(catalog.entry(scenario).golden).read(key)
                assert golden is not None
                outcome.traces[scenario.id] = golden.trace
    return outcome


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
