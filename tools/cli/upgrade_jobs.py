"""`--plan`, `--job`, `--collect` and `--dask`: the work of a rehearsal done elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import attrs
import click

from core.errors import UsageError
from core.upgrade.environments.resolution import Resolution, available
from core.upgrade.jobs.carrying import carry_out, through
from core.upgrade.jobs.cluster import cluster
from core.upgrade.jobs.encoding import TaskResult, dumps, plan_from
from core.upgrade.jobs.joining import PlanFolder, joined
from core.upgrade.jobs.plan import Plan, plan_of
from core.upgrade.jobs.printing import commands, matrix, numbers_of
from core.upgrade.rehearsal.rehearse import Rehearsal
from tools.cli.main import OK
from tools.cli.rehearsing import Rehearsed, prepared


def plan_for(rehearsal: Rehearsal, resolutions: Sequence[Resolution]) -> Plan:
    """The work list of a rehearsal, whatever is known already.

    Raises:
        ParityError: no baseline that could be run in.
    """
    available(resolutions[0])
    return plan_of(rehearsal.call, resolutions, rehearsal.tasks(resolutions), rehearsal.engine)


def print_plan(plan: Plan, form: str, folder: Path | None) -> int:
    """Keeps the plan and prints its jobs.

    Raises:
        UsageError: no folder to keep it in.
    """
    held = PlanFolder(_needed(folder, "--plan"))
    held.write(plan)
    if form == "github":
        click.echo(matrix(plan, held.root))
    else:
        for line in commands(plan, held.root):
            click.echo(line)
    environments = len({task.resolved.identity for task in plan.tasks})
    click.echo(
        f"{len(plan.tasks)} jobs in {environments} environments; when they are done: "
        f"parity upgrade --collect {held.root}",
        err=True,
    )
    return OK


def do_jobs(text: str, folder: Path | None) -> int:
    """Does jobs of a plan; one that is done is not done again.

    Raises:
        UsageError: jobs that the plan has not.
    """
    held = PlanFolder(_needed(folder, "--job"))
    plan = held.read()
    for number in _numbers(text, plan):
        task = plan.tasks[number]
        if held.result(task) is not None:
            click.echo(f"job {number} is done: {task.title}", err=True)
            continue
        done = carry_out(task, prepared(plan.call).engine, _say)
        held.keep(done)
        click.echo(f"job {number}: {_words(done)}")
    return OK


def _numbers(text: str, plan: Plan) -> list[int]:
    try:
        found = numbers_of(text)
        if max(found) < len(plan.tasks):
            return found
        what = f"the plan has {len(plan.tasks)} jobs"
    except ValueError:
        what = f"{text!r} names no job"
    raise UsageError(
        what,
        where=f"--job {text}",
        expected=f"a number from 0 to {len(plan.tasks) - 1}, or a range",
        remedy="`parity upgrade … --plan commands` prints them",
    )


def _needed(folder: Path | None, option: str) -> Path:
    if folder is None:
        raise UsageError(
            f"{option} without --out",
            where="upgrade",
            expected="the folder of the plan and its results",
            remedy="add --out DIR",
        )
    return folder


def collect(folder: Path) -> Rehearsed:
    """The rehearsal of a plan whose jobs were done elsewhere.

    Raises:
        UsageError: no plan, or a job without a result.
    """
    held = PlanFolder(folder)
    plan = held.read()
    dones = [done for task in plan.tasks if (done := held.result(task)) is not None]
    return _rehearsed(plan, dones)


def through_dask(plan: Plan, address: str) -> Rehearsed:
    """The rehearsal of a plan whose jobs a Dask cluster does.

    Raises:
        ParityError: no cluster, or what a job said.
    """
    from loop_parity import call  # what a worker imports: it finds our packages there

    there = cast(Callable[[str], str], partial(call, __name__, work.__name__))
    with cluster(address) as executor:
        dones = through(executor, plan, there, lambda done: _say(f"  {_words(done)}"))
    return _rehearsed(plan, dones)


def work(text: str) -> str:
    """Does a plan of one task: text to text, so that any engine can send it to another machine."""
    plan = plan_from(text, "a job")
    (task,) = plan.tasks
    return dumps(carry_out(task, prepared(plan.call).engine, _say))


def _rehearsed(plan: Plan, dones: Sequence[TaskResult]) -> Rehearsed:
    rehearsal = prepared(plan.call)
    rehearsal.results = joined(plan, dones)
    report = rehearsal.compare(plan.resolutions)
    machines = {tuple(sorted(done.machine.items())) for done in dones}
    if len(machines) > 1:
        said = "; ".join(", ".join(value for _, value in machine) for machine in sorted(machines))
        note = f"the runs come from {len(machines)} kinds of machine ({said}), which may round "
        rows = [attrs.evolve(r, notes=(*r.notes, f"{note}otherwise")) for r in report.environments]
        report = attrs.evolve(report, environments=tuple(rows))
    return Rehearsed(rehearsal, plan.resolutions, report)


def _words(done: TaskResult) -> str:
    ended = {str(result.status) for result in done.results}
    seconds = sum(result.seconds for result in done.results)
    return f"{done.task.title}: {', '.join(sorted(ended))}, {seconds:.1f} s"


def _say(text: str) -> None:
    click.echo(text, err=True)
