"""Honest noise: the variables that a step starts from, moved by a relative size."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.run.backends.protocol import Array
from core.run.randomness.addressed import Addressed


def perturbed(state: Mapping[str, Array], size: float, draw: int) -> dict[str, Array]:
    """Every float variable times `1 ± size`, each sign as likely.

    Zeros stay zero, as a bias that starts at exactly 0 does on every machine: what happens at
    exactly 0 is meaning, not rounding.

    Args:
        state: arrays by name.
        size: relative; one unit in the last place of 1.0 moves a number by one unit or a half.
        draw: which of many draws.
    """
    draws = Addressed(draw, "microscope")
    moved: dict[str, Array] = {}
    for name, value in state.items():
        if value.dtype.kind != "f":
            moved[name] = value
            continue
        signs = np.where(draws.generator(name).random(value.shape) < 0.5, -1.0, 1.0)
        # In double, and rounded once to the variable's own precision.
        factors = 1.0 + size * signs
        moved[name] = np.asarray(value.astype(np.float64) * factors, dtype=value.dtype)
    return moved
