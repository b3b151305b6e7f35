"""Doing tasks: one here, or all of a plan through an executor of `concurrent.futures`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, as_completed

import attrs

from core.errors import ExecutionError, UsageError
from core.run.machine import machine
from core.upgrade.environments.interpreter import Interpreter, find_interpreter
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.uv import run_uv
from core.upgrade.jobs.encoding import TaskResult, dumps, task_result_from
from core.upgrade.jobs.plan import Plan
from core.upgrade.rehearsal.engine import Engine, Say, Task
from core.upgrade.rehearsal.run import Key, Run, RunResult

Find = Callable[[str], Interpreter]


def _found(version: str) -> Interpreter:
    return find_interpreter(".".join(version.split(".")[:2]), run_uv)


def carry_out(task: Task, engine: Engine, say: Say, find: Find = _found) -> TaskResult:
    """Does one task: makes its environment where it is not there yet, then its runs.

    Args:
        task: the task.
        engine: this machine's.
        say: called with a line about what happens now.
        find: finds this machine's interpreter of a version.

    Raises:
        UsageError: the code, the data or the document is not here as the plan says, or the lock is
            for another interpreter or platform.
        ExecutionError: the environment cannot be made, or a run was killed from outside.
    """
    resolved = _here(task.resolved, find)
    asked = engine.runner(resolved, None)
    for run, key in zip(task.runs, task.keys, strict=True):
        _check(run, key, asked.key(run))
    asked.close()
    environment = engine.ensure(resolved, say)
    here = attrs.evolve(task, resolved=resolved)
    found = engine.carry_out(here, environment, lambda run, result: None)  # noqa: ARG005
    results = tuple(found[run] for run in task.runs)
    for result in results:
        if not result.known:
            _refuse_killed(task.title, result)
    where = machine()
    return TaskResult(task, results, {name: where[name] for name in ("cpu", "platform")})


def _refuse_killed(title: str, result: RunResult) -> None:
    raise ExecutionError(
        result.trouble.what if result.trouble else "a process was killed",
        where=title,
        expected="a run that ends by itself",
        remedy="do the job again: what was finished is kept",
    )


def _here(resolved: Resolved, find: Find) -> Resolved:
    interpreter = find(resolved.lock.python)
    if interpreter.version != resolved.lock.python:
        raise UsageError(
            f"Python {interpreter.version} is here, the lock is for {resolved.lock.python}",
            where=f"SPEC {resolved.request.spec!r}",
            expected="the interpreter that the plan was made with: another computes differently",
            remedy=f"install Python {resolved.lock.python}, or make the plan on a machine like "
            "this one",
        )
    return attrs.evolve(resolved, interpreter=interpreter)


def _check(run: Run, planned: Key, here: Key) -> None:
    if parts := _differing(planned, here):
        raise UsageError(
            f"not as planned: {', '.join(parts)}",
            where=run.subject,
            expected="the same state of Loop Parity, of the data and of the document as where the "
            "plan was made",
            remedy="bring them here as they were, or make the plan again",
        )


def _differing(planned: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """The parts in which what a result depends on is not as planned."""
    names = dict.fromkeys((*planned, *here))
    return [name for name in names if planned.get(name) != here.get(name)]


def through(
    executor: Executor,
    plan: Plan,
    work: Callable[[str], str],
    on_done: Callable[[TaskResult], None],
) -> list[TaskResult]:
    """Does a plan's tasks through an executor; each is handed on as soon as it is there.

    Args:
        executor: threads, processes, or a cluster.
        plan: the plan.
        work: does a plan of one task, text to text; importable where it is done.
        on_done: called with each task that is done.

    Raises:
        ParityError: what a task said; what was done until then was handed on.
    """
    waiting: dict[Future[str], Task] = {}
    found: dict[int, TaskResult] = {}
    try:
        for task in plan.tasks:
            waiting[executor.submit(work, dumps(plan.only(task)))] = task
        for future in as_completed(waiting):
            number = waiting[future].number
            done = task_result_from(future.result(), f"job {number}")
            found[number] = done
            on_done(done)
    except BaseException:
        for future in waiting:
            future.cancel()
        raise
    return [found[task.number] for task in plan.tasks]
