"""Honest noise: initial weights moved by one unit in the last place.

A run from nudged weights stands for the same run on another machine, whose sums round differently:
it shows how far rounding alone carries two runs apart (the rounding horizon).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.run.randomness.addressed import Addressed, Floats


def nudged(
    draws: Addressed, model: str, values: Mapping[tuple[int, str], Floats], units: int
) -> dict[tuple[int, str], Floats]:
    """Weights moved up or down by some units in the last place, each way as likely.

    Args:
        draws: the run's addressed draws; they choose the direction of every number.
        model: the model's name in the scenario.
        values: float32 arrays by (layer position, weight name).
        units: how many representable numbers to move by. Zeros stay zero: a bias that starts at
            exactly 0 does so on every machine.

    Returns:
        New float32 arrays of the same shapes.
    """
    moved: dict[tuple[int, str], Floats] = {}
    for (layer, weight), value in values.items():
        shape = value.shape
        up = draws.uniform(f"nudge/{model}/{layer}/{weight}", shape, -1.0, 1.0, 0, units) > 0
        toward = np.where(up, np.float32(np.inf), np.float32(-np.inf)).astype(np.float32)
        array = value
        for _ in range(units):
            array = np.where(array == 0, array, np.nextafter(array, toward)).astype(np.float32)
        moved[layer, weight] = array
    return moved
