"""A job whose every condition is unchanged is known; any other is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.errors import ParityError
from core.run.backends.arithmetic import Arithmetic
from core.run.runner import RunOptions
from core.run.runner.station import Station
from core.run.worker import Failure, Job, Outcome, StationJob
from core.run.worker.kept import KeptOutcomes
from tests.conftest import REPOSITORY
from tests.example_stations import station_trace
from tests.example_traces import TRACE

NATIVE = Job(
    name="toy@jax (native)",
    backend="jax",
    scenarios=("toy/first",),
    options=RunOptions(seed=1),
    data="digits",
    repository=str(REPOSITORY),
    speedup=("toy/first",),
)


@pytest.fixture
def kept(tmp_path: Path) -> KeptOutcomes:
    """An empty cache."""
    return KeptOutcomes("d1", tmp_path / "cache")


@pytest.fixture
def stations(tmp_path: Path) -> Job:
    """A job of stations, one of which starts from a file."""
    state = tmp_path / "late.npz"
    state.write_bytes(b"a state")
    starts = (
        StationJob("toy/first", Station("start", 0, 0, 64)),
        StationJob("toy/first", Station("late", 0, 93, 64), str(state)),
    )
    return evolve(NATIVE, name="toy@jax (stations)", stations=starts, speedup=())


def _ran(job: Job) -> Outcome:
    if job.stations:
        names = [start.station.name for start in job.stations]
        return Outcome(job, stations=[station_trace("toy/first", name, "jax") for name in names])
    return Outcome(job, {"toy/first": TRACE}, {"toy/first": 40.8})


def test_what_a_job_did_is_known_afterwards(kept: KeptOutcomes, stations: Job) -> None:
    for job in (NATIVE, stations):
        ran = _ran(job)
        assert kept.read(job) is None
        kept.write(ran)
        known = kept.read(job)
        assert known is not None
        assert (ran.traces, ran.stations, ran.speedups) == (
            known.traces, known.stations, known.speedups,
        )  # fmt: skip
        assert (job, None, True, False) == (known.job, known.failure, known.kept, ran.kept)


def test_a_name_and_a_place_change_nothing(
    kept: KeptOutcomes, stations: Job, tmp_path: Path
) -> None:
    kept.write(_ran(stations))
    moved = tmp_path / "elsewhere.npz"
    moved.write_bytes(b"a state")
    start, late = stations.stations
    again = evolve(
        stations,
        name="another",
        data="a/copy.npz",
        stations=(start, evolve(late, state=str(moved))),
    )
    known = kept.read(again)
    assert known is not None
    assert again == known.job


@pytest.mark.parametrize(
    "other",
    [
        evolve(NATIVE, backend="torch"),
        evolve(NATIVE, options=RunOptions(seed=2)),
        evolve(NATIVE, options=RunOptions(seed=1, randomness="controlled")),
        evolve(NATIVE, arithmetic=Arithmetic(threads=1)),
        evolve(NATIVE, arithmetic=Arithmetic(processor="EPYC")),
        evolve(NATIVE, scenarios=("toy/second",)),
        evolve(NATIVE, speedup=()),
        evolve(NATIVE, mutant="learning-rate-x0.5@optimizer"),
        evolve(NATIVE, reading="jax"),
        evolve(NATIVE, folders=(str(REPOSITORY / "tests" / "guides"),)),
    ],
)
def test_another_job_is_not_known(kept: KeptOutcomes, other: Job) -> None:
    kept.write(_ran(NATIVE))
    assert kept.read(other) is None


def test_other_stations_or_another_state_are_another_job(kept: KeptOutcomes, stations: Job) -> None:
    kept.write(_ran(stations))
    start, late = stations.stations
    shorter = evolve(late, station=evolve(late.station, steps=63))
    assert kept.read(evolve(stations, stations=(start, shorter))) is None
    assert kept.read(evolve(stations, stations=(late, start))) is None
    Path(late.state).write_bytes(b"another state")
    assert kept.read(stations) is None


def test_other_data_variables_versions_or_code_are_another_run(
    kept: KeptOutcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.write(_ran(NATIVE))
    assert kept.read(NATIVE) is not None
    assert KeptOutcomes("d2", kept.folder).read(NATIVE) is None
    for name, value in (
        ("core.run.worker.kept._installed", lambda: "others"),
        ("core.run.worker.kept._code", lambda _: "another"),
        ("core.run.worker.kept.machine", lambda: {"cpu": "another"}),
        ("core.run.worker.kept.vectors", lambda: "SSE4.2"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(name, value)
            assert kept.read(NATIVE) is None
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "another")
    assert kept.read(NATIVE) is None


def test_a_failure_or_a_part_of_a_job_is_never_kept(kept: KeptOutcomes, stations: Job) -> None:
    error = ParityError("odd", where="step 3", expected="even", remedy="add one")
    failed = _ran(NATIVE)
    failed.failure = Failure("toy/first", "ParityError", error)
    part = _ran(stations)
    part.stations = part.stations[:1]
    for outcome in (failed, part, Outcome(NATIVE), Outcome(stations)):
        kept.write(outcome)
        assert kept.read(outcome.job) is None


def test_a_tour_is_never_known_for_it_leaves_files(kept: KeptOutcomes) -> None:
    kept.write(_ran(NATIVE))
    tour = evolve(NATIVE, tour="states")
    assert kept.read(tour) is None
    kept.write(Outcome(tour, toured={"toy/first": [Station("start", 0, 0, 64)]}))
    assert kept.read(tour) is None


def test_a_damaged_file_is_not_known(kept: KeptOutcomes) -> None:
    kept.write(_ran(NATIVE))
    (path,) = kept.folder.rglob("*.json")
    path.write_text(path.read_text()[:-9])
    assert kept.read(NATIVE) is None
