"""A made-up plan, and work that any process can do without a framework."""

from __future__ import annotations

import os
import time
from pathlib import Path

from core.upgrade.environments.interpreter import Interpreter
from core.upgrade.jobs.carrying import carry_out
from core.upgrade.jobs.encoding import dumps, plan_from
from core.upgrade.jobs.plan import Plan, plan_of
from core.upgrade.rehearsal.engine import Engine
from core.upgrade.rehearsal.run import Run, RunResult, RunStatus
from tests.core.upgrade.rehearsal.engines import CALL, World, engine, rehearsal, resolved
from tests.core.upgrade.rehearsal.runs import LOSSES, trace

SPECS = ("tensorflow==1", "tensorflow==2", "tensorflow==3")


def behaviour(asked: object, run: Run) -> RunResult:
    """Another loss in release 3, from step 5 on."""
    text = str(asked)
    factor = 1.5 if "tensorflow-cpu==3" in text else 1.0
    losses = [*LOSSES[:5], *(value * factor for value in LOSSES[5:])]
    made = trace(losses, randomness=run.options.randomness)
    return RunResult(RunStatus.RAN, made, seconds=1.0)


def world() -> World:
    """Three releases, the last of which computes differently."""
    return World(behaviour)


def plan(made: Engine) -> Plan:
    """The plan of a rehearsal of both toys over three releases."""
    resolutions = resolved(made, *SPECS)
    return plan_of(CALL, resolutions, rehearsal(made).tasks(resolutions), made)


def found(version: str) -> Interpreter:
    """The interpreter that a lock asks for, whichever this one is."""
    return Interpreter("/usr/bin/python", version)


def work_in(folder: Path, text: str) -> str:
    """Does a plan of one task in the made-up world; the folder holds results and a line per run."""
    place = world()
    (task,) = plan_from(text, "here").tasks
    done = carry_out(task, engine(place, folder), _unheard, found)
    for spec, run in place.ran:
        with (folder / "runs.txt").open("a", encoding="utf-8") as file:
            file.write(f"{spec} {run.subject} {run.options.randomness} {run.replicate}\n")
    return dumps(done)


def slow_work_in(folder: Path, text: str) -> str:
    """The same; the first process that comes to the fourth task waits there to be killed."""
    if plan_from(text, "here").tasks[0].number == 3:
        try:
            with (folder / "waiting").open("x", encoding="utf-8") as file:
                file.write(str(os.getpid()))
        except FileExistsError:
            pass  # another worker has got the task of the one that died
        else:
            time.sleep(600)
    return work_in(folder, text)


def _unheard(text: str) -> None:
    del text
