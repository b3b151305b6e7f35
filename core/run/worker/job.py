"""A job: what one worker process is to run. Plain values, so that it travels as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
from attrs import frozen

from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import PINNED
from core.run.runner.options import RunOptions


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
        speedup: also measure how much faster the compiled step is, for scenarios that claim it.
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

    def dumps(self) -> str:
        """The job as one line of JSON."""
        return json.dumps(attrs.asdict(self))

    @classmethod
    def loads(cls, text: str) -> Job:
        """A job from its line."""
        fields = json.loads(text)
        fields["options"] = RunOptions(**fields["options"])
        fields["arithmetic"] = Arithmetic(**fields["arithmetic"])
        for name in ("scenarios", "folders", "speedup"):
            fields[name] = tuple(fields[name])
        return cls(**fields)

    @property
    def root(self) -> Path:
        """The repository's folder."""
        return Path(self.repository)
