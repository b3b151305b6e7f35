"""A engine whose environments are made up: what a run does there is read from a function."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import define, field

from core.errors import ExecutionError
from core.upgrade.environments.interpreter import this_interpreter
from core.upgrade.environments.lock import lock_of
from core.upgrade.environments.request import Request
from core.upgrade.environments.resolution import Resolution
from core.upgrade.environments.resolve import Resolved, UnresolvableError
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.call import Call
from core.upgrade.rehearsal.engine import Engine
from core.upgrade.rehearsal.rehearse import Rehearsal
from core.upgrade.rehearsal.report import Report
from core.upgrade.rehearsal.resolving import resolve_all
from core.upgrade.rehearsal.results import result_store
from core.upgrade.rehearsal.run import Key, Limits, Run, RunResult
from core.upgrade.rehearsal.subjects import Subject
from tests.core.upgrade.rehearsal.runs import HORIZON

Behaviour = Callable[[Resolved, Run], RunResult]
SUBJECTS = (
    Subject("toy/first", "e1", ("tensorflow",), horizons={"tensorflow": HORIZON}),
    Subject("toy/second", "e2", ("tensorflow",), horizons={"tensorflow": HORIZON}),
)
CALL = Call(("toy",), "digits", 1)


@define(eq=False)
class World:
    """Made-up environments.

    Attributes:
        behaviour: what a run does in an environment.
        made: the SPECs whose environments were made, in order.
        ran: every run that was not known, with its SPEC.
    """

    behaviour: Behaviour
    made: list[str] = field(factory=list)
    ran: list[tuple[str, Run]] = field(factory=list)
    _lock: threading.Lock = field(factory=threading.Lock)

    def resolve(self, request: Request) -> Resolved:
        """A lock of what the request pins; `impossible` cannot be had."""
        if "impossible" in " ".join(request.requirements.values()):
            said = "there is no version of impossible"
            raise UnresolvableError(said, where=request.spec, expected="one", remedy="another")
        lines = "\n".join(line for line in request.requirements.values() if "==" in line)
        return Resolved(request, lock_of(lines, "3.11.7", "linux"), this_interpreter())

    def ensure(self, asked: Resolved, say: Callable[[str], None]) -> Environment:
        """An environment that is a name; `full` finds no room."""
        say(f"making {asked.request.spec}")
        if "full" in asked.lock.versions:
            raise ExecutionError("the disk is full", where="here", expected="room", remedy="clean")
        self.made.append(asked.request.spec)
        return Environment(Path("/nowhere"), asked.lock, 2.0, made=True)

    def run(self, asked: Resolved, run: Run) -> RunResult:
        """A run, counted."""
        with self._lock:
            self.ran.append((asked.request.spec, run))
        return self.behaviour(asked, run)


@define(eq=False)
class WorldRunner:
    """Runs in one made-up environment."""

    world: World
    asked: Resolved

    def run(self, run: Run) -> RunResult:
        """What the world says."""
        return self.world.run(self.asked, run)

    def key(self, run: Run) -> Key:
        """What tells runs apart."""
        return {"run": repr(run)}

    def close(self) -> None:
        """Nothing to end."""


def engine(world: World, folder: Path, limits: Limits | None = None) -> Engine:
    """A engine of a world, with real results on disk."""
    return Engine(
        resolve=world.resolve,
        ensure=world.ensure,
        runner=lambda asked, environment: WorldRunner(world, asked),  # noqa: ARG005
        results=result_store(folder),
        limits=limits or Limits(),
    )


def rehearsal(made: Engine, subjects: Sequence[Subject] = SUBJECTS, call: Call = CALL) -> Rehearsal:
    """A rehearsal of the toy subjects, or others."""
    return Rehearsal(made, call, subjects)


def resolved(made: Engine, *specs: str) -> list[Resolution]:
    """What SPECs lead to in an engine's world."""
    return resolve_all(made.resolve, SUBJECTS, specs)


def compare(world: World, folder: Path, *specs: str) -> Report:
    """A rehearsal of the toy subjects in a world."""
    made = engine(world, folder)
    return rehearsal(made).compare(resolved(made, *specs))
