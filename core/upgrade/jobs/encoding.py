"""Plans, assignments and results as JSON, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping

from attrs import frozen

from core.errors import UsageError
from core.run.backends.arithmetic import Arithmetic
from core.run.runner.options import RunOptions
from core.trace.decoding import strict_converter, structured
from core.trace.encoding import plain
from core.upgrade.environments.interpreter import Interpreter
from core.upgrade.environments.lock import Lock
from core.upgrade.environments.request import Request
from core.upgrade.jobs.plan import FORMAT, Assignment, Call, Job, Plan, Spot
from core.upgrade.rehearsal.attempt import Attempt, Run
from core.upgrade.rehearsal.results import attempt_from

_CONVERTER = strict_converter(
    Arithmetic, RunOptions, Run, Interpreter, Lock, Request, Call, Spot, Job, Assignment, Plan
)


@frozen
class Done:
    """What became of a job.

    Attributes:
        job: the job.
        attempts: one for each of its runs, in their order.
        machine: processor and platform of the machine that did it.
    """

    job: Job
    attempts: tuple[Attempt, ...]
    machine: Mapping[str, str]


def dumps(value: Plan | Assignment | Done) -> str:
    """A value as JSON text."""
    return json.dumps(plain(value), ensure_ascii=False)


def plan_from(text: str, where: str) -> Plan:
    """A plan from its file.

    Raises:
        UsageError: not a plan, or one of another version.
    """
    try:
        value = json.loads(text)
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            raise ValueError(f"format {FORMAT} is expected")
        return structured(_CONVERTER, value, Plan)
    except ValueError as error:
        raise _unusable(where, "a plan", error) from error


def assignment_from(text: str) -> Assignment:
    """An assignment from its text.

    Raises:
        UsageError: not an assignment.
    """
    try:
        return structured(_CONVERTER, json.loads(text), Assignment)
    except ValueError as error:
        raise _unusable("a job", "a job of a plan", error) from error


def done_from(text: str, where: str) -> Done:
    """What became of a job, from its text.

    Raises:
        UsageError: not a result.
    """
    try:
        value = json.loads(text)
        attempts = tuple(attempt_from(attempt) for attempt in value["attempts"])
        job = structured(_CONVERTER, value["job"], Job)
        machine = {str(name): str(said) for name, said in value["machine"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(where, "the result of a job", error) from error
    return Done(job, attempts, machine)


def _unusable(where: str, expected: str, error: Exception) -> UsageError:
    return UsageError(
        f"cannot be used ({error})",
        where=where,
        expected=f"{expected}, as `parity upgrade --plan` and `--job` write it",
        remedy="make it anew with the same version of Loop Parity",
    )
