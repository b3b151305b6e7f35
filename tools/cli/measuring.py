"""Measuring rounding horizons for a verb: which are missing, the runs they need, the files."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
from attrs import frozen

from core.check.golden.horizon import Horizon
from core.check.horizon import Measured, horizons, is_base, variations
from core.check.horizon import store as horizon_files
from core.check.judging import CheckPlan
from core.run.machine import machine
from core.run.worker import Job, Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.experiment import experiment_digest
from core.trace import Trace
from tools.cli.running import run_all

Found = dict[tuple[str, str], Horizon]
"""Horizons by (scenario id, backend)."""


@frozen
class Measuring:
    """What measuring gave.

    Attributes:
        found: every horizon that was asked for, stored ones included.
        fresh: those that were measured now.
        failed: jobs that stopped.
        interrupted: whether the runs were interrupted; nothing is then found.
    """

    found: Found
    fresh: Found
    failed: tuple[Outcome, ...] = ()
    interrupted: bool = False


def stored(catalog: Catalog, traces: Sequence[Trace]) -> Found:
    """The horizons on disk that belong to these traces.

    Raises:
        GoldenError: a file that cannot be read.
    """
    by_id = {scenario.id: scenario for scenario in catalog.scenarios}
    found: Found = {}
    for trace in traces:
        scenario = by_id[trace.scenario]
        held = horizon_files.read(catalog.entry(scenario).golden, scenario)
        if held and held.belongs(scenario, trace.seed, trace.data_sha256):
            horizon = held.backends.get(trace.backend)
            if horizon is not None:
                found[trace.scenario, trace.backend] = horizon
    return found


def measure_horizons(
    catalog: Catalog,
    plan: CheckPlan,
    outcomes: Sequence[Outcome],
    known: Found,
) -> Measuring:
    """Measures what is not known yet.

    Args:
        catalog: the guides.
        plan: the plan whose controlled jobs ran.
        outcomes: what its jobs did; each controlled one is a base.
        known: horizons that need no measuring.
    """
    jobs: list[Job] = []
    for outcome in outcomes:
        if is_base(outcome.job):
            left = tuple(
                name for name in outcome.traces if (name, outcome.job.backend) not in known
            )
            if left:
                asked = attrs.evolve(outcome.job, scenarios=left, speedup=())
                jobs.extend(variations(asked))
    jobs.sort(key=lambda job: (job.backend, repr(job.arithmetic)))  # a process per arithmetic
    ran, interrupted = run_all(jobs) if jobs else ([], False)
    failed = tuple(outcome for outcome in ran if outcome.failure)
    if interrupted or failed:
        return Measuring({}, {}, failed, interrupted)
    fresh = horizons(catalog.scenarios, [*outcomes, *ran])
    fresh = {key: horizon for key, horizon in fresh.items() if key not in known}
    found = known | fresh
    for job, source in plan.shared:
        for name, original in zip(job.scenarios, source.scenarios, strict=True):
            if (original, job.backend) in found:
                found[name, job.backend] = found[original, job.backend]
                fresh.setdefault((name, job.backend), found[original, job.backend])
    return Measuring(found, fresh)


def write(
    catalog: Catalog, fresh: Found, traces: Mapping[tuple[str, str], Trace], command: str
) -> int:
    """Writes measured horizons beside the goldens; returns how many files.

    Args:
        catalog: the guides.
        fresh: what was measured.
        traces: the base runs by (scenario id, backend).
        command: what the user called.
    """
    by_id = {scenario.id: scenario for scenario in catalog.scenarios}
    files = 0
    for name in dict.fromkeys(scenario for scenario, _ in fresh):
        scenario = by_id[name]
        mine = {backend: h for (owner, backend), h in fresh.items() if owner == name}
        base = next(traces[key] for key in traces if key[0] == name)
        root = catalog.entry(scenario).golden
        _write_one(root, scenario, mine, base, command)
        files += 1
    return files


def _write_one(
    root: Path,
    scenario: Scenario,
    mine: Mapping[str, Horizon],
    base: Trace,
    command: str,
) -> None:
    held = horizon_files.read(root, scenario)
    keep = held is not None and held.belongs(scenario, base.seed, base.data_sha256)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    horizon_files.write(
        root,
        scenario,
        Measured(
            format=horizon_files.FORMAT,
            command=command,
            recorded=today,
            experiment=experiment_digest(scenario),
            seed=base.seed,
            data_sha256=base.data_sha256,
            environment=machine(),
            backends={**(held.backends if held and keep else {}), **mine},
        ),
    )
