"""A plan: the call it comes from, its environments with their locks, and its tasks.

A task names one environment and the runs of one subject there. It depends on no other task, and it
holds everything that its result depends on, so that any machine may do it, in any order: what is
not as the plan says (another state of the code, of a document, of the data) is refused there.
The command line calls a task a job.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import attrs
from attrs import frozen

from core.upgrade.environments.resolution import Resolution
from core.upgrade.rehearsal.call import Call
from core.upgrade.rehearsal.engine import Engine, Task

FORMAT = 2


@frozen
class Plan:
    """A work list.

    Attributes:
        format: of the file.
        call: what it was made for.
        resolutions: the baseline first, then the candidates.
        tasks: the work, in any order.
    """

    format: int
    call: Call
    resolutions: tuple[Resolution, ...]
    tasks: tuple[Task, ...]

    def only(self, task: Task) -> Plan:
        """The plan of one task, which travels alone."""
        return attrs.evolve(self, tasks=(task,))


def plan_of(
    call: Call, resolutions: Sequence[Resolution], tasks: Iterable[Task], engine: Engine
) -> Plan:
    """The plan of a rehearsal.

    Args:
        call: what it was called with.
        resolutions: the baseline's, then the candidates'.
        tasks: the rehearsal's work, environment by environment.
        engine: says what results depend on.
    """
    made: list[Task] = []
    for task in tasks:
        runner = engine.runner(task.resolved, None)
        for _, group in groupby(task.runs, key=lambda run: (run.subject, run.arithmetic)):
            runs = tuple(group)
            keys = tuple(dict(runner.key(run)) for run in runs)
            made.append(Task(task.resolved, runs, len(made), keys))
        runner.close()
    return Plan(FORMAT, call, tuple(resolutions), tuple(made))
