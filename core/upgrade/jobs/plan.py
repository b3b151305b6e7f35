"""A plan: the call it comes from, its environments with their locks, and its jobs.

A job names one environment and the runs of one subject there. It depends on no other job, and it
holds everything that its result depends on, so that any machine may do it, in any order: what is
not as the plan says (another state of the code, of a document, of the data) is refused there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from attrs import frozen

from core.upgrade.environments.interpreter import Interpreter
from core.upgrade.environments.lock import Lock
from core.upgrade.environments.request import Request
from core.upgrade.environments.resolve import Resolved
from core.upgrade.rehearsal.attempt import Key, Run
from core.upgrade.rehearsal.laboratory import Laboratory, Task
from core.upgrade.rehearsal.rehearse import Place, identity

FORMAT = 1


@frozen
class Call:
    """What `parity upgrade` was called with, as far as a run depends on it.

    Attributes:
        ids: scenarios and documents, as given.
        data: the data set's name or path.
        seed: the one seed.
        steps: the length of controlled runs; None for the guide's own.
        native_steps: the length of native runs.
        time_limit: seconds for one run.
        memory_limit: GiB for one process.
        folders: further scenario folders.
        controls: whether every candidate is compared with itself, too.
    """

    ids: tuple[str, ...]
    data: str
    seed: int
    steps: int | None
    native_steps: int
    time_limit: float
    memory_limit: float
    folders: tuple[str, ...]
    controls: bool = False


@frozen
class Spot:
    """An environment of a plan.

    Attributes:
        request: what was asked for.
        lock: what it resolves to; None where it leads nowhere.
        interpreter: the Python it was resolved for.
        notes: for the report's head.
        problem: why there is no lock.
    """

    request: Request
    lock: Lock | None = None
    interpreter: Interpreter | None = None
    notes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def resolved(self) -> Resolved | None:
        """The lock with its request."""
        if self.lock is None or self.interpreter is None:
            return None
        return Resolved(self.request, self.lock, self.interpreter, self.notes)


@frozen
class Job:
    """Runs of one subject in one environment.

    Attributes:
        number: its place in the plan, from 0.
        spot: the place of its environment in the plan.
        runs: in the order to make them, in one process.
        keys: what each result depends on.
    """

    number: int
    spot: int
    runs: tuple[Run, ...]
    keys: tuple[Key, ...]

    @property
    def title(self) -> str:
        """What is run, in a few words."""
        run = self.runs[0]
        if run.replicate:
            return f"{run.subject}, control"
        measures = run.options.nudge or run.arithmetic != type(run.arithmetic)()
        return f"{run.subject}, horizon" if measures else run.subject


@frozen
class Plan:
    """A work list.

    Attributes:
        format: of the file.
        call: what it was made for.
        spots: the baseline first, then the candidates.
        jobs: the work, in any order.
    """

    format: int
    call: Call
    spots: tuple[Spot, ...]
    jobs: tuple[Job, ...]

    def assignment(self, number: int) -> Assignment:
        """One job with everything that it needs."""
        job = self.jobs[number]
        return Assignment(self.call, self.spots[job.spot], job)


@frozen
class Assignment:
    """A job that travels alone.

    Attributes:
        call: the call that the plan was made for.
        spot: its environment.
        job: its runs.
    """

    call: Call
    spot: Spot
    job: Job


def plan_of(
    call: Call,
    requests: Sequence[Request],
    places: Sequence[Place],
    tasks: Sequence[Task],
    laboratory: Laboratory,
) -> Plan:
    """The plan of a rehearsal.

    Args:
        call: what it was called with.
        requests: what each SPEC asks for, in the order of `places`.
        places: the baseline, then the candidates.
        tasks: the rehearsal's work list.
        laboratory: says what results depend on.
    """
    spots = tuple(_spot(*pair) for pair in zip(requests, places, strict=True))
    where: dict[str, int] = {}
    for position, place in enumerate(places):
        if place.resolved is not None:
            where.setdefault(identity(place.resolved), position)
    jobs: list[Job] = []
    for task in tasks:
        bench = laboratory.benches(task.resolved, None)
        for _, group in groupby(task.runs, key=lambda run: (run.subject, run.arithmetic)):
            runs = tuple(group)
            keys = tuple(dict(bench.key(run)) for run in runs)
            jobs.append(Job(len(jobs), where[identity(task.resolved)], runs, keys))
        bench.close()
    return Plan(FORMAT, call, spots, tuple(jobs))


def _spot(request: Request, place: Place) -> Spot:
    found = place.resolved
    if found is None:
        return Spot(request, problem=place.problem.what if place.problem else "")
    return Spot(request, found.lock, found.interpreter, found.notes)


def differing(planned: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """The parts in which what a result depends on is not as planned."""
    names = dict.fromkeys((*planned, *here))
    return [name for name in names if planned.get(name) != here.get(name)]
