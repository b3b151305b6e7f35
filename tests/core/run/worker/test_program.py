"""The worker program: what it answers to a job."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from core.run.backends.registry import open_backend
from core.run.data import load_data
from core.run.runner import Runner, RunOptions, Session
from core.run.runner.states import read_state, write_state
from core.run.runner.station import Station
from core.run.worker.job import Job, StationJob
from core.run.worker.program import Answers, run_job
from core.spec.catalog import Catalog
from core.trace import Trace
from core.trace.decoding import station_trace_from, trace_from
from tests.conftest import REPOSITORY

SCENARIO = "keras_io_tf/first_loop"


def _job(small: Path, mutant: str = "") -> Job:
    return Job(
        name="job",
        backend="reference",
        scenarios=(SCENARIO,),
        options=RunOptions(seed=1, randomness="controlled", precision="float64", steps=3),
        data=str(small),
        repository=str(REPOSITORY),
        mutant=mutant,
    )


def _run(job: Job) -> list[dict[str, object]]:
    stream = io.StringIO()
    run_job(Job.loads(job.dumps()), Answers(stream))
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _trace(events: list[dict[str, object]]) -> Trace:
    return next(trace_from(event["trace"]) for event in events if event["event"] == "trace")


def test_a_mutant_runs_under_the_name_of_the_sound_section(small_npz: Path) -> None:
    sound = _trace(_run(_job(small_npz)))
    events = _run(_job(small_npz, "learning-rate-x0.5@optimizer"))
    mutated = _trace(events)
    assert sound.scenario == mutated.scenario
    assert sound.losses["loss"][0] == mutated.losses["loss"][0]
    assert sound.losses["loss"][1] != mutated.losses["loss"][1]


def test_a_mutant_that_there_is_not_is_a_failure(small_npz: Path) -> None:
    failed = _run(_job(small_npz, "learning-rate-x3@optimizer"))[0]
    assert ("failed", SCENARIO) == (failed["event"], failed["scenario"])


@pytest.fixture(scope="module")
def short_npz(small_npz: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten images to train on, beside those to validate on: a step of ten."""
    path = tmp_path_factory.mktemp("short") / "short.npz"
    with np.load(small_npz) as held:
        arrays = {name: held[name][:10_010] for name in held.files}
    np.savez(path, **arrays)
    return path


def test_a_job_of_stations_answers_with_their_traces_and_runs_nothing_else(
    small_npz: Path, tmp_path: Path
) -> None:
    starts = (
        StationJob(SCENARIO, Station("start", 0, 0, 2)),
        StationJob(SCENARIO, Station("late", 0, 40, 3)),
    )
    events = _run(evolve(_job(small_npz), stations=starts))
    assert {"progress", "station", "done"} == {event["event"] for event in events}
    fresh, late = (
        station_trace_from(event["trace"]) for event in events if event["event"] == "station"
    )
    assert ("start", "late") == (fresh.station, late.station)
    assert (2, 3) == tuple(len(run.losses["loss"]) for run in (fresh, late))
    assert fresh.losses["loss"] == _trace(_run(_job(small_npz))).losses["loss"][:2]

    # From a state on disk: the weights of the first run's start, rounded, without its slots.
    backend = open_backend("reference", "float64", "tensorflow")
    session = Session(backend, load_data(str(small_npz)), _job(small_npz).options)
    (scenario,) = Catalog.load(REPOSITORY, []).select([SCENARIO])
    Runner(session).steps_per_epoch(scenario)
    state = tmp_path / "start.npz"
    write_state(state, session.variables(scenario))
    (again,) = (
        station_trace_from(event["trace"])
        for event in _run(evolve(_job(small_npz), stations=(evolve(starts[0], state=str(state)),)))
        if event["event"] == "station"
    )
    assert again.losses["loss"][0] == pytest.approx(fresh.losses["loss"][0], rel=0.1)
    assert again.losses["loss"][0] != fresh.losses["loss"][0]


def test_a_state_that_cannot_be_read_is_a_failure_of_its_section(small_npz: Path) -> None:
    start = StationJob(SCENARIO, Station("late", 0, 1, 1), "gone.npz")
    failed, done = _run(evolve(_job(small_npz), stations=(start,)))
    assert ("failed", SCENARIO, "done") == (failed["event"], failed["scenario"], done["event"])
    problem = failed["problem"]
    assert isinstance(problem, dict)
    assert ("GoldenError", "gone.npz") == (problem["kind"], problem["where"])


def test_a_tour_leaves_the_states_of_its_stations(short_npz: Path, tmp_path: Path) -> None:
    events = _run(evolve(_job(short_npz), tour=str(tmp_path)))
    assert {"progress", "toured", "done"} == {event["event"] for event in events}
    (toured,) = (event for event in events if event["event"] == "toured")
    assert (SCENARIO, {"name": "start", "epoch": 0, "step": 0, "steps": 64}) == (
        toured["scenario"], toured["station"],
    )  # fmt: skip
    state = read_state(tmp_path / SCENARIO / "start.npz")
    assert 0 == int(state["optimizer/iteration"])
    assert any(name.startswith("model/") and value.ndim for name, value in state.items())


def test_a_job_with_stations_travels_as_text(small_npz: Path) -> None:
    start = StationJob(SCENARIO, Station("late", 1, 2, 3), "late.npz")
    job = evolve(_job(small_npz), stations=(start,), tour="states", reading="jax")
    assert job == Job.loads(job.dumps())
