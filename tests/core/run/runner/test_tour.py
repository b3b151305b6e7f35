"""A tour from station to station trains as a whole run does."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from core.run.backends.protocol import Array
from core.run.backends.reference.backend import ReferenceBackend
from core.run.data import ImageData, load_data
from core.run.runner import Runner, RunOptions, Session
from core.run.runner.station import BEFORE_END, EARLY, FIRST, STEPS, Station, stations_of
from core.run.runner.tour import tour
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.spec.reading import READINGS
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY, [])
BY_ID = {scenario.id: scenario for scenario in CATALOG.scenarios}
ADAM, CONTINUING = BY_ID["keras_io_tf/metrics"], BY_ID["keras_io_tf/compiled"]
DESCENDING, GAN = BY_ID["multi_backend/metrics"], BY_ID["keras_io_tf/gan"]
PER_EPOCH = EARLY + STEPS  # as short as an epoch may be that has stations besides its start
VALIDATION = 10_000


def _images(batch: int) -> ImageData:
    whole = load_data("digits")
    kept = slice(PER_EPOCH * batch + VALIDATION)
    arrays = (whole.x_train[kept], whole.y_train[kept], whole.x_test[:8], whole.y_test[:8])
    return ImageData.from_arrays("few", *arrays)


def _runner(images: ImageData) -> Runner:
    options = RunOptions(seed=3, randomness="controlled", precision="float64")
    return Runner(Session(ReferenceBackend(READINGS["tensorflow"]), images, options))


def _places(scenario: Scenario, steps_per_epoch: int) -> list[tuple[str, int, int, int]]:
    return [(s.name, s.epoch, s.step, s.steps) for s in stations_of(scenario, steps_per_epoch)]


def test_stations_lie_at_the_start_and_before_the_end_of_an_epoch() -> None:
    late = ("late", 0, 1563 - BEFORE_END, STEPS)
    assert [("start", 0, 0, STEPS), late] == _places(ADAM, 1563)


def test_where_gradient_descent_starts_afresh_a_station_lies_after_its_chaos() -> None:
    late = ("late", 0, 782 - BEFORE_END, STEPS)
    assert [("start", 0, 0, FIRST), ("early", 0, EARLY, STEPS), late] == _places(DESCENDING, 782)
    assert [("start", 0, 0, STEPS), late] == _places(BY_ID["multi_backend/compiled"], 782)


def test_in_the_last_epoch_all_steps_lie_before_its_end() -> None:
    once = evolve(ADAM, loop=evolve(ADAM.loop, epochs=1))
    assert ("late", 0, 1563 - STEPS, STEPS) == _places(once, 1563)[-1]
    thrice = evolve(ADAM, loop=evolve(ADAM.loop, epochs=3))
    assert ("late", 1, 1563 - BEFORE_END, STEPS) == _places(thrice, 1563)[-1]


def test_what_draws_or_is_short_has_a_start_alone() -> None:
    assert [("start", 0, 0, 3)] == _places(GAN, 1094)
    assert [("start", 0, 0, STEPS)] == _places(ADAM, PER_EPOCH - 1)
    assert 2 == len(_places(ADAM, PER_EPOCH))


@pytest.fixture(scope="module")
def adam() -> tuple[ImageData, Runner, list[tuple[Station, dict[str, Array]]]]:
    """A tour of a section of Adam."""
    images = _images(32)
    runner = _runner(images)
    return images, runner, list(tour(runner, ADAM))


def _after(images: ImageData, steps: int) -> dict[str, Array]:
    """The variables of a fresh run after its first steps."""
    runner = _runner(images)
    if steps:
        runner.run_station(ADAM, Station("whole", 0, 0, steps), {})
    else:
        runner.steps_per_epoch(ADAM)
    return runner.session.variables(ADAM)


def _equal(one: dict[str, Array], other: dict[str, Array]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[n], other[n]) for n in one)


def test_the_state_at_each_station_is_that_of_a_whole_run(
    adam: tuple[ImageData, Runner, list[tuple[Station, dict[str, Array]]]],
) -> None:
    images, runner, found = adam
    assert list(stations_of(ADAM, PER_EPOCH)) == [station for station, _ in found]
    for station, state in found:
        done = station.epoch * PER_EPOCH + station.step
        assert done == int(state["optimizer/iteration"])
        assert _equal(_after(images, done), state)
    assert _equal(_after(images, PER_EPOCH * ADAM.loop.epochs), runner.session.variables(ADAM))


def test_a_section_that_goes_on_starts_where_the_one_before_it_ended(
    adam: tuple[ImageData, Runner, list[tuple[Station, dict[str, Array]]]],
) -> None:
    _, runner, _ = adam
    (before,) = CONTINUING.trains_first
    assert ADAM == before
    ended = runner.session.variables(ADAM)
    station, state = next(tour(runner, CONTINUING))
    assert ("start", 0, 0) == (station.name, station.epoch, station.step)
    shared = {name for name in state if name.startswith(("model/", "optimizer/"))}
    assert PER_EPOCH * ADAM.loop.epochs == int(state["optimizer/iteration"])
    assert shared
    assert all(np.array_equal(state[name], ended[name]) for name in shared)
