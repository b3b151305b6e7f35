"""The recorder inside the Python of reticulate, where R runs the document."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from .. import guards
from ..channel import Channel
from ..job import Job
from .places import Ask
from .session import Session


class Embedded(Session):
    """A session whose Python the document itself uses."""

    def take(self, fields: Sequence[str], values: Sequence[object] = ()) -> None:
        """As any session does; Python's own streams and guards are in place once it begins."""
        super().take(fields, values)
        if fields[0] == "begin":
            self.recorder.messages.install()
            job = self.recorder.job
            guards.install(network=job.guard_network, writable=job.guard_writes)
            sys.stdout, sys.stderr = self.outputs["stdout"], self.outputs["stderr"]


def opened(job_file: str, events: int, ask: Ask) -> Embedded:
    """The session of this process.

    Args:
        job_file: the job.
        events: descriptor of the event channel.
        ask: an R function that gives cell and row of the line that is running.
    """
    job = Job.loads(Path(job_file).read_text(encoding="utf-8"))
    sys.argv = [job.name]
    sys.path.insert(0, "")
    return Embedded(job, Channel(events), ask)
