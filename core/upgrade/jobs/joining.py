"""Joining the results of a plan's tasks, and the folder in which they lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import frozen

from core.errors import ExecutionError, UsageError
from core.storage import os_errors_as, write_atomically
from core.upgrade.jobs.encoding import TaskResult, dumps, plan_from, task_result_from
from core.upgrade.jobs.plan import Plan
from core.upgrade.rehearsal.engine import Task
from core.upgrade.rehearsal.run import Run, RunResult

PLAN = "plan.json"
RESULTS = "results"


def joined(plan: Plan, dones: Iterable[TaskResult]) -> dict[tuple[str, Run], RunResult]:
    """The results of every run of a plan, by environment and run, as a rehearsal takes them.

    Raises:
        UsageError: a task without a result, or a result of another task than the plan's.
    """
    found: dict[tuple[str, Run], RunResult] = {}
    left = {task.number: task for task in plan.tasks}
    for done in dones:
        task = left.pop(done.task.number, None)
        if task is None or done.task != task or len(done.results) != len(task.runs):
            raise UsageError(
                "a result that belongs to another plan, or comes twice",
                where=f"job {done.task.number}",
                expected="one result for each job of the plan",
                remedy="collect what the plan's own commands wrote",
            )
        for run, result in zip(task.runs, done.results, strict=True):
            found[task.resolved.identity, run] = result
    if left:
        raise _lacking(plan, sorted(left))
    return found


def _lacking(plan: Plan, numbers: Sequence[int]) -> UsageError:
    some = ", ".join(f"{n} ({plan.tasks[n].title})" for n in numbers[:5])
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return UsageError(
        f"{len(numbers)} of {len(plan.tasks)} jobs have no result: {some}{more}",
        where="--collect",
        expected="a result for each job of the plan",
        remedy=f"do them: parity upgrade --job {numbers[0]} --out DIR",
    )


@frozen
class PlanFolder:
    """A folder with a plan and the results of its tasks.

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

    def path(self, task: Task) -> Path:
        """The file of a task's result."""
        return self.root / RESULTS / f"job-{task.number:05d}.json"

    def result(self, task: Task) -> TaskResult | None:
        """What became of a task; None where it has not been done, or its file is damaged."""
        path = self.path(task)
        try:
            done = task_result_from(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UsageError):
            return None
        return done if done.task == task else None

    def keep(self, done: TaskResult) -> None:
        """Writes what became of a task, whole or not at all.

        Raises:
            ExecutionError: the folder cannot be written.
        """
        self._write(self.path(done.task), dumps(done))

    def _write(self, path: Path, text: str) -> None:
        with os_errors_as(
            ExecutionError,
            where=path,
            expected="a folder this user may write, with room",
            remedy="name another folder with --out",
        ):
            write_atomically(path, text)
