"""Runs one printed program and watches it as a debugger would; the program is not altered.

Run as `python -m core.dialects.running.watched JOB.json…`, in an environment that fixes backend and
threads; of several jobs each gets a process of its own, forked once the framework is imported. A
trace function looks at the program's own lines only: where a step is done it reads the variables
that hold the losses, where an epoch is done those that hold readings.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import sys
import traceback
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Protocol, SupportsFloat, cast

import numpy as np

from core.dialects.running.fitted import watch_fit
from core.run.backends.lean import leave, without_extras
from core.run.backends.protocol import Array
from core.sandbox.guest.dynamic import Dynamic, Function

if TYPE_CHECKING:
    from _typeshed import TraceFunction


class _Enough(BaseException):
    """Ends a program after the steps that were asked for."""


class _Weight(Protocol):
    name: str


class _Layer(Protocol):
    weights: Iterable[_Weight]


class _Model(Protocol):
    layers: Iterable[_Layer]


class Watcher:
    """Keeps what a program computes.

    Args:
        job: lines to watch and variables to read.
        printed: what the program has printed so far.
    """

    def __init__(self, job: Mapping[str, object], printed: io.StringIO) -> None:
        lines = cast(Mapping[str, int], job["lines"])
        self.begin, self.epoch = lines["begin"], lines["epoch"]
        self.batch, self.after_step = lines["batch"], lines["after_step"]
        self.losses: dict[str, list[float]] = {name: [] for name in _names(job, "losses")}
        self.metrics: dict[str, list[float]] = {name: [] for name in _names(job, "metrics")}
        self._variables = {**_names(job, "losses"), **_names(job, "metrics")}
        self._limit = cast("int | None", job["steps"])
        self._printed = printed
        self.log_from: int | None = None
        self._last = 0

    def tracer(self, code: CodeType) -> TraceFunction:
        """The trace function of a program's own code; functions it calls are left alone."""

        def enter(frame: FrameType, event: str, argument: object) -> TraceFunction | None:
            del event, argument
            return self._line if frame.f_code is code else None

        return enter

    @property
    def steps(self) -> int:
        """Steps seen so far."""
        return max((len(values) for values in self.losses.values()), default=0)

    def _line(self, frame: FrameType, event: str, argument: object) -> TraceFunction:
        del argument
        if event != "line":
            return self._line
        line, before = frame.f_lineno, self._last
        self._last = line
        if self.log_from is None and line >= self.begin:
            self.log_from = self._printed.tell()
        repeats = before > line
        if line == self.after_step and (line != self.batch or repeats):
            self._keep(self.losses, frame.f_globals)
        if line == self.batch and repeats and self._limit is not None:
            self._stop()
        if line == self.epoch and repeats:
            self._keep(self.metrics, frame.f_globals)
        return self._line

    def _stop(self) -> None:
        if self._limit is not None and self.steps >= self._limit:
            raise _Enough

    def _keep(self, into: dict[str, list[float]], variables: Mapping[str, object]) -> None:
        for name, values in into.items():
            values.append(number(variables[self._variables[name]]))


def _names(job: Mapping[str, object], key: str) -> Mapping[str, str]:
    return cast(Mapping[str, str], job[key])


def number(value: object) -> float:
    """A framework's scalar as a plain number."""
    if hasattr(value, "detach"):
        value = value.detach()
    return float(cast(SupportsFloat, value))


def digest(models: Mapping[str, object]) -> str:
    """SHA-256 over the weights of models, as `core.run.runner.recording.digest` has it."""
    convert = _converter()
    total = hashlib.sha256()
    for name, thing in models.items():
        layers = [
            layer for layer in cast(_Model, thing).layers if type(layer).__name__ != "InputLayer"
        ]
        for position, layer in enumerate(layers):
            for weight in layer.weights:
                value: Array = np.asarray(convert(weight))
                address = f"{name}/{position}/{_bare(weight.name)}"
                total.update(f"{address}{value.shape}{value.dtype}".encode())
                total.update(np.ascontiguousarray(value).tobytes())
    return total.hexdigest()


