"""Running scenarios in environments: the code, the data and the worker process."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
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
from core.upgrade.rehearsal.attempt import Attempt, Key, Limits, Run
from core.upgrade.rehearsal.laboratory import Stop
from core.upgrade.rehearsal.process import Sitting, clean_variables
from core.upgrade.rehearsal.snapshot import Snapshot


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
class ScenarioBenches:
    """Opens places to run scenarios.

    Attributes:
        snapshot: the code.
        data: the images.
        experiments: the digest of each scenario's experiment, by id.
        home: Keras's own folder in there, so that the user's settings stay out of it.
        limits: what one run may take.
        stop: set when everything is to end.
    """

    snapshot: Snapshot
    data: Data
    experiments: Mapping[str, str]
    home: Path
    limits: Limits
    stop: Stop

    def __call__(self, resolved: Resolved, environment: Environment | None) -> ScenarioBench:
        """A place in an environment; without one it only says what results depend on."""
        backend = resolved.request.backend
        more = {"KERAS_HOME": str(self.home)} | legacy_variables(resolved.legacy)

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
