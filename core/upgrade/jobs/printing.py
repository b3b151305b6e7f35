"""A plan for other engines: plain commands, or a matrix of GitHub Actions."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.upgrade.jobs.plan import Job, Plan

MOST_IN_A_MATRIX = 256
"""GitHub Actions refuses a matrix of more jobs."""


def commands(plan: Plan, folder: Path) -> Iterator[str]:
    """A shell command for each job; each may run anywhere, in any order, and more than once."""
    for job in plan.jobs:
        yield _command(str(job.number), folder)


def _command(numbers: str, folder: Path) -> str:
    return f"parity upgrade --job {numbers} --out {shlex.quote(str(folder))}"


def matrix(plan: Plan, folder: Path) -> str:
    """The jobs as the value of a workflow's `matrix`, one line of JSON for `fromJSON`."""
    size = -(-len(plan.jobs) // MOST_IN_A_MATRIX) or 1
    rows = []
    for jobs in _groups(plan.jobs, size):
        first, last = jobs[0].number, jobs[-1].number
        numbers = str(first) if first == last else f"{first}-{last}"
        rows.append(
            {"job": numbers, "name": _name(plan, jobs[0]), "command": _command(numbers, folder)}
        )
    return json.dumps({"include": rows}, ensure_ascii=False)


def _groups(jobs: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    for start in range(0, len(jobs), size):
        yield jobs[start : start + size]


def _name(plan: Plan, job: Job) -> str:
    return f"{plan.spots[job.spot].request.spec}: {job.title}"


def numbers_of(text: str) -> list[int]:
    """The jobs that `4`, `4-7` or `4,6` name.

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
