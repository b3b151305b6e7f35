"""A run from a station goes on to the bit as the whole run does, across an epoch's end too."""

from __future__ import annotations

import numpy as np
import pytest

from core.run.backends.protocol import Array
from core.run.backends.reference.backend import ReferenceBackend
from core.run.data import ImageData, load_data
from core.run.runner import Runner, RunOptions, Session
from core.run.runner.station import Station
from core.spec.catalog import Catalog
from core.spec.reading import READINGS
from core.trace.station import StationTrace
from tests.conftest import REPOSITORY

(SCENARIO,) = Catalog.load(REPOSITORY, []).select(["keras_io_tf/metrics"])
TRAIN, VALIDATION, BATCH = 170, 10_000, 32
STEPS = 6  # the last of ten images


@pytest.fixture(scope="module")
def few() -> ImageData:
    whole = load_data("digits")
    kept = slice(TRAIN + VALIDATION)
    arrays = (whole.x_train[kept], whole.y_train[kept], whole.x_test[:8], whole.y_test[:8])
    return ImageData.from_arrays("few", *arrays)


def _run(
    few: ImageData, station: Station, state: dict[str, Array]
) -> tuple[StationTrace, dict[str, Array]]:
    options = RunOptions(seed=3, randomness="controlled", precision="float64")
    session = Session(ReferenceBackend(READINGS["tensorflow"]), few, options)
    trace = Runner(session).run_station(SCENARIO, station, state)
    return trace, session.variables(SCENARIO)


@pytest.mark.parametrize("before", [1, STEPS - 1, STEPS, STEPS + 3])
def test_a_run_in_two_parts_is_the_whole_run(few: ImageData, before: int) -> None:
    whole, after = _run(few, Station("whole", 0, 0, 2 * STEPS), {})
    first, state = _run(few, Station("first", 0, 0, before), {})
    rest = Station("rest", *divmod(before, STEPS), 2 * STEPS - before)
    second, end = _run(few, rest, state)
    assert 2 * STEPS == len(whole.losses["loss"])
    assert whole.losses["loss"] == first.losses["loss"] + second.losses["loss"]
    assert whole.variables == second.variables
    assert after.keys() == end.keys()


def test_counters_are_whole_numbers_of_what_was_counted(few: ImageData) -> None:
    trace, _ = _run(few, Station("start", 0, 0, STEPS), {})
    assert (TRAIN,) == trace.counters["train_acc samples"]
    assert (VALIDATION,) == trace.counters["val_acc samples"]
    assert ((STEPS,), (STEPS,)) == (trace.counters["steps"], trace.counters["optimizer/iteration"])
    (hits,) = trace.counters["train_acc hits"]
    assert trace.metrics["train_acc"] == (hits / TRAIN,)


def test_each_count_of_hits_comes_with_the_margins_of_its_closest_samples(few: ImageData) -> None:
    trace, _ = _run(few, Station("start", 0, 0, STEPS + 1), {})
    for name in ("train_acc hits", "val_acc hits"):
        (closest,) = trace.margins[name]
        assert 64 == len(closest)
        assert list(closest) == sorted(closest)
        assert 0 <= closest[0] < closest[-1] < 1
    # Of the metric that trains on after its reset, the 32 samples of the one step since.
    left = {n: m for n, m in trace.margins.items() if n.endswith("/total") and m != ((),)}
    assert [32] == [len(closest) for (closest,) in left.values()]


def test_a_station_ends_where_the_loop_ends(few: ImageData) -> None:
    trace, _ = _run(few, Station("late", 1, STEPS - 2, 64), {})
    assert 2 == len(trace.losses["loss"])


def test_a_projection_sees_what_a_norm_does_not(few: ImageData) -> None:
    _, state = _run(few, Station("start", 0, 0, 1), {})
    # No step is left at the loop's end, so that what is set is what is seen.
    turned = {name: np.negative(value) if value.ndim else value for name, value in state.items()}
    (one, _), (other, _) = (_run(few, Station("end", 1, STEPS, 1), s) for s in (state, turned))
    name = "model/1/kernel" if "model/1/kernel" in one.variables else next(iter(one.variables))
    assert one.variables[name].norm == other.variables[name].norm
    assert one.variables[name].projection == -other.variables[name].projection
