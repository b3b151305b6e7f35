"""The program: reads a job, executes its cells, sends events.

Run as `python -m PACKAGE JOB.json DESCRIPTOR` with the folder that holds this package on the path.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import sys
import time
from pathlib import Path

from . import guards
from .cells import Cells
from .channel import Channel
from .job import Job
from .output import Output, mark_raw
from .recorder import Recorder
from .seeding import prepare


def main() -> None:
    """Executes one document; never returns, so that nothing the document left can hold it up."""
    started = time.perf_counter()
    job = Job.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    channel = Channel(int(sys.argv[2]))
    faulthandler.enable()
    os.chdir(job.folder)
    sys.argv = [job.name]
    sys.path.insert(0, job.folder if job.script else "")
    recorder = Recorder(job, channel)
    outputs = _outputs(recorder)
    prepare(recorder)
    recorder.messages.install()
    guards.install(network=job.guard_network, writable=job.guard_writes)
    sys.stdout, sys.stderr = outputs
    Cells(recorder, outputs).run()
    mark_raw(-1)
    channel.send(
        "end",
        now=True,
        seconds=time.perf_counter() - started,
        steps=recorder.ledger.steps,
        updates=recorder.ledger.updates,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )
    os._exit(0)


def _outputs(recorder: Recorder) -> tuple[Output, Output]:
    limit = recorder.job.output
    parts = (recorder.channel, recorder.places, recorder.ledger, limit)
    return Output("stdout", 1, *parts, recorder.printed), Output("stderr", 2, *parts)
