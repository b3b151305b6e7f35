"""Differences on the scale of a tensor."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diff.microscope.difference import EPSILON, coarser, difference
from core.trace.difference import relative_difference


def test_a_difference_is_relative_to_the_largest_magnitude() -> None:
    assert pytest.approx(0.1) == difference(np.array([10.0, 1.0]), np.array([10.0, 0.0]))
    assert pytest.approx(0.5) == difference(np.array([-4.0]), np.array([-2.0]))


def test_equal_tensors_do_not_differ() -> None:
    assert 0.0 == difference(np.zeros((2, 3)), np.zeros((2, 3)))
    assert 0.0 == difference(np.zeros((0, 3)), np.zeros((0, 3)))
    assert 0.0 == difference(np.array(0.0), np.array(-0.0))


def test_another_shape_differs_without_end() -> None:
    assert math.inf == difference(np.zeros((2, 3)), np.zeros((3, 2)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_only_what_is_not_finite_on_both_sides_counts_as_equal(bad: float) -> None:
    assert 0.0 == difference(np.array([1.0, bad]), np.array([1.0, bad]))
    assert math.inf == difference(np.array([1.0, bad]), np.array([1.0, 2.0]))
    assert pytest.approx(0.5) == difference(np.array([1.0, bad]), np.array([2.0, bad]))


@given(st.floats(), st.floats())
def test_tensors_of_one_number_lie_as_far_apart_as_the_numbers(a: float, b: float) -> None:
    if math.isfinite(a - b) or not (math.isfinite(a) and math.isfinite(b)):
        assert difference(np.array([a]), np.array([b])) == relative_difference(a, b)


def test_single_precision_is_compared_in_double() -> None:
    one = np.array([1.0], dtype=np.float32)
    other = np.nextafter(one, np.float32(2.0))
    assert pytest.approx(EPSILON["float32"], rel=1e-6) == difference(one, other)


def test_runs_compare_in_the_coarser_precision() -> None:
    assert "float32" == coarser("float64", "float32")
    assert "float64" == coarser("float64", "float64")
