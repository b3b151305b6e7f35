"""A side without a framework: the classifier's taps by a small formula, with faults to order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from core.diff.microscope.difference import difference
from core.diff.microscope.perturbation import perturbed
from core.diff.microscope.side import STATE, ArrayFile, Opened, write_arrays

Numbers = NDArray[np.float64]
Fault = Callable[[int, Numbers], Numbers]
SIZE = 50
NAMES = ("0.0|layer 0", "0.0|value", "0.1|value", "1|gradient 0/kernel", "2|weight 0/kernel")


@define(eq=False)
class FakeSide:
    """Taps of `CLASSIFIER`: a chain from one weight to its update.

    Attributes:
        faults: what is done to a tap, by name, given the step and the right value.
        noise_by: how much a step multiplies what its weight was moved by.
        initial: the first weight.
        steps: how many steps it takes.
        names: the taps it writes.
    """

    faults: Mapping[str, Fault] = field(factory=dict)
    noise_by: float = 1.0
    initial: Numbers = field(factory=lambda: np.linspace(0.5, 1.5, SIZE))
    steps: int = 5
    names: tuple[str, ...] = NAMES
    trained: bool = field(init=False, default=False)
    asked: list[float] = field(init=False, factory=list)
    _weight: Numbers = field(init=False)
    _before: Numbers = field(init=False)
    _index: int = field(init=False, default=0)

    def open(self) -> Opened:
        """Ready at once."""
        self._weight = self.initial
        weight, losses = self._weight, []
        for index in range(self.steps):
            taps = self._taps(weight, index)
            losses.append(float(taps["0.1|value"]))
            weight = taps["2|weight 0/kernel"]
        return Opened("fake", self.steps, self.names, {"loss": losses})

    def start(self, out: Path) -> None:
        """The initial weight."""
        write_arrays(out, {f"{STATE}model/0/kernel": self.initial})

    def train(self) -> None:
        """Remembers that it was asked."""
        self.trained = True

    def step(self, index: int, out: Path, begin: Path | None = None) -> None:
        """One step of the chain."""
        if begin is not None:
            file = ArrayFile(begin)
            self._weight = file.state()["model/0/kernel"].astype(np.float64)
            file.close()
        self._before, self._index = self._weight, index
        taps = self._taps(self._before, index)
        self._weight = taps["2|weight 0/kernel"]
        kept = {name: taps[name] for name in self.names}
        write_arrays(out, {**kept, f"{STATE}model/0/kernel": self._before})

    def noise(self, size: float, draws: Sequence[int]) -> Mapping[str, float]:
        """How far the taps move."""
        self.asked.append(size)
        right = self._taps(self._before, self._index)
        moved = dict.fromkeys(self.names, 0.0)
        for draw in draws:
            weight = perturbed({"w": self._before}, size * self.noise_by, draw)["w"]
            for name, value in self._taps(weight.astype(np.float64), self._index).items():
                if name in moved:
                    moved[name] = max(moved[name], difference(right[name], value))
        return moved

    def close(self) -> None:
        """Nothing to close."""

    def _taps(self, weight: Numbers, index: int) -> dict[str, Numbers]:
        values: dict[str, Numbers] = {}

        def make(name: str, value: Numbers) -> Numbers:
            fault = self.faults.get(name)
            values[name] = np.asarray(value if fault is None else fault(index, value))
            return values[name]

        hidden = make("0.0|layer 0", np.maximum(weight - 1.0, 0.0) + weight)
        out = make("0.0|value", hidden * 3.0)
        make("0.1|value", np.asarray(np.mean(out**2)))
        gradient = make("1|gradient 0/kernel", np.where(hidden > 1.0, 2.0 * out, out))
        make("2|weight 0/kernel", weight - 1e-3 * gradient)
        return values
