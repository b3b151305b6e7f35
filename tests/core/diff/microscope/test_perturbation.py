"""Honest noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.diff.microscope.difference import EPSILON
from core.diff.microscope.perturbation import perturbed
from core.run.backends.protocol import Array

WEIGHT = np.linspace(-1.0, 1.0, 2001)
SINGLE = WEIGHT.astype(np.float32)
STATE: dict[str, Array] = {"weight": WEIGHT, "single": SINGLE, "steps": np.array(3)}


def _moved(name: str, size: float, draw: int) -> NDArray[np.float64]:
    return np.asarray(perturbed(STATE, size, draw)[name], dtype=np.float64)


def test_every_number_moves_by_the_size_and_zeros_and_counters_stay() -> None:
    moved = _moved("weight", 1e-3, draw=0)
    inside = WEIGHT != 0
    assert np.allclose(np.abs(moved[inside] / WEIGHT[inside] - 1.0), 1e-3, rtol=1e-9)
    assert 0.0 == moved[1000]
    assert 3 == _moved("steps", 1e-3, draw=0)


def test_one_unit_in_the_last_place_moves_single_precision_by_one_unit_at_most() -> None:
    assert np.float32 == perturbed(STATE, 1e-3, draw=0)["single"].dtype
    moved = _moved("single", EPSILON["float32"], draw=0)
    units = np.abs(moved - SINGLE) / np.spacing(np.abs(SINGLE))
    assert 1.0 <= units.max() <= 2.0


def test_draws_differ_and_repeat() -> None:
    first, again, other = (_moved("weight", 1e-3, draw) for draw in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert 0.4 < float(np.mean(first > WEIGHT)) < 0.6
