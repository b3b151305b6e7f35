"""One run, judged under every name it has."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from core.check.judging.plan import CheckPlan
from core.run.worker import Job, Outcome


def with_shared(plan: CheckPlan, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes of every planned job, those that share another's run included.

    Args:
        plan: what was planned.
        outcomes: what the jobs that ran did.

    Returns:
        The outcomes, then one for each shared job: the other's traces under this job's names.
    """
    by_name = {outcome.job.name: outcome for outcome in outcomes}
    return [*outcomes, *(_renamed(job, by_name[source.name]) for job, source in plan.shared)]


def _renamed(job: Job, ran: Outcome) -> Outcome:
    names = dict(zip(ran.job.scenarios, job.scenarios, strict=True))
    traces = {
        names[old]: attrs.evolve(
            trace,
            scenario=names[old],
            sequence=tuple(names.get(earlier, earlier) for earlier in trace.sequence),
        )
        for old, trace in ran.traces.items()
    }
    stations = [attrs.evolve(trace, scenario=names[trace.scenario]) for trace in ran.stations]
    speedups = {names[old]: ratio for old, ratio in ran.speedups.items()}
    failure = ran.failure
    if failure is not None:
        failure = attrs.evolve(failure, scenario=names.get(failure.scenario, failure.scenario))
    return Outcome(
        job, traces, speedups, stations, failure=failure, shares=ran.job.name, kept=ran.kept
    )
