"""Which runs a check makes."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from core.extras import install_command
from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import PINNED, installed
from core.run.runner.options import RANDOMNESS, RunOptions
from core.run.worker import Job
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.experiment import experiment
from core.trace.claims import ClaimKind
from core.trace.finding import Finding, FindingCode
from core.trace.published import PublishedGuide


@frozen
class CheckPlan:
    """The jobs of a check, and the runs it leaves out.

    Attributes:
        jobs: one per guide, backend and randomness.
        wanted: (scenario, backend) pairs to judge.
        skipped: (scenario, backend) pairs whose backend is not installed, with a note.
        shared: jobs that need no run of their own, with the job that is the same experiment.
    """

    jobs: tuple[Job, ...]
    wanted: tuple[tuple[Scenario, str], ...]
    skipped: tuple[tuple[Scenario, str, Finding], ...]
    shared: tuple[tuple[Job, Job], ...] = ()


def _not_installed(scenario: Scenario, backend: str) -> Finding:
    return Finding(
        code=FindingCode.BACKEND_MISSING,
        where=f"{scenario.id}@{backend}",
        message=f"{backend} is not installed, so this run was left out",
        evidence="no such distribution in this environment",
        remedy=install_command(backend),
    )


def job_name(guide: str, backend: str, randomness: str) -> str:
    """The name of the job that runs a guide's scenarios."""
    return f"{guide}@{backend} ({randomness})"


def claims_speedup(published: PublishedGuide | None) -> frozenset[str]:
    """Sections whose guide says how much faster they are."""
    claims = published.claims if published else ()
    return frozenset(claim.section for claim in claims if claim.kind is ClaimKind.SPEEDUP)


def plan_check(
    catalog: Catalog,
    scenarios: tuple[Scenario, ...],
    backends: tuple[str, ...],
    *,
    published: dict[str, PublishedGuide],
    seed: int,
    data: str,
    repository: Path,
    folders: tuple[Path, ...],
    randomness: tuple[str, ...] = tuple(reversed(RANDOMNESS)),
    arithmetic: Arithmetic = PINNED,
) -> CheckPlan:
    """Plans a controlled and a native run of every scenario on every backend it makes sense on.

    Controlled runs are judged by their numbers, native ones by their trend and by what the guide
    publishes. A guide whose scenarios are another's experiment under other names (a translation)
    is not run again: its jobs share the other's outcome.
    """
    here = installed()
    jobs: list[Job] = []
    shared: list[tuple[Job, Job]] = []
    ran: dict[tuple[object, ...], Job] = {}
    for entry in catalog.guides:
        mine = [scenario for scenario in scenarios if scenario in entry.scenarios]
        for backend in backends:
            here_too = tuple(s for s in mine if backend in s.backends)
            ids = tuple(s.id for s in here_too)
            if not ids or backend not in here:
                continue
            timed = claims_speedup(published.get(entry.guide.id))
            for kind in randomness:
                native = kind == "native"
                job = Job(
                    name=job_name(entry.guide.id, backend, kind),
                    backend=backend,
                    scenarios=ids,
                    options=RunOptions(seed=seed, randomness=kind),
                    data=data,
                    repository=str(repository),
                    folders=tuple(str(folder) for folder in folders),
                    speedup=tuple(i for i in ids if native and i.rpartition("/")[2] in timed),
                    arithmetic=arithmetic,
                )
                sections = tuple(name.rpartition("/")[2] for name in job.speedup)
                key = (backend, kind, sections, *(experiment(s) for s in here_too))
                if key in ran:
                    shared.append((job, ran[key]))
                else:
                    ran[key] = job
                    jobs.append(job)
    pairs = [(s, backend) for s in scenarios for backend in backends if backend in s.backends]
    return CheckPlan(
        jobs=tuple(jobs),
        wanted=tuple((s, backend) for s, backend in pairs if backend in here),
        skipped=tuple((s, b, _not_installed(s, b)) for s, b in pairs if b not in here),
        shared=tuple(shared),
    )
