"""`--plan`, `--job`, `--collect` and `--dask`: the work of a rehearsal done elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import attrs
import click
from attrs import frozen

from core.errors import UsageError
from core.upgrade.environments.request import read_spec
from core.upgrade.jobs.carrying import carry_out, through
from core.upgrade.jobs.cluster import cluster
from core.upgrade.jobs.encoding import Done, assignment_from, dumps
from core.upgrade.jobs.joining import PlanFolder, joined, places_of
from core.upgrade.jobs.plan import Call, Plan, plan_of
from core.upgrade.jobs.printing import commands, matrix, numbers_of
from core.upgrade.rehearsal.laboratory import Laboratory
from core.upgrade.rehearsal.rehearse import Place, Rehearsal
from core.upgrade.rehearsal.report import Report
from tools.cli import rehearsing
from tools.cli.main import OK


def plan_for(call: Call, places: Sequence[Place], backend: str | None) -> Plan:
    """The work list of a call, whatever is known already.

    Raises:
        UsageError: no baseline that could be run in.
    """
    if places[0].resolved is None:
        assert places[0].problem is not None
        raise places[0].problem
    asked = setting_of(call)
    rehearsal = _rehearsal(call, asked.laboratory, asked)
    requests = [
        place.resolved.request if place.resolved else read_spec(place.spec, backend=backend)
        for place in places
    ]
    return plan_of(call, requests, places, rehearsal.tasks(places), asked.laboratory)


def _rehearsal(call: Call, laboratory: Laboratory, asked: rehearsing.Setting) -> Rehearsal:
    return Rehearsal(laboratory, asked.subjects, asked.length, controls=call.controls)


def setting_of(call: Call) -> rehearsing.Setting:
    """The laboratory and subjects of a call."""
    return rehearsing.setting(
        call.ids,
        data=call.data,
        seed=call.seed,
        steps=call.steps,
        native_steps=call.native_steps,
        time_limit=call.time_limit,
        memory_limit=call.memory_limit,
        refresh=False,
        folders=tuple(Path(folder) for folder in call.folders),
    )


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
    environments = len({job.spot for job in plan.jobs})
    click.echo(
        f"{len(plan.jobs)} jobs in {environments} environments; when they are done: "
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
        job = plan.jobs[number]
        if held.result(job) is not None:
            click.echo(f"job {number} is done: {job.title}", err=True)
            continue
        done = carry_out(plan.assignment(number), setting_of(plan.call).laboratory, _say)
        held.keep(done)
        click.echo(f"job {number}: {_words(done)}")
    return OK


def _numbers(text: str, plan: Plan) -> list[int]:
    try:
        found = numbers_of(text)
        if max(found) < len(plan.jobs):
            return found
        what = f"the plan has {len(plan.jobs)} jobs"
    except ValueError:
        what = f"{text!r} names no job"
    raise UsageError(
        what,
        where=f"--job {text}",
        expected=f"a number from 0 to {len(plan.jobs) - 1}, or a range",
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


@frozen
class Joined:
    """The results of a plan, joined.

    Attributes:
        report: the report.
        rehearsal: with every run known.
        places: the baseline, then the candidates.
        call: what the plan was made for.
    """

    report: Report
    rehearsal: Rehearsal
    places: Sequence[Place]
    call: Call


def collect(folder: Path) -> Joined:
    """The report of a plan whose jobs were done elsewhere.

    Raises:
        UsageError: no plan, or a job without a result.
    """
    held = PlanFolder(folder)
    plan = held.read()
    dones = [done for job in plan.jobs if (done := held.result(job)) is not None]
    return _report(plan, dones)


def through_dask(plan: Plan, address: str) -> Joined:
    """The report of a plan whose jobs a Dask cluster does.

    Raises:
        ParityError: no cluster, or what a job said.
    """
    from loop_parity import call  # what a worker imports: it finds our packages there

    there = cast(Callable[[str], str], partial(call, __name__, work.__name__))
    with cluster(address) as executor:
        numbers = range(len(plan.jobs))
        dones = through(executor, plan, numbers, there, lambda done: _say(f"  {_words(done)}"))
    return _report(plan, dones)


def work(text: str) -> str:
    """Does an assignment: text to text, so that any engine can send it to another machine."""
    assignment = assignment_from(text)
    return dumps(carry_out(assignment, setting_of(assignment.call).laboratory, _say))


def _report(plan: Plan, dones: Sequence[Done]) -> Joined:
    asked = setting_of(plan.call)
    places = places_of(plan)
    rehearsal = _rehearsal(plan.call, joined(plan, dones, asked.laboratory), asked)
    report = attrs.evolve(rehearsal.compare(places), left_out=asked.left_out)
    machines = {tuple(sorted(done.machine.items())) for done in dones}
    if len(machines) > 1:
        said = "; ".join(", ".join(value for _, value in machine) for machine in sorted(machines))
        note = f"the runs come from {len(machines)} kinds of machine ({said}), which may round "
        rows = [attrs.evolve(r, notes=(*r.notes, f"{note}otherwise")) for r in report.environments]
        report = attrs.evolve(report, environments=tuple(rows))
    return Joined(report, rehearsal, places, plan.call)


def _words(done: Done) -> str:
    ended = {str(attempt.status) for attempt in done.attempts}
    seconds = sum(attempt.seconds for attempt in done.attempts)
    return f"{done.job.title}: {', '.join(sorted(ended))}, {seconds:.1f} s"


def _say(text: str) -> None:
    click.echo(text, err=True)
