"""The worker program: reads jobs from stdin, one JSON line each, and answers with events.

Run as `python -m core.run.worker.program`. Events are JSON lines on stdout; whatever else prints
goes to stderr. The process ends when stdin does.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from pathlib import Path
from typing import TextIO

from core.errors import ParityError
from core.processes import answers
from core.run.backends.lean import leave
from core.run.backends.registry import open_backend
from core.run.data import load_data
from core.run.runner import Runner, Session
from core.run.runner.states import read_state, write_state
from core.run.runner.timing import measure_speedup
from core.run.runner.tour import tour
from core.run.worker.job import Job
from core.spec.catalog import Catalog
from core.spec.mutation import mutant
from core.trace.encoding import Json, plain


def problem(error: Exception) -> dict[str, Json]:
    """An error as plain values: kind, what, where, expected, remedy."""
    if isinstance(error, ParityError):
        return {
            "kind": type(error).__name__,
            "what": error.what,
            "where": error.where,
            "expected": error.expected,
            "remedy": error.remedy,
        }
    return {
        "kind": type(error).__name__,
        "what": f"{type(error).__name__}: {error}",
        "where": "".join(traceback.format_tb(error.__traceback__)[-1:]).strip(),
        "expected": "a run without an exception",
        "remedy": "report it with the traceback on stderr",
    }


class Answers:
    """Writes events."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, event: str, **fields: Json) -> None:
        """One event as one line."""
        self._stream.write(json.dumps({"event": event, **fields}) + "\n")
        self._stream.flush()


def run_job(job: Job, told: Answers) -> None:
    """Runs a job's scenarios in order over one session; stops at the first that fails."""
    current = job.scenarios[0]
    try:
        catalog = Catalog.load(job.root, [Path(folder) for folder in job.folders])
        scenarios = catalog.select(job.scenarios)
        if job.mutant:
            scenarios = tuple(mutant(scenario, job.mutant).scenario for scenario in scenarios)
        backend = open_backend(job.backend, job.options.precision, job.reading)
        session = Session(backend, load_data(job.data), job.options)
        runner = Runner(
            session,
            lambda name, done, total: told.send("progress", scenario=name, done=done, total=total),
            out=Path(job.out) if job.out else None,
            resume=job.resume,
        )
        by_id = {scenario.id: scenario for scenario in scenarios}
        for asked in job.stations:
            current = asked.scenario
            scenario = by_id[current]
            state = read_state(Path(asked.state)) if asked.state else runner.nothing_yet(scenario)
            ran = runner.run_station(scenario, asked.station, state)
            told.send("station", scenario=current, trace=plain(ran))
        for scenario in scenarios if job.tour else ():
            current = scenario.id
            for station, reached in tour(runner, scenario):
                write_state(Path(job.tour) / current / f"{station.name}.npz", reached)
                told.send("toured", scenario=current, station=plain(station))
        for scenario in () if job.stations or job.tour else scenarios:
            current = scenario.id
            told.send("trace", scenario=current, trace=plain(runner.run(scenario)))
            if scenario.id in job.speedup:
                told.send("speedup", scenario=current, ratio=measure_speedup(session, scenario))
    except Exception as error:  # noqa: BLE001 - whatever a run raises is reported, not hidden
        traceback.print_exc(file=sys.stderr)
        told.send("failed", scenario=current, problem=problem(error))
    told.send("done", job=job.name)


def main() -> int:
    """Answers jobs until stdin ends."""
    told = Answers(answers())
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        for line in sys.stdin:
            run_job(Job.loads(line), told)
    except (KeyboardInterrupt, BrokenPipeError):
        return 130
    return 0


if __name__ == "__main__":
    leave(main())  # everything is answered
