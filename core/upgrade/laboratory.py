"""The laboratory: environments, code, data and results in one place, and runs carried out there."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from core.backends.arithmetic import Arithmetic
from core.backends.registry import LEGACY_VARIABLE, process_environment
from core.data import load_data
from core.data.cache import cache_folder
from core.data.digits import NAME as DIGITS
from core.environment import machine
from core.environments.lock import Lock
from core.environments.resolve import Resolved, Resolver
from core.environments.store import Environment, EnvironmentStore
from core.environments.uv import index_options
from core.errors import DataError
from core.upgrade.attempt import Attempt, Key, Limits, Run
from core.upgrade.process import Sitting, clean_variables
from core.upgrade.results import ResultStore
from core.upgrade.snapshot import Snapshot, take
from core.worker.job import Job

Say = Callable[[str], None]


@frozen
class Data:
    """The images of every run, as a file that a worker reads.

    Attributes:
        name: what traces call them.
        path: an npz in the layout of Keras's MNIST.
        sha256: the hash of its arrays.
    """

    name: str
    path: str
    sha256: str


def data_file(source: str) -> Data:
    """The file of a data source: made or downloaded here, once, so that no worker does it.

    Raises:
        DataError: data that cannot be used, or no file that a worker could read.
    """
    images = load_data(source)
    if source == DIGITS:
        path = cache_folder() / f"{DIGITS}-{images.sha256[:16]}.npz"
    elif source == "mnist":
        home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
        path = home / "datasets" / "mnist.npz"
    else:
        path = Path(source).expanduser()
    if not path.is_file():
        raise DataError(
            f"{images.name} could not be kept in a file",
            where=str(path),
            expected="a cache folder with room for it: other environments read it from there",
            remedy="free some space, or set PARITY_CACHE to another folder",
        )
    return Data(images.name, str(path.resolve()), images.sha256)


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
class ScenarioBench:
    """Runs scenarios in an environment.

    Attributes:
        open: starts a worker process with an arithmetic.
        backend: the framework.
        legacy: the package of legacy Keras, empty for Keras 3.
        data: the images.
        snapshot: the code.
        experiments: the digest of each scenario's experiment, by id.
    """

    open: Callable[[Arithmetic], Sitting]
    backend: str
    legacy: str
    data: Data
    snapshot: Snapshot
    experiments: Mapping[str, str]
    _sittings: dict[Arithmetic, Sitting] = field(factory=dict, init=False)

    def run(self, run: Run) -> Attempt:
        """Runs one scenario over a session of its own."""
        job = Job(
            name=run.subject,
            backend=self.backend,
            scenarios=(run.subject,),
            options=run.options,
            data=self.data.path,
            repository=str(self.snapshot.root),
            folders=self.snapshot.folders,
            arithmetic=run.arithmetic,
        )
        if run.arithmetic not in self._sittings:
            self.close()  # one process at a time: it holds its memory until it ends
            self._sittings[run.arithmetic] = self.open(run.arithmetic)
        return self._sittings[run.arithmetic].run(job)

    def key(self, run: Run) -> Key:
        """What the result depends on."""
        return {
            "code": self.snapshot.digest,
            "data": self.data.sha256,
            "backend": self.backend,
            "legacy": self.legacy,
            "experiment": self.experiments[run.subject],
            "options": repr((run.options, run.arithmetic)),
            "replicate": str(run.replicate),
        }

    def close(self) -> None:
        """Ends the process."""
        while self._sittings:
            _, sitting = self._sittings.popitem()
            sitting.close(kill=True)


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


@frozen(slots=False)
class Laboratory:
    """Where runs are carried out.

    Attributes:
        cache: the folder of everything that is kept.
        repository: the folder that holds `core` and `scenarios`.
        folders: further scenario folders.
        data_source: `digits`, `mnist` or a path.
        experiments: the digest of each scenario's experiment, by id.
        limits: what one run may take.
        refresh: resolve anew.
        stop: set when everything is to end.
    """

    cache: Path
    repository: Path
    folders: tuple[Path, ...] = ()
    data_source: str = DIGITS
    experiments: Mapping[str, str] = field(factory=dict)
    limits: Limits = field(factory=Limits)
    refresh: bool = False
    stop: threading.Event = field(factory=threading.Event)

    @cached_property
    def resolver(self) -> Resolver:
        """Resolves requests."""
        return Resolver(self.cache / "resolutions", refresh=self.refresh)

    @cached_property
    def environments(self) -> EnvironmentStore:
        """The environments."""
        return EnvironmentStore(self.cache / "environments", options=index_options())

    @cached_property
    def results(self) -> ResultStore:
        """What is known already."""
        return ResultStore(self.cache / "results")

    @cached_property
    def snapshot(self) -> Snapshot:
        """The code."""
        return take(self.repository, self.folders, self.cache / "code")

    @cached_property
    def data(self) -> Data:
        """The images."""
        return data_file(self.data_source)

    def bench(self, resolved: Resolved, environment: Environment | None) -> ScenarioBench:
        """A place to run scenarios; without an environment it only says what is known."""
        backend = resolved.request.backend
        legacy = {LEGACY_VARIABLE: resolved.legacy, "TF_USE_LEGACY_KERAS": "1"}
        home = {"KERAS_HOME": str(self.cache / "keras")}  # the user's keras.json stays out of it
        more = home | (legacy if resolved.legacy else {})

        def opened(arithmetic: Arithmetic) -> Sitting:
            return Sitting(
                python=environment.python if environment else Path(),
                folder=self.snapshot.root,
                variables=clean_variables(process_environment(backend, arithmetic), more),
                limits=self.limits,
                stop=self.stop,
            )

        return ScenarioBench(
            opened, backend, resolved.legacy, self.data, self.snapshot, self.experiments
        )

    def full_key(self, lock: Lock, bench: Bench, run: Run) -> Key:
        """The key of a result."""
        here = machine()
        place = {"lock": lock.digest, "cpu": here["cpu"], "platform": here["platform"]}
        return place | dict(bench.key(run))

    def known(self, task: Task) -> Attempts:
        """The results of a task that need no run."""
        bench = self.bench(task.resolved, None)
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

    def clean(self) -> tuple[int, int]:
        """Removes every environment, copy of the code and result.

        Returns:
            How many environments there were, and how many bytes were freed.
        """
        count, freed = self.environments.remove_all()
        self.results.remove_all()
        for name in ("resolutions", "code", "keras"):
            shutil.rmtree(self.cache / name, ignore_errors=True)
        return count, freed


def upgrade_folder() -> Path:
    """Where everything of `upgrade` and `bisect` is kept."""
    return cache_folder() / "upgrade"


def first_of_each(ids: Sequence[str], experiments: Mapping[str, str]) -> dict[str, str]:
    """For each scenario the one whose runs it shares: the first with the same experiment."""
    first: dict[str, str] = {}
    return {name: first.setdefault(experiments[name], name) for name in ids}
