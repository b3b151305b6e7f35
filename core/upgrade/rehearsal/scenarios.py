"""Running scenarios in environments: the code, the data and the worker process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from core.errors import DataError
from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import legacy_variables, process_environment
from core.run.data import load_data
from core.run.data.cache import keep
from core.run.data.digits import NAME as DIGITS
from core.run.worker.job import Job
from core.upgrade.environments.resolve import Resolved
from core.upgrade.environments.store import Environment
from core.upgrade.rehearsal.engine import Stop, run_key
from core.upgrade.rehearsal.process import WorkerProcess, clean_variables
from core.upgrade.rehearsal.run import Key, Limits, Run, RunResult
from core.upgrade.rehearsal.snapshot import Snapshot
from core.upgrade.rehearsal.subjects import Subject


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
        path = keep(images)
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


@frozen
class ScenarioRunner:
    """Runs scenarios in an environment.

    Attributes:
        resolved: the environment's lock.
        environment: where it lies; None where only keys are asked for.
        subjects: what can be run, by id.
        data: the images.
        snapshot: the code.
        home: Keras's own folder in there, so that the user's settings stay out of it.
        limits: what one run may take.
        stop: set when everything is to end.
    """

    resolved: Resolved
    environment: Environment | None
    subjects: Mapping[str, Subject]
    data: Data
    snapshot: Snapshot
    home: Path
    limits: Limits
    stop: Stop
    _processes: dict[Arithmetic, WorkerProcess] = field(factory=dict, init=False)

    def run(self, run: Run) -> RunResult:
        """Runs one scenario over a session of its own."""
        job = Job(
            name=run.subject,
            backend=self.resolved.request.backend,
            scenarios=(run.subject,),
            options=run.options,
            data=self.data.path,
            repository=str(self.snapshot.root),
            folders=self.snapshot.folders,
            arithmetic=run.arithmetic,
        )
        if run.arithmetic not in self._processes:
            self.close()  # one process at a time: it holds its memory until it ends
            self._processes[run.arithmetic] = self._process(run.arithmetic)
        return self._processes[run.arithmetic].run(job)

    def _process(self, arithmetic: Arithmetic) -> WorkerProcess:
        assert self.environment is not None
        more = {"KERAS_HOME": str(self.home)} | legacy_variables(self.resolved.legacy)
        base = process_environment(self.resolved.request.backend, arithmetic)
        return WorkerProcess(
            python=self.environment.python,
            folder=self.snapshot.root,
            variables=clean_variables(base, more),
            limits=self.limits,
            stop=self.stop,
        )

    def key(self, run: Run) -> Key:
        """What the result depends on."""
        return run_key(
            run,
            self.resolved,
            self.subjects[run.subject],
            code=self.snapshot.digest,
            data=self.data.sha256,
        )

    def close(self) -> None:
        """Ends the process."""
        while self._processes:
            _, process = self._processes.popitem()
            process.close(kill=True)
