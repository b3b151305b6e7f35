"""What rounding accounts for, measured: how far each result moves when its inputs do."""

from __future__ import annotations

import math

from attrs import define, field

from core.diff.microscope.side import Side

DRAWS = 2


@define(eq=False)
class Envelopes:
    """How far each tap of a side moves, by the relative size that its variables are moved by.

    Every envelope is a running maximum over the steps in which it was measured.

    Attributes:
        side: the side that is moved.
    """

    side: Side
    _known: dict[float, dict[str, float]] = field(factory=dict)
    _taken: set[tuple[float, int]] = field(factory=set)

    def begin_step(self) -> None:
        """From now on envelopes are measured in another step."""
        self._taken.clear()

    def at(self, size: float, tap: str) -> float:
        """The envelope of a tap as far as it is known."""
        return self._known.get(size, {}).get(tap, 0.0)

    def measure(self, size: float, draws: int = DRAWS) -> None:
        """Measures in the present step, once; each number of draws takes draws of its own."""
        if (size, draws) in self._taken:
            return
        self._taken.add((size, draws))
        running = self._known.setdefault(size, {})
        first = 100 * draws
        for name, moved in self.side.noise(size, range(first, first + draws)).items():
            running[name] = max(running.get(name, 0.0), moved)


def rounded_up(size: float) -> float:
    """The next power of four, so that few sizes are measured."""
    return 4.0 ** math.ceil(math.log(size, 4.0))
