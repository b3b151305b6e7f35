"""A made-up plan, and work that any process can do without a framework."""

from __future__ import annotations

import os
import time
from pathlib import Path

from core.upgrade.environments.interpreter import Interpreter
from core.upgrade.environments.request import read_spec
from core.upgrade.jobs.carrying import carry_out
from core.upgrade.jobs.encoding import assignment_from, dumps
from core.upgrade.jobs.plan import Call, Plan, plan_of
from core.upgrade.rehearsal.attempt import Attempt, Run, Status
from core.upgrade.rehearsal.laboratory import Laboratory
from core.upgrade.rehearsal.rehearse import Rehearsal, resolve_all
from tests.core.upgrade.rehearsal.laboratories import LENGTH, SUBJECTS, World, laboratory
from tests.core.upgrade.rehearsal.runs import LOSSES, trace

SPECS = ("tensorflow==1", "tensorflow==2", "tensorflow==3")
CALL = Call(("toy",), "digits", 1, None, 4, 600.0, 6.0, ())


def behaviour(asked: object, run: Run) -> Attempt:
    """Another loss in release 3, from step 5 on."""
    text = str(asked)
    factor = 1.5 if "tensorflow-cpu==3" in text else 1.0
    losses = [*LOSSES[:5], *(value * factor for value in LOSSES[5:])]
    made = trace(losses, randomness=run.options.randomness)
    return Attempt(Status.RAN, made, seconds=1.0)


def world() -> World:
    """Three releases, the last of which computes otherwise."""
    return World(behaviour)


def plan(made: Laboratory) -> Plan:
    """The plan of a rehearsal of both toys over three releases."""
    places = resolve_all(made, SPECS)
    requests = [read_spec(spec) for spec in SPECS]
    rehearsal = Rehearsal(made, SUBJECTS, LENGTH)
    return plan_of(CALL, requests, places, rehearsal.tasks(places), made)


def found(version: str) -> Interpreter:
    """The interpreter that a lock asks for, whichever this one is."""
    return Interpreter("/usr/bin/python", version)


def work_in(folder: Path, text: str) -> str:
    """Does an assignment in the made-up world; the folder holds results and a line per run."""
    place = world()
    done = carry_out(assignment_from(text), laboratory(place, folder), _unheard, found)
    for spec, run in place.ran:
        with (folder / "runs.txt").open("a", encoding="utf-8") as file:
            file.write(f"{spec} {run.subject} {run.options.randomness} {run.replicate}\n")
    return dumps(done)


def slow_work_in(folder: Path, text: str) -> str:
    """The same; the first process that comes to the fourth job waits there to be killed."""
    if assignment_from(text).job.number == 3:
        try:
            with (folder / "waiting").open("x", encoding="utf-8") as file:
                file.write(str(os.getpid()))
        except FileExistsError:
            pass  # another worker has got the job of the one that died
        else:
            time.sleep(600)
    return work_in(folder, text)


def _unheard(text: str) -> None:
    del text
