"""The program: reads a request, executes its cells, sends events.

Run as `python -m PACKAGE JOB.json DESCRIPTOR` with the folder that holds this package on the path.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import sys
import time
from pathlib import Path

from .. import events
from . import guards
from .cells import Cells
from .channel import Channel
from .output import Output, mark_raw
from .recorder import Recorder
from .request import ExecutionRequest
from .seeding import prepare


def main() -> None:
    """Executes one document; never returns, so that nothing the document left can hold it up."""
    started = time.perf_counter()
    request = ExecutionRequest.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    channel = Channel(int(sys.argv[2]))
    faulthandler.enable()
    os.chdir(request.folder)
    sys.argv = [request.name]
    sys.path.insert(0, request.folder if request.script else "")
    recorder = Recorder(request, channel)
    outputs = _outputs(recorder)
    prepare(recorder)
    recorder.messages.install()
    guards.install(network=request.guard_network, writable=request.guard_writes)
    sys.stdout, sys.stderr = outputs
    Cells(recorder, outputs).run()
    mark_raw(-1)
    channel.send(
        events.Ended(
            seconds=time.perf_counter() - started,
            steps=recorder.ledger.steps,
            updates=recorder.ledger.updates,
            memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        ),
        now=True,
    )
    os._exit(0)


def _outputs(recorder: Recorder) -> tuple[Output, Output]:
    limit = recorder.request.output
    parts = (recorder.channel, recorder.places, recorder.ledger, limit)
    return Output("stdout", 1, *parts, recorder.printed), Output("stderr", 2, *parts)
