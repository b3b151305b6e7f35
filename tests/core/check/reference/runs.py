"""A runner of jobs that computes nothing: it answers with the example's runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import define, evolve, field

from core.errors import ParityError
from core.run.backends.registry import REFERENCE
from core.run.worker import Failure, Job, Outcome
from tests.example_stations import REFERENCE_TRACE, STATIONS, station_trace


@define
class Runs:
    """Takes jobs; those whose name begins with `fails` fail, none is answered once `stopped`.

    Attributes:
        fails: how the name of a job begins that fails; empty for none.
        stopped: whether the runs are interrupted.
        states: what the states that a tour leaves hold, where its folder is there.
        jobs: what was asked for.
    """

    fails: str = ""
    stopped: bool = False
    states: str = "a state of"
    jobs: list[Job] = field(factory=list)

    def __call__(self, jobs: Sequence[Job]) -> Sequence[Outcome]:
        """What the jobs left."""
        self.jobs += jobs
        return () if self.stopped else [self._one(job) for job in jobs]

    def _one(self, job: Job) -> Outcome:
        if self.fails and job.name.startswith(self.fails):
            error = ParityError("out of memory", where="step 3", expected="more", remedy="buy some")
            return Outcome(job, failure=Failure(job.scenarios[0], "ParityError", error))
        if job.tour:
            for name in job.scenarios if Path(job.tour).is_dir() else ():
                for station in STATIONS:
                    path = Path(job.tour) / name / f"{station.name}.npz"
                    path.parent.mkdir(exist_ok=True, parents=True)
                    path.write_bytes(f"{self.states} {name} {station.name}".encode())
            return Outcome(job, toured={name: list(STATIONS) for name in job.scenarios})
        if job.backend != REFERENCE:
            starts = [(start.scenario, start.station.name) for start in job.stations]
            return Outcome(job, stations=[station_trace(*each, job.backend) for each in starts])
        ran = [
            evolve(
                REFERENCE_TRACE,
                scenario=start.scenario,
                station=start.station.name,
                seed=job.options.seed,
                warnings=(f"as {job.reading}",),
            )
            for start in job.stations
        ]
        return Outcome(job, stations=ran)
