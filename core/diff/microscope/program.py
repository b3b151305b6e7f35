"""The side program: answers what a remote side asks, one JSON line each.

Run as `python -m core.diff.microscope.program`. The first line holds the job; arrays go through
files that the questions name. Whatever else prints goes to stderr. The process ends when stdin
does.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

from core.diff.microscope.local import LocalSide
from core.processes import answers
from core.run.backends.lean import leave
from core.run.backends.registry import open_backend
from core.run.data import load_data
from core.run.worker.job import Job
from core.run.worker.program import problem
from core.spec.catalog import Catalog
from core.trace.encoding import Json, plain


def opened(job: Job) -> LocalSide:
    """The side of a job, which names one scenario."""
    catalog = Catalog.load(job.root, [Path(folder) for folder in job.folders])
    (scenario,) = catalog.select(job.scenarios)
    backend = open_backend(job.backend, job.options.precision)
    return LocalSide(scenario, backend, load_data(job.data), job.options)


def answer(side: LocalSide, asked: Mapping[str, object]) -> Json:
    """What a side answers to one question."""
    match asked:
        case {"ask": "open"}:
            return plain(side.open())
        case {"ask": "start", "out": str(out)}:
            side.start(Path(out))
        case {"ask": "train"}:
            side.train()
        case {"ask": "step", "index": int(index), "out": str(out), "begin": begin}:
            side.step(index, Path(out), Path(str(begin)) if begin else None)
        case {"ask": "noise", "size": float(size), "draws": list(draws)}:
            return dict(side.noise(size, draws))
        case _:
            raise ValueError(f"unknown question {asked!r}")
    return None


def main() -> int:
    """Answers until stdin ends."""
    stream = answers()
    side: LocalSide | None = None
    try:
        for line in sys.stdin:
            try:
                if side is None:
                    side = opened(Job.loads(line))
                    made: Json = None
                else:
                    made = answer(side, json.loads(line))
                reply: Mapping[str, Json] = {"answer": made}
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is told, not hidden
                traceback.print_exc(file=sys.stderr)
                reply = {"problem": problem(error)}
            stream.write(json.dumps(reply) + "\n")
            stream.flush()
    except (KeyboardInterrupt, BrokenPipeError):
        return 130
    return 0


if __name__ == "__main__":
    leave(main())  # everything is answered
