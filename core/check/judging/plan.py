"""Which runs a check makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import evolve, field, frozen

from core.check.reference.reference import Located
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

STATIONS = "stations"
KINDS = (STATIONS, "native")
PUBLISHED_ON = "tensorflow"  # every guide's figures come from TensorFlow


@frozen
class CheckPlan:
    """The jobs of a check, and the runs it leaves out.

    Attributes:
        jobs: one per guide, backend and kind of run.
        wanted: (scenario, backend) pairs to judge.
        skipped: (scenario, backend) pairs whose backend is not installed, with a note.
        shared: jobs that need no run of their own, with the job that is the same experiment.
        references: what runs from stations are compared with, by scenario id.
        unknown: why other sections have nothing to be compared with, by scenario id.
    """

    jobs: tuple[Job, ...]
    wanted: tuple[tuple[Scenario, str], ...]
    skipped: tuple[tuple[Scenario, str, Finding], ...]
    shared: tuple[tuple[Job, Job], ...] = ()
    references: Mapping[str, Located] = field(factory=dict)
    unknown: Mapping[str, Finding] = field(factory=dict)


def _not_installed(scenario: Scenario, backend: str) -> Finding:
    return Finding(
        code=FindingCode.BACKEND_MISSING,
        where=f"{scenario.id}@{backend}",
        message=f"{backend} is not installed, so this run was left out",
        evidence="no such distribution in this environment",
        remedy=install_command(backend),
    )


def job_name(guide: str, backend: str, kind: str) -> str:
    """The name of the job that makes one kind of run of a guide's scenarios."""
    return f"{guide}@{backend} ({kind})"


def claims_speedup(published: PublishedGuide | None) -> frozenset[str]:
    """Sections whose guide says how much faster they are."""
    claims = published.claims if published else ()
    return frozenset(claim.section for claim in claims if claim.kind is ClaimKind.SPEEDUP)


def published_on(scenario: Scenario) -> str:
    """The backend that a section's figures were published on, as far as it runs there."""
    return PUBLISHED_ON if PUBLISHED_ON in scenario.backends else scenario.backends[0]


@frozen
class Asked:
    """What a check is to run, and with what.

    Attributes:
        catalog: the guides.
        scenarios: sections.
        backends: where.
        published: what the guides publish, by guide id.
        seed: the seed of weights, batches and draws.
        data: the data set's name or path.
        repository: the folder that holds `scenarios/`.
        folders: further scenario folders.
        arithmetic: how the processes do their sums.
    """

    catalog: Catalog
    scenarios: tuple[Scenario, ...]
    backends: tuple[str, ...]
    published: Mapping[str, PublishedGuide]
    seed: int
    data: str
    repository: Path
    folders: tuple[Path, ...]
    arithmetic: Arithmetic = PINNED


def plan_check(
    asked: Asked,
    references: Mapping[str, Located],
    unknown: Mapping[str, Finding],
    *,
    full: bool = False,
    native: bool = True,
) -> CheckPlan:
    """Plans runs from stations on every backend, and native ones.

    Runs from stations are judged by their numbers, native ones by their trend and by what the
    guide publishes.

    Args:
        asked: what to run.
        references: what runs from stations are compared with, by scenario id.
        unknown: why other sections have no such runs, by scenario id.
        full: native runs on every backend, not only where the figures were published. On an
            emulated processor, where they would take hours, there are none but these.
        native: False plans runs from stations alone.
    """

    def of_kind(backend: str, kind: str) -> list[Scenario]:
        if kind == STATIONS:
            return [s for s in asked.scenarios if s.id in references]
        if not native:
            return []
        if full:
            return list(asked.scenarios)
        here = not asked.arithmetic.processor
        return [s for s in asked.scenarios if here and backend == published_on(s)]

    plan = _plan(asked, KINDS, of_kind, references)
    return evolve(plan, references=references, unknown=unknown)


def plan_runs(asked: Asked) -> CheckPlan:
    """Plans a controlled and a native run of every scenario on every backend it makes sense on."""
    return _plan(asked, tuple(reversed(RANDOMNESS)), lambda *_: list(asked.scenarios), {})


def _plan(
    asked: Asked,
    kinds: tuple[str, ...],
    of_kind: Callable[[str, str], list[Scenario]],
    references: Mapping[str, Located],
) -> CheckPlan:
    """Jobs of some kinds.

    A guide whose scenarios are another's experiment under other names (a translation) is not run
    again: its jobs share the other's outcome.
    """
    here = installed()
    jobs: list[Job] = []
    shared: list[tuple[Job, Job]] = []
    ran: dict[tuple[object, ...], Job] = {}
    for entry in asked.catalog.guides:
        timed = claims_speedup(asked.published.get(entry.guide.id))
        for backend in asked.backends:
            for kind in kinds:
                mine = [
                    s
                    for s in of_kind(backend, kind)
                    if s in entry.scenarios and backend in s.backends and backend in here
                ]
                if not mine:
                    continue
                job = _job(asked, entry.guide.id, backend, kind, mine, references)
                native = kind == "native"
                faster = tuple(s.id for s in mine if native and s.section in timed)
                job = evolve(job, speedup=faster)
                sections = tuple(name.rpartition("/")[2] for name in faster)
                key = (backend, kind, sections, *(experiment(s) for s in mine))
                if key in ran:
                    shared.append((job, ran[key]))
                else:
                    ran[key] = job
                    jobs.append(job)
    pairs = [(s, backend) for s in asked.scenarios for backend in asked.backends]
    pairs = [(s, backend) for s, backend in pairs if backend in s.backends]
    return CheckPlan(
        jobs=tuple(jobs),
        wanted=tuple((s, backend) for s, backend in pairs if backend in here),
        skipped=tuple((s, b, _not_installed(s, b)) for s, b in pairs if b not in here),
        shared=tuple(shared),
    )


def _job(
    asked: Asked,
    guide: str,
    backend: str,
    kind: str,
    scenarios: Sequence[Scenario],
    references: Mapping[str, Located],
) -> Job:
    emulated = bool(asked.arithmetic.processor)
    randomness = "controlled" if kind == STATIONS else kind
    starts = [references[s.id].starts(s, emulated=emulated) for s in scenarios if kind == STATIONS]
    return Job(
        name=job_name(guide, backend, kind),
        backend=backend,
        scenarios=tuple(scenario.id for scenario in scenarios),
        options=RunOptions(seed=asked.seed, randomness=randomness),
        data=asked.data,
        repository=str(asked.repository),
        folders=tuple(str(folder) for folder in asked.folders),
        arithmetic=asked.arithmetic,
        stations=tuple(start for section in starts for start in section),
    )