def _converter() -> Function:
    """What makes a weight an array: Keras 2's are TensorFlow's own."""
    if os.environ.get("TF_USE_LEGACY_KERAS") == "1":
        return cast(Function, np.asarray)
    return cast(Function, import_module("keras").ops.convert_to_numpy)


def _bare(name: str) -> str:
    """A weight's name within its layer: Keras 2 says `dense/kernel:0`."""
    return name.rpartition("/")[2].partition(":")[0]


def _keras(package: str) -> Dynamic:
    """Keras as the program will import it: Keras 2 by TensorFlow's own door."""
    if package == "keras":
        return cast(Dynamic, import_module("keras"))
    return cast(Dynamic, import_module("tensorflow")).keras


def prepare(job: Mapping[str, object]) -> None:
    """Keras's own data loader hands out the given images; threads and kernels as the runner's."""
    backend = cast(str, job["backend"])
    if backend == "jax" and "OMP_NUM_THREADS" in os.environ:
        os.environ.setdefault("NPROC", os.environ["OMP_NUM_THREADS"])
    with without_extras(backend):
        keras = _keras(cast(str, job.get("keras", "keras")))
    if backend == "torch" and "OMP_NUM_THREADS" in os.environ:
        import_module("torch").set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    if job["fast_convolution"]:
        convolution = import_module("core.run.backends.jax.convolution")
        convolution.speed_up_transposed_convolution(import_module("jax"))
    with np.load(cast(str, job["data"])) as arrays:
        train = arrays["x_train"], arrays["y_train"]
        test = arrays["x_test"], arrays["y_test"]
    vars(keras.datasets.mnist)["load_data"] = lambda *_: (train, test)


def run(path: Path, job: Mapping[str, object]) -> None:
    """Runs the program of a job and writes what it did beside the job."""
    program = path.with_name("program.py")
    folder = path.parent / "saved"
    folder.mkdir()
    os.chdir(folder)
    printed = io.StringIO()
    watcher = Watcher({**job, "metrics": {}} if job["fit"] else job, printed)
    code = compile(program.read_text(encoding="utf-8"), str(program), "exec")
    space: dict[str, object] = {"__name__": "__main__", "__file__": str(program)}
    finished = True
    watching = watch_fit() if job["fit"] else None
    with contextlib.redirect_stdout(printed):
        sys.settrace(watcher.tracer(code))
        try:
            exec(code, space)  # noqa: S102 - the program printed by this project
        except _Enough:
            finished = False
        finally:
            sys.settrace(None)
    text = printed.getvalue()[watcher.log_from or 0 :]
    models = {name: space[variable] for name, variable in _names(job, "models").items()}
    result: dict[str, object] = {
        "losses": watcher.losses,
        "metrics": watcher.metrics,
        "log": text.split("\n")[:-1],
        "finished": finished,
        "digest": digest(models) if finished else "",
    }
    if watching is not None:
        result |= watching.result(job)
    path.with_name("result.json").write_text(json.dumps(result), encoding="utf-8")


def _in_a_child(path: Path, job: Mapping[str, object]) -> int:
    """Runs a job in a forked process; its exit code."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    code = 1
    try:
        run(path, job)
        code = 0
    except BaseException:  # noqa: BLE001 - the child must not return into the parent's loop
        path.with_name("error.txt").write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> int:
    """Runs the programs of some jobs, all of one backend."""
    paths = [Path(name).resolve() for name in sys.argv[1:]]
    jobs: list[Mapping[str, object]] = [json.loads(p.read_text(encoding="utf-8")) for p in paths]
    prepare(jobs[0])
    if len(jobs) == 1:
        run(paths[0], jobs[0])
        return 0
    return max(abs(_in_a_child(path, job)) for path, job in zip(paths, jobs, strict=True))


if __name__ == "__main__":
    leave(main())  # the results are files
