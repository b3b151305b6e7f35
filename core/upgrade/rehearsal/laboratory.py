"""The laboratory: environments, places to run in, and results that are kept."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from core.run.machine import machine
from core.storage import cache_folder
from core.upgrade.environments.lock import Lock
from core.upgrade.environments.request import Request
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment, EnvironmentStore
from core.upgrade.rehearsal.attempt import Attempt, Key, Limits, Run
from core.upgrade.rehearsal.results import ResultStore

Say = Callable[[str], None]
Stop = threading.Event


class Bench(Protocol):
    """Carries out runs in one environment, in one process as far as it lasts."""

    def run(self, run: Run) -> Attempt:
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
    """

    resolved: Resolved
    runs: tuple[Run, ...]


Attempts = dict[Run, Attempt]


class Resolves(Protocol):
    """Finds the lock of a request."""

    def resolve(self, request: Request) -> Resolved:
        """The lock of a request."""
        ...


class Provides(Protocol):
    """Makes environments."""

    def ensure(self, resolved: Resolved, say: Say) -> Environment:
        """The environment of a lock."""
        ...


@frozen
class Laboratory:
    """Where runs are carried out.

    Attributes:
        resolver: finds locks.
        environments: makes environments.
        benches: opens a place to run in an environment; without one it only says what results
            depend on.
        results: what is known already.
        limits: what one run may take.
        stop: set when everything is to end.
    """

    resolver: Resolves
    environments: Provides
    benches: Callable[[Resolved, Environment | None], Bench]
    results: ResultStore
    limits: Limits = field(factory=Limits)
    stop: Stop = field(factory=Stop)

    def full_key(self, lock: Lock, bench: Bench, run: Run) -> Key:
        """The key of a result."""
        here = machine()
        place = {"lock": lock.digest, "cpu": here["cpu"], "platform": here["platform"]}
        return place | dict(bench.key(run))

    def known(self, task: Task) -> Attempts:
        """The results of a task that need no run."""
        bench = self.benches(task.resolved, None)
        found: Attempts = {}
        for run in task.runs:
            attempt = self.results.read(self.full_key(task.resolved.lock, bench, run))
            if attempt is not None and attempt.holds(self.limits):
                found[run] = attempt
        return found

    def carry_out(
        self,
        task: Task,
        bench: Bench,
        on_attempt: Callable[[Run, Attempt], None],
    ) -> Attempts:
        """Makes the runs of a task that are not known yet, and keeps each as soon as it is done.

        Raises:
            KeyboardInterrupt: `stop` was set; what was done is kept.
            ExecutionError: a result cannot be kept.
        """
        found: Attempts = {}
        try:
            for run in task.runs:
                key = self.full_key(task.resolved.lock, bench, run)
                with self.results.held(key, self.stop):
                    attempt = self.results.read(key)
                    if attempt is None or not attempt.holds(self.limits):
                        attempt = bench.run(run)
                        if attempt.known:
                            self.results.write(key, attempt)
                found[run] = attempt
                on_attempt(run, attempt)
        finally:
            bench.close()
        return found


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


def first_of_each(ids: Sequence[str], experiments: Mapping[str, str]) -> dict[str, str]:
    """For each scenario the one whose runs it shares: the first with the same experiment."""
    first: dict[str, str] = {}
    return {name: first.setdefault(experiments[name], name) for name in ids}
