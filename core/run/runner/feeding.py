"""Controlled draws of a segment, as arrays with one row per step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from core.run.backends.protocol import Array
from core.run.randomness.addressed import Addressed
from core.run.runner.sizes import Masks, Needed, needed
from core.spec import ops
from core.spec.kinds import Op


@frozen
class Feeder:
    """Makes the controlled draws of a phase.

    Attributes:
        draws: the scenario's addressed draws.
        batch: the loop's constant batch size.
        masks: Dropout layers by model name.
        prefix: set apart a phase's names from another's.
    """

    draws: Addressed
    batch: int
    masks: Mapping[str, Masks]
    prefix: str = ""

    def one(
        self, sequence: Sequence[Op], sizes: Mapping[str, int], epoch: int, step: int
    ) -> dict[str, Array]:
        """The draws of one step."""
        wanted = needed(sequence, sizes, self.batch, self.masks)
        return {need.name: self._draw(need, epoch, step) for need in wanted}

    def rows(
        self, sequence: Sequence[Op], sizes: Mapping[str, int], epoch: int, steps: range
    ) -> dict[str, Array]:
        """The draws of consecutive steps, each array of shape (steps, …)."""
        each = [self.one(sequence, sizes, epoch, step) for step in steps]
        return {name: np.stack([row[name] for row in each]) for name in each[0]}

    def _draw(self, need: Needed, epoch: int, step: int) -> Array:
        address = f"{self.prefix}{need.name}"
        op = need.op
        if isinstance(op, ops.Call):
            rate = need.rate or 0.0
            return self.draws.keep_mask(address, need.shape, rate, epoch, step)
        kind = op.distribution
        if isinstance(kind, ops.Normal):
            return self.draws.normal(address, need.shape, kind.mean, kind.stddev, epoch, step)
        return self.draws.uniform(address, need.shape, kind.low, kind.high, epoch, step)
