"""Doing jobs: one here, or all of them through an executor of `concurrent.futures`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed

import attrs

from core.errors import ExecutionError, UsageError
from core.run.machine import machine
from core.upgrade.environments.interpreter import Interpreter, find_interpreter
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.uv import run_uv
from core.upgrade.jobs.encoding import Done, done_from, dumps
from core.upgrade.jobs.plan import Assignment, Plan, differing
from core.upgrade.rehearsal.attempt import Attempt, Key, Run
from core.upgrade.rehearsal.laboratory import Laboratory, Say, Task

Find = Callable[[str], Interpreter]


def _found(version: str) -> Interpreter:
    return find_interpreter(".".join(version.split(".")[:2]), run_uv)


def carry_out(
    assignment: Assignment, laboratory: Laboratory, say: Say, find: Find = _found
) -> Done:
    """Does one job: makes its environment where it is not there yet, then its runs.

    Args:
        assignment: the job.
        laboratory: this machine's.
        say: called with a line about what happens now.
        find: finds this machine's interpreter of a version.

    Raises:
        UsageError: the code, the data or the document is not here as the plan says, or the lock is
            for another interpreter or platform.
        ExecutionError: the environment cannot be made, or a run was killed from outside.
    """
    resolved = _here(assignment, find)
    job = assignment.job
    asked = laboratory.benches(resolved, None)
    for run, key in zip(job.runs, job.keys, strict=True):
        _check(run, key, asked.key(run))
    asked.close()
    environment = laboratory.environments.ensure(resolved, say)
    bench = laboratory.benches(resolved, environment)
    found = laboratory.carry_out(Task(resolved, job.runs), bench, lambda run, attempt: None)  # noqa: ARG005
    attempts = tuple(found[run] for run in job.runs)
    for attempt in attempts:
        if not attempt.known:
            _refuse_killed(job.title, attempt)
    here = machine()
    return Done(job, attempts, {name: here[name] for name in ("cpu", "platform")})


def _refuse_killed(title: str, attempt: Attempt) -> None:
    raise ExecutionError(
        attempt.trouble.what if attempt.trouble else "a process was killed",
        where=title,
        expected="a run that ends by itself",
        remedy="do the job again: what was finished is kept",
    )


def _here(assignment: Assignment, find: Find) -> Resolved:
    resolved = assignment.spot.resolved
    if resolved is None:
        raise UsageError(
            "a job of an environment without a lock",
            where=assignment.job.title,
            expected="a job as `--plan` writes it",
            remedy="make the plan anew",
        )
    interpreter = find(resolved.lock.python)
    if interpreter.version != resolved.lock.python:
        raise UsageError(
            f"Python {interpreter.version} is here, the lock is for {resolved.lock.python}",
            where=f"SPEC {resolved.request.spec!r}",
            expected="the interpreter that the plan was made with: another one computes otherwise",
            remedy=f"install Python {resolved.lock.python}, or make the plan on a machine like "
            "this one",
        )
    return attrs.evolve(resolved, interpreter=interpreter)


def _check(run: Run, planned: Key, here: Key) -> None:
    if parts := differing(planned, here):
        raise UsageError(
            f"not as planned: {', '.join(parts)}",
            where=run.subject,
            expected="the same state of Loop Parity, of the data and of the document as where the "
            "plan was made",
            remedy="bring them here as they were, or make the plan anew",
        )


def through(
    executor: Executor,
    plan: Plan,
    numbers: Sequence[int],
    work: Callable[[str], str],
    on_done: Callable[[Done], None],
) -> list[Done]:
    """Does jobs through an executor; each is handed on as soon as it is there.

    Args:
        executor: threads, processes, or a cluster.
        plan: the plan.
        numbers: which of its jobs.
        work: does one assignment, text to text; importable where it is done.
        on_done: called with each job that is done.

    Raises:
        ParityError: what a job said; what was done until then was handed on.
    """
    waiting: dict[Future[str], int] = {}
    found: dict[int, Done] = {}
    try:
        for number in numbers:
            waiting[executor.submit(work, dumps(plan.assignment(number)))] = number
        for future in as_completed(waiting):
            number = waiting[future]
            done = done_from(future.result(), f"job {number}")
            found[number] = done
            on_done(done)
    except BaseException:
        for future in waiting:
            future.cancel()
        raise
    return [found[number] for number in numbers]
