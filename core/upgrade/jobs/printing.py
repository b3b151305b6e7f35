"""A plan for other engines: plain commands, or a matrix of GitHub Actions."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.upgrade.jobs.plan import Plan
from core.upgrade.rehearsal.engine import Task

MOST_IN_A_MATRIX = 256
"""GitHub Actions refuses a matrix of more jobs."""


def commands(plan: Plan, folder: Path) -> Iterator[str]:
    """A shell command for each task; each may run anywhere, in any order, and more than once."""
    for task in plan.tasks:
        yield _command(str(task.number), folder)


def _command(numbers: str, folder: Path) -> str:
    return f"parity upgrade --job {numbers} --out {shlex.quote(str(folder))}"


def matrix(plan: Plan, folder: Path) -> str:
    """The tasks as the value of a workflow's `matrix`, one line of JSON for `fromJSON`."""
    size = -(-len(plan.tasks) // MOST_IN_A_MATRIX) or 1
    rows = []
    for tasks in _groups(plan.tasks, size):
        first, last = tasks[0].number, tasks[-1].number
        numbers = str(first) if first == last else f"{first}-{last}"
        rows.append({"job": numbers, "name": _name(tasks[0]), "command": _command(numbers, folder)})
    return json.dumps({"include": rows}, ensure_ascii=False)


def _groups(tasks: Sequence[Task], size: int) -> Iterator[Sequence[Task]]:
    for start in range(0, len(tasks), size):
        yield tasks[start : start + size]


def _name(task: Task) -> str:
    return f"{task.resolved.request.spec}: {task.title}"


def numbers_of(text: str) -> list[int]:
    """The tasks that `4`, `4-7` or `4,6` name.

    Raises:
        ValueError: none of these.
    """
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    if not found:
        raise ValueError(text)
    return found
