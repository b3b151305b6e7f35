"""Laws of differences: of two numbers, of two series, of two runs."""

from __future__ import annotations

import math

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trace import Trace
from core.trace.difference import (
    differences,
    first_difference,
    first_of_all,
    identical,
    relative_difference,
)
from tests.example_traces import TRACE, traces

numbers = st.floats()
finite = st.floats(allow_nan=False, allow_infinity=False)
series = st.lists(numbers, max_size=20)
runs = st.dictionaries(st.sampled_from("abc"), series)


@pytest.mark.parametrize(
    ("a", "b", "relative"),
    [
        (2.0, 2.0, 0.0),
        (3.0, 2.0, 1 / 3),
        (1.0, -1.0, 2.0),
        (0.0, -0.0, 0.0),
        (1.0, 0.0, 1.0),
        (1e308, -1e308, 2.0),
        (5e-324, 0.0, 1.0),
        (math.nan, math.nan, 0.0),
        (math.nan, 1.0, math.inf),
        (math.nan, math.inf, math.inf),
        (math.inf, 1.0, math.inf),
        (math.inf, math.inf, 0.0),
        (math.inf, -math.inf, math.inf),
        (None, 1.0, math.inf),
        (math.nan, None, math.inf),
    ],
)
def test_the_relative_difference_of_two_numbers(
    a: float | None, b: float | None, relative: float
) -> None:
    assert relative == pytest.approx(relative_difference(a, b), rel=1e-15)


@given(numbers, numbers)
def test_it_does_not_matter_which_is_asked_first(a: float, b: float) -> None:
    assert relative_difference(a, b) == relative_difference(b, a)


@given(numbers, numbers)
def test_it_is_zero_exactly_for_the_same_number_and_for_nan_and_nan(a: float, b: float) -> None:
    same = a == b or (math.isnan(a) and math.isnan(b))
    assert same == (relative_difference(a, b) == 0.0)


@given(finite)
def test_neighbours_differ(value: float) -> None:
    for towards in (math.inf, -math.inf):
        other = math.nextafter(value, towards)
        if math.isfinite(other):
            assert relative_difference(value, other) > 0.0


@given(finite, finite)
def test_finite_numbers_lie_at_most_two_apart(a: float, b: float) -> None:
    assert relative_difference(a, b) <= 2.0
    assert relative_difference(a, -a) == (2.0 if a else 0.0)


@given(numbers, st.sampled_from([math.nan, math.inf, -math.inf]))
def test_it_is_infinite_where_only_one_is_such_a_number(a: float, b: float) -> None:
    same = a == b or (math.isnan(a) and math.isnan(b))
    assert relative_difference(a, b) == (0.0 if same else math.inf)


@given(st.floats(1e-300, 1e300), st.floats(1e-12, 0.5), st.floats(1e-6, 1e6))
def test_it_does_not_depend_on_the_unit(value: float, by: float, unit: float) -> None:
    there = relative_difference(value * unit, value * (1 + by) * unit)
    assert there == pytest.approx(by / (1 + by), rel=1e-3)


@given(series, series)
def test_a_series_has_a_difference_for_each_step_of_the_longer(
    a: list[float], b: list[float]
) -> None:
    apart = differences(a, b)
    shared = min(len(a), len(b))
    assert list(map(relative_difference, a, b)) == apart[:shared]
    assert [math.inf] * (max(len(a), len(b)) - shared) == apart[shared:]


@given(series)
def test_a_series_does_not_differ_from_itself_nan_or_not(values: list[float]) -> None:
    assert first_difference(values, list(values)) is None


@given(series, st.lists(numbers, min_size=1, max_size=5))
def test_a_prefix_differs_where_it_ends(values: list[float], more: list[float]) -> None:
    found = first_difference(values, [*values, *more])
    assert found is not None
    assert (len(values), None, math.inf) == (found.step, found.a, found.relative)


@given(series, series)
def test_the_first_difference_is_the_first(a: list[float], b: list[float]) -> None:
    found = first_difference(a, b, "cost")
    apart = differences(a, b)
    if found is None:
        assert not any(apart)
        return
    assert "cost" == found.loss
    assert not any(apart[: found.step])
    assert 0.0 < found.relative == apart[found.step] <= found.largest == max(apart)
    assert relative_difference(found.a, found.b) == found.relative


@given(runs, runs)
def test_of_runs_the_earliest_counts_whichever_is_asked_first(
    a: dict[str, list[float]], b: dict[str, list[float]]
) -> None:
    found, turned = first_of_all(a, b), first_of_all(b, a)
    steps = [
        one.step
        for name in a.keys() | b.keys()
        if (one := first_difference(a.get(name, ()), b.get(name, ()))) is not None
    ]
    assert min(steps, default=None) == (found and found.step) == (turned and turned.step)


def test_of_two_losses_that_differ_at_one_step_the_first_run_s_first_is_named() -> None:
    found = first_of_all({"d": (1.0, 2.0), "g": (1.0,)}, {"g": (2.0,), "d": (2.0, 2.0)})
    assert found is not None
    assert ("d", 0, 1.0, 2.0) == (found.loss, found.step, found.a, found.b)
    assert "at step 0 by 5.0e-01" == found.words


def test_a_loss_that_one_run_lacks_differs_from_the_start() -> None:
    found = first_of_all({"cost": (1.0,)}, {"loss": (1.0,)})
    assert found is not None
    assert (0, math.inf) == (found.step, found.relative)


def test_the_size_there_and_the_largest_are_known() -> None:
    base = tuple(2.0 for _ in range(40))
    mine = (*base[:7], base[7] * (1 + 1e-5), *base[8:20], base[20] * (1 + 1e-3), *base[21:])
    found = first_difference(mine, base)
    assert found is not None
    assert 7 == found.step
    assert math.isclose(1e-5, found.relative, rel_tol=1e-4)
    assert math.isclose(1e-3, found.largest, rel_tol=1e-2)


@given(traces())
def test_a_run_is_identical_to_itself(trace: Trace) -> None:
    assert identical(trace, trace)


def test_weights_metrics_and_pictures_count_names_and_times_do_not() -> None:
    base = TRACE
    assert not identical(attrs.evolve(base, losses={**base.losses, "more": ()}), base)
    assert not identical(attrs.evolve(base, final_digest="other"), base)
    assert not identical(attrs.evolve(base, initial_weights="other"), base)
    assert not identical(attrs.evolve(base, metrics={"val_acc": (0.91,)}), base)
    assert not identical(attrs.evolve(base, steps_per_epoch=3), base)
    assert not identical(attrs.evolve(base, images=base.images[1:]), base)
    assert identical(attrs.evolve(base, models=(), warnings=("w",), seconds=9.0), base)
    sick = attrs.evolve(base, losses={"loss": (1.0, math.nan, math.inf)})
    assert identical(sick, attrs.evolve(sick, losses={"loss": (1.0, float("nan"), math.inf)}))
