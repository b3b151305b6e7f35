"""Outcomes that are known: a job whose every condition is unchanged is not run again.

Runs are deterministic, so what a job did is a value of what it was: the code that a worker can
import, the versions of everything installed, the processor, the variables that choose kernels, the
data, the states that stations start from, and the job itself. A job that failed is never kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

import attrs
from attrs import define, frozen

from core.code_image import code_image, folder_image
from core.run.machine import machine, vectors
from core.run.worker.job import Job
from core.run.worker.pool import Outcome
from core.storage import Key, KeyedStore, cache_folder
from core.trace.decoding import station_trace_from, trace_from
from core.trace.encoding import Json, plain

CHOOSING = (
    "ATEN_", "DNNL_", "JAX_", "KERAS_", "LOOP_PARITY_", "MKL_", "OMP_", "ONEDNN_", "OPENBLAS_",
    "TF_", "XLA_",
)  # fmt: skip
"""How variables begin by which somebody chooses kernels, threads and backends."""


@frozen
class Done:
    """What a job did, its name left out."""

    traces: Mapping[str, Json]
    stations: Sequence[Json]
    speedups: Mapping[str, float]

    def outcome(self, job: Job) -> Outcome:
        """The outcome of a job that would do the same."""
        return Outcome(
            job,
            {name: trace_from(trace) for name, trace in self.traces.items()},
            dict(self.speedups),
            [station_trace_from(trace) for trace in self.stations],
            kept=True,
        )


def _decoded(value: object) -> Done:
    assert isinstance(value, dict)
    return Done(value["traces"], value["stations"], value["speedups"])


def _encoded(done: Done) -> Json:
    return {"traces": done.traces, "stations": done.stations, "speedups": done.speedups}


@define(eq=False)
class KeptOutcomes:
    """Outcomes in the user's cache.

    Attributes:
        data_sha256: the hash of the data set of all jobs.
        folder: where they lie.
    """

    data_sha256: str
    folder: Path = attrs.field(factory=lambda: cache_folder() / "check")

    @property
    def _store(self) -> KeyedStore[Done]:
        return KeyedStore(self.folder, _decoded, _encoded)

    def key(self, job: Job) -> Key:
        """Everything that a job's outcome depends on."""
        fields = attrs.asdict(job)
        for name in ("name", "repository", "folders", "data", "out", "tour", "stations"):
            del fields[name]
        stations = [
            [start.scenario, attrs.asdict(start.station), start.state and _digest(start.state)]
            for start in job.stations
        ]
        chosen = {n: v for n, v in os.environ.items() if n.startswith(CHOOSING)}
        return {
            "job": fields,
            "stations": stations,
            "data": self.data_sha256,
            "code": _code(job.repository),
            "folders": [
                folder_image(Path(folder), suffixes=(".py",)).digest for folder in job.folders
            ],
            "installed": _installed(),
            "machine": machine() | {"vectors": vectors()},
            "variables": dict(sorted(chosen.items())),
        }

    def read(self, job: Job) -> Outcome | None:
        """What the job did before, None where that is not known; a tour leaves files."""
        done = None if job.tour else self._store.read(self.key(job))
        return done.outcome(job) if done else None

    def write(self, outcome: Outcome) -> None:
        """Keeps what a job did, where all of it went well.

        Raises:
            ExecutionError: the cache cannot be written.
        """
        job = outcome.job
        whole = len(outcome.stations) == len(job.stations)
        whole = whole and (bool(job.stations) or len(outcome.traces) == len(job.scenarios))
        if outcome.failure is None and whole and not outcome.kept:
            traces = {name: plain(trace) for name, trace in outcome.traces.items()}
            stations = [plain(trace) for trace in outcome.stations]
            self._store.write(self.key(job), Done(traces, stations, outcome.speedups))


def _digest(state: str) -> str:
    try:
        return hashlib.sha256(Path(state).read_bytes()).hexdigest()
    except OSError:
        return ""  # the run will say what is wrong with it


@cache
def _code(repository: str) -> str:
    """The code that a worker can import."""
    return code_image(["core.run.worker.program"], scenarios=True, root=Path(repository)).digest


@cache
def _installed() -> str:
    """Every installed distribution with its version, as one hash."""
    names = sorted(f"{d.metadata['Name']}=={d.version}" for d in metadata.distributions())
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
