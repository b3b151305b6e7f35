"""Plans and results as JSON, read strictly."""

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
from core.upgrade.environments.resolution import Unavailable
from core.upgrade.environments.resolve import Resolved
from core.upgrade.jobs.plan import FORMAT, Plan
from core.upgrade.rehearsal.call import Call
from core.upgrade.rehearsal.engine import Task
from core.upgrade.rehearsal.results import result_from
from core.upgrade.rehearsal.run import Run, RunResult

_CONVERTER = strict_converter(
    *(Arithmetic, RunOptions, Run, Interpreter, Lock, Request, Resolved, Unavailable),
    *(Call, Task, Plan),
)


@frozen
class TaskResult:
    """What became of a task.

    Attributes:
        task: the task.
        results: one for each of its runs, in their order.
        machine: processor and platform of the machine that did it.
    """

    task: Task
    results: tuple[RunResult, ...]
    machine: Mapping[str, str]


def dumps(value: Plan | TaskResult) -> str:
    """A value as JSON text."""
    return json.dumps(plain(value), ensure_ascii=False)


def plan_from(text: str, where: str) -> Plan:
    """A plan from its text.

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


def task_result_from(text: str, where: str) -> TaskResult:
    """What became of a task, from its text.

    Raises:
        UsageError: not a result.
    """
    try:
        value = json.loads(text)
        results = tuple(result_from(result) for result in value["results"])
        task = structured(_CONVERTER, value["task"], Task)
        machine = {str(name): str(said) for name, said in value["machine"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(where, "the result of a job", error) from error
    return TaskResult(task, results, machine)


def _unusable(where: str, expected: str, error: Exception) -> UsageError:
    return UsageError(
        f"cannot be used ({error})",
        where=where,
        expected=f"{expected}, as `parity upgrade --plan` and `--job` write it",
        remedy="make it again with the same version of Loop Parity",
    )
