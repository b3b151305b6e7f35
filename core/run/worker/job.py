"""A job: what one worker process is to run. Plain values, so that it travels as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
from attrs import frozen

from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import PINNED
from core.run.runner.options import RunOptions
from core.run.runner.station import Station


@frozen
class StationJob:
    """A run from a station.

    Attributes:
        scenario: the scenario's id.
        station: where it starts, and for how many steps.
        state: the file of the state that it starts from; empty for the state after the setup.
    """

    scenario: str
    station: Station
    state: str = ""


@frozen
class Job:
    """Scenarios of one guide to run in order over one session.

    Attributes:
        name: how messages call this job.
        backend: the backend to import.
        scenarios: scenario ids, in the guide's order.
        options: how to run them.
        data: the data set's name or path.
        repository: the folder that holds `scenarios/`.
        folders: further scenario folders.
        out: folder for checkpoints and saved models; empty for none.
        resume: continue from the checkpoints there.
        arithmetic: how the process does its sums.
        reading: the backend whose meanings the reference takes where frameworks differ.
        mutant: run this mutant of each scenario, after sound sections where it continues some;
            empty for the scenarios as they are (`core.spec.mutation`).
        speedup: also measure how much faster the compiled step is, for scenarios that claim it.
        stations: run from these stations instead, in order.
        tour: the folder that takes the state at every station of the scenarios, each as
            `guide/section/station.npz`; where it is given the scenarios are trained whole for these
            states alone.
    """

    name: str
    backend: str
    scenarios: tuple[str, ...]
    options: RunOptions
    data: str
    repository: str
    folders: tuple[str, ...] = ()
    speedup: tuple[str, ...] = ()
    out: str = ""
    resume: bool = False
    arithmetic: Arithmetic = PINNED
    reading: str = "tensorflow"
    mutant: str = ""
    stations: tuple[StationJob, ...] = ()
    tour: str = ""

    def dumps(self) -> str:
        """The job as one line of JSON."""
        return json.dumps(attrs.asdict(self))

    @classmethod
    def loads(cls, text: str) -> Job:
        """A job from its line."""
        fields = json.loads(text)
        fields["options"] = RunOptions(**fields["options"])
        fields["arithmetic"] = Arithmetic(**fields["arithmetic"])
        fields["stations"] = tuple(
            StationJob(each["scenario"], Station(**each["station"]), each["state"])
            for each in fields["stations"]
        )
        for name in ("scenarios", "folders", "speedup"):
            fields[name] = tuple(fields[name])
        return cls(**fields)

    @property
    def root(self) -> Path:
        """The repository's folder."""
        return Path(self.repository)
