"""Weights moved by units in the last place."""

from __future__ import annotations

import numpy as np
import pytest

from core.run.randomness.addressed import Addressed
from core.run.randomness.nudge import nudged

DRAWS = Addressed(3, "toy")
KERNEL = DRAWS.normal("kernel", (50, 4), 0.0, 1.0, 0, 0)
WEIGHTS = {(0, "kernel"): KERNEL, (0, "bias"): np.zeros(4, dtype=np.float32)}


@pytest.mark.parametrize("units", [1, 3])
def test_every_number_but_zero_moves_by_so_many_units(units: int) -> None:
    moved = nudged(DRAWS, "model", WEIGHTS, units)
    steps = moved[0, "kernel"].view(np.int32) - KERNEL.view(np.int32)
    assert {-units, units} == set(steps.ravel().tolist())
    assert not moved[0, "bias"].any()
    assert {np.dtype(np.float32)} == {value.dtype for value in moved.values()}


def test_the_same_address_moves_the_same_way_and_another_one_otherwise() -> None:
    once, again = (nudged(DRAWS, "model", WEIGHTS, 1)[0, "kernel"] for _ in range(2))
    other = nudged(Addressed(4, "toy"), "model", WEIGHTS, 1)[0, "kernel"]
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_no_unit_changes_nothing() -> None:
    assert np.array_equal(KERNEL, nudged(DRAWS, "model", WEIGHTS, 0)[0, "kernel"])
