"""Computing references: which jobs that takes, and what their outcomes give."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from core.check.reference.computing import Wanted, compute, with_earlier
from core.run.runner.station import GAN_STEPS
from core.spec import Scenario
from scenarios.keras_io_tf import SCENARIOS as GUIDE
from tests.core.check.reference.runs import Runs
from tests.example_scenarios import CLASSIFIER, CONTINUED, DRAWING
from tests.example_stations import REFERENCE_TRACE, STATIONS

GAN = GUIDE[-1]


def _wanted(*scenarios: Scenario) -> Wanted:
    return Wanted(scenarios, 7, "digits", Path("repository"), (Path("mine"),), Path("states"))


def test_what_trains_first_is_toured_first_and_each_once() -> None:
    assert (CLASSIFIER, CONTINUED) == with_earlier([CONTINUED])
    assert (CLASSIFIER, CONTINUED) == with_earlier([CLASSIFIER, CONTINUED])


def test_a_tour_of_each_guide_leaves_the_states_and_runs_start_from_them() -> None:
    runs = Runs()
    compute(_wanted(CONTINUED), runs)
    tour, stations = runs.jobs
    assert ("states", (CLASSIFIER.id, CONTINUED.id), ()) == (
        tour.tour, tour.scenarios, tour.stations,
    )  # fmt: skip
    assert ("", (CONTINUED.id,), "tensorflow") == (
        stations.tour, stations.scenarios, stations.reading,
    )  # fmt: skip
    assert [(CONTINUED.id, s.name, f"states/{CONTINUED.id}/{s.name}.npz") for s in STATIONS] == [
        (start.scenario, start.station.name, start.state) for start in stations.stations
    ]
    for job in runs.jobs:
        assert ("reference", 7, "controlled", "float64") == (
            job.backend, job.options.seed, job.options.randomness, job.options.precision,
        )  # fmt: skip
        assert ("digits", "repository", ("mine",)) == (job.data, job.repository, job.folders)
    assert 2 == len({job.name for job in runs.jobs})


def test_each_meaning_is_computed_once() -> None:
    runs = Runs()
    found = compute(_wanted(GAN), runs).found
    assert ["tensorflow", "jax"] == [job.reading for job in runs.jobs]
    assert [""] * 2 == [job.tour for job in runs.jobs]  # what draws has a start alone
    (start,) = found[GAN.id].stations
    assert ("start", GAN_STEPS) == (start.station.name, start.station.steps)
    assert ["tensorflow", "jax"] == list(start.readings)


def test_what_only_a_framework_can_say_is_no_part_of_a_reference() -> None:
    found = compute(_wanted(CLASSIFIER), Runs()).found[CLASSIFIER.id]
    assert Path("states/toy/first") == found.folder
    assert STATIONS == tuple(at.station for at in found.stations)
    wanted = evolve(REFERENCE_TRACE, station="late", seed=7)
    assert wanted == found.numbers("late", "tensorflow")
    assert ((), ()) == (wanted.models, wanted.warnings)


@pytest.mark.parametrize("fails", ["toy, a tour", "toy as tensorflow"])
def test_what_failed_is_told_and_nothing_is_found(fails: str) -> None:
    runs = Runs(fails)
    computed = compute(_wanted(CLASSIFIER, DRAWING), runs)
    (outcome,) = computed.failed
    assert outcome.failure is not None
    assert ({}, True) == (computed.found, outcome.job.name.startswith(fails))
    assert fails.startswith("toy as") == any(job.stations for job in runs.jobs)


def test_interrupted_nothing_is_found() -> None:
    computed = compute(_wanted(CLASSIFIER, DRAWING), Runs(stopped=True))
    assert ({}, ()) == (computed.found, computed.failed)
