"""Joining results: a laboratory in which everything is known already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from core.errors import ExecutionError, UsageError
from core.storage import os_errors_as, write_atomically
from core.upgrade.environments.resolve import UnresolvableError
from core.upgrade.jobs.encoding import Done, done_from, dumps, plan_from
from core.upgrade.jobs.plan import Job, Plan, Spot
from core.upgrade.rehearsal.attempt import Attempt, Run
from core.upgrade.rehearsal.laboratory import Attempts, Laboratory, Task
from core.upgrade.rehearsal.rehearse import Place, identity

PLAN = "plan.json"
RESULTS = "results"


@frozen
class JoinedLaboratory(Laboratory):
    """A laboratory that knows every result of a plan and runs nothing.

    Attributes:
        attempts: by environment and run.
    """

    attempts: Mapping[tuple[str, Run], Attempt] = field(factory=dict, kw_only=True)

    def known(self, task: Task) -> Attempts:
        """The results of a task: all of them."""
        name = identity(task.resolved)
        return {run: self.attempts[name, run] for run in task.runs}


def joined(plan: Plan, dones: Iterable[Done], laboratory: Laboratory) -> JoinedLaboratory:
    """The laboratory that knows the results of a plan's jobs.

    Raises:
        UsageError: a job without a result, or a result of another job than the plan's.
    """
    attempts: dict[tuple[str, Run], Attempt] = {}
    left = {job.number: job for job in plan.jobs}
    for done in dones:
        job = left.pop(done.job.number, None)
        if job is None or done.job != job or len(done.attempts) != len(job.runs):
            raise UsageError(
                "a result that belongs to another plan, or comes twice",
                where=f"job {done.job.number}",
                expected="one result for each job of the plan",
                remedy="collect what the plan's own commands wrote",
            )
        resolved = plan.spots[job.spot].resolved
        assert resolved is not None
        for run, attempt in zip(job.runs, done.attempts, strict=True):
            attempts[identity(resolved), run] = attempt
    if left:
        raise _lacking(plan, sorted(left))
    return JoinedLaboratory(
        laboratory.resolver,
        laboratory.environments,
        laboratory.benches,
        laboratory.results,
        laboratory.limits,
        laboratory.stop,
        attempts=attempts,
    )


def _lacking(plan: Plan, numbers: Sequence[int]) -> UsageError:
    some = ", ".join(f"{n} ({plan.jobs[n].title})" for n in numbers[:5])
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return UsageError(
        f"{len(numbers)} of {len(plan.jobs)} jobs have no result: {some}{more}",
        where="--collect",
        expected="a result for each job of the plan",
        remedy=f"do them: parity upgrade --job {numbers[0]} --out DIR",
    )


def places_of(plan: Plan) -> list[Place]:
    """The SPECs of a plan, as a rehearsal takes them."""
    return [_place(spot) for spot in plan.spots]


def _place(spot: Spot) -> Place:
    spec, resolved = spot.request.spec, spot.resolved
    if resolved is not None:
        return Place(spec, resolved)
    problem = UnresolvableError(
        spot.problem, where=f"SPEC {spec!r}", expected="a lock", remedy="change the SPEC"
    )
    return Place(spec, problem=problem)


@frozen
class PlanFolder:
    """A folder with a plan and the results of its jobs.

    Attributes:
        root: the folder.
    """

    root: Path

    def read(self) -> Plan:
        """The plan.

        Raises:
            UsageError: there is none, or one that cannot be used.
        """
        path = self.root / PLAN
        with os_errors_as(
            UsageError,
            "cannot be read",
            where=path,
            expected="a plan",
            remedy=f"make one: parity upgrade … --plan commands --out {self.root}",
        ):
            text = path.read_text(encoding="utf-8")
        return plan_from(text, str(path))

    def write(self, plan: Plan) -> None:
        """Keeps a plan; a former plan's results go away with it.

        Raises:
            ExecutionError: the folder cannot be written.
        """
        for path in (self.root / RESULTS).glob("job-*.json"):
            path.unlink()
        self._write(self.root / PLAN, dumps(plan))

    def path(self, job: Job) -> Path:
        """The file of a job's result."""
        return self.root / RESULTS / f"job-{job.number:05d}.json"

    def result(self, job: Job) -> Done | None:
        """What became of a job; None where it has not been done, or its file is damaged."""
        path = self.path(job)
        try:
            done = done_from(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UsageError):
            return None
        return done if done.job == job else None

    def keep(self, done: Done) -> None:
        """Writes what became of a job, whole or not at all.

        Raises:
            ExecutionError: the folder cannot be written.
        """
        self._write(self.path(done.job), dumps(done))

    def _write(self, path: Path, text: str) -> None:
        with os_errors_as(
            ExecutionError,
            where=path,
            expected="a folder this user may write, with room",
            remedy="name another folder with --out",
        ):
            write_atomically(path, text)
