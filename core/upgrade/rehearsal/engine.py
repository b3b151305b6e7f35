"""The engine: makes environments, carries out runs in them, and keeps the results."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from core.run.backends.registry import PINNED
from core.run.machine import machine
from core.storage import cache_folder
from core.upgrade.environments.lock import Lock
from core.upgrade.environments.request import Request
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment, EnvironmentStore
from core.upgrade.rehearsal.results import ResultStore
from core.upgrade.rehearsal.run import Key, Limits, Run, RunResult
from core.upgrade.rehearsal.subjects import Subject

Say = Callable[[str], None]
Stop = threading.Event


class EnvironmentRunner(Protocol):
    """Carries out runs in one environment, in one process as far as it lasts."""

    def run(self, run: Run) -> RunResult:
        """What became of a run."""
        ...

    def key(self, run: Run) -> Key:
        """Everything that the result depends on besides lock, platform and code."""
        ...

    def close(self) -> None:
        """Ends the process."""
        ...


@frozen
class Task:
    """Runs in one environment: the unit of work that goes to one process.

    Attributes:
        resolved: the environment's lock.
        runs: in the order to make them.
        number: its number in a plan, from 0.
        keys: in a plan, what each result depends on.
    """

    resolved: Resolved
    runs: tuple[Run, ...]
    number: int = 0
    keys: tuple[Key, ...] = ()

    @property
    def title(self) -> str:
        """What is run, in a few words."""
        run = self.runs[0]
        if run.replicate:
            return f"{run.subject}, control"
        measures = run.options.nudge or run.arithmetic != PINNED
        return f"{run.subject}, horizon" if measures else run.subject


Results = dict[Run, RunResult]


@frozen
class Engine:
    """Where runs are carried out.

    Attributes:
        resolve: finds the lock of a request.
        ensure: makes the environment of a lock where it is not there yet.
        runner: opens what runs in an environment; without one it only says what results depend on.
        results: what is known already.
        limits: what one run may take.
        stop: set when everything is to end.
    """

    resolve: Callable[[Request], Resolved]
    ensure: Callable[[Resolved, Say], Environment]
    runner: Callable[[Resolved, Environment | None], EnvironmentRunner]
    results: ResultStore
    limits: Limits = field(factory=Limits)
    stop: Stop = field(factory=Stop)

    def full_key(self, lock: Lock, runner: EnvironmentRunner, run: Run) -> Key:
        """The key of a result."""
        here = machine()
        place = {"lock": lock.digest, "cpu": here["cpu"], "platform": here["platform"]}
        return place | dict(runner.key(run))

    def known(self, task: Task) -> Results:
        """The results of a task that need no run."""
        runner = self.runner(task.resolved, None)
        found: Results = {}
        for run in task.runs:
            result = self.results.read(self.full_key(task.resolved.lock, runner, run))
            if result is not None and result.holds(self.limits):
                found[run] = result
        return found

    def carry_out(
        self,
        task: Task,
        environment: Environment,
        on_result: Callable[[Run, RunResult], None],
    ) -> Results:
        """Makes the runs of a task that are not known yet, and keeps each as soon as it is done.

        Raises:
            KeyboardInterrupt: `stop` was set; what was done is kept.
            ExecutionError: a result cannot be kept.
        """
        runner = self.runner(task.resolved, environment)
        found: Results = {}
        try:
            for run in task.runs:
                key = self.full_key(task.resolved.lock, runner, run)
                with self.results.held(key, self.stop):
                    result = self.results.read(key)
                    if result is None or not result.holds(self.limits):
                        result = runner.run(run)
                        if result.known:
                            self.results.write(key, result)
                found[run] = result
                on_result(run, result)
        finally:
            runner.close()
        return found


def run_key(run: Run, resolved: Resolved, subject: Subject, *, code: str, data: str) -> Key:
    """What the result of a run depends on besides lock and platform.

    Args:
        run: the run.
        resolved: its environment's lock.
        subject: what runs.
        code: digest of the code that runs it.
        data: digest of the images.
    """
    return {
        "code": code,
        "data": data,
        "backend": resolved.request.backend,
        "legacy": resolved.legacy,
        "experiment": subject.experiment,
        "options": repr((run.options, run.arithmetic)),
        "replicate": str(run.replicate),
    }


def clean(cache: Path) -> tuple[int, int]:
    """Removes every environment, copy of the code and result below a folder.

    Returns:
        How many environments there were, and how many bytes were freed.
    """
    count, freed = EnvironmentStore(cache / "environments").remove_all()
    for name in ("results", "resolutions", "code", "inside", "keras"):
        shutil.rmtree(cache / name, ignore_errors=True)
    return count, freed


def upgrade_folder() -> Path:
    """Where everything of `upgrade` and `bisect` is kept."""
    return cache_folder() / "upgrade"
