"""A program that looks for planted differences on one backend and prints where it finds them.

Run as `python -m tests.core.diff.microscope.planted BACKEND`: Keras fixes its backend at import.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import define, field

from core.diff.microscope.ledger import Ledger
from core.diff.microscope.local import LocalSide
from core.diff.microscope.locate import locate
from core.diff.microscope.look import Compared
from core.diff.microscope.result import Located
from core.diff.microscope.side import Opened, Side
from core.run.backends.protocol import Backend
from core.run.backends.registry import open_backend
from core.run.runner import RunOptions
from core.spec import Scenario
from tests.core.diff.microscope.every_op import EVERY, images
from tests.core.diff.microscope.mutations import MUTATIONS


@define(eq=False)
class Remembered:
    """A side that is asked the same things again and again, and answers from memory.

    Attributes:
        side: an opened side; only its first step is asked for.
    """

    side: LocalSide
    folder: Path
    opened: Opened = field(init=False)
    _noise: dict[tuple[float, tuple[int, ...]], Mapping[str, float]] = field(factory=dict)

    def open(self) -> Opened:
        """Opens the side, and takes its first step, once."""
        if not (self.folder / "step.npz").exists():
            self.opened = self.side.open()
            self.side.start(self.folder / "start.npz")
            self.side.step(0, self.folder / "step.npz")
        return self.opened

    def start(self, out: Path) -> None:
        """The initial variables."""
        shutil.copy(self.folder / "start.npz", out)

    def train(self) -> None:
        """Nothing comes before the scenario."""

    def step(self, index: int, out: Path, begin: Path | None = None) -> None:
        """The first step."""
        assert (index, begin) == (0, None)
        shutil.copy(self.folder / "step.npz", out)

    def noise(self, size: float, draws: Sequence[int]) -> Mapping[str, float]:
        """Measured once for each size and draws."""
        key = (size, tuple(draws))
        if key not in self._noise:
            self._noise[key] = self.side.noise(size, draws)
        return self._noise[key]

    def close(self) -> None:
        """Nothing to close."""


def side(backend: Backend, scenario: Scenario, execution: str, steps: int) -> LocalSide:
    """A side in this process, without a free run."""
    options = RunOptions(seed=4, randomness="controlled", execution=execution, steps=steps)
    return LocalSide(scenario, backend, images(), options, free=False)


def look(backend: Backend, a: Side, b: LocalSide) -> Located:
    """The scenario with every op, compared with another."""
    names = (backend.name, backend.name)
    compared = Compared(EVERY, b.scenario, names, ("float32", "float32"), Ledger())
    with tempfile.TemporaryDirectory() as folder:
        return locate(a, b, compared, (a.open(), b.open()), Path(folder))


def main() -> None:
    """Looks and prints: one line of JSON."""
    backend = open_backend(sys.argv[1], "float32")
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        right = Remembered(side(backend, EVERY, "eager", 1), Path(folder))
        for planted in MUTATIONS:
            located = look(backend, right, side(backend, planted.scenario, "eager", 1))
            place = located.unexplained
            found[f"{planted.kind} {planted.what}"] = place and [place.op, place.tensor, place.step]
    for name, a, b in (
        ("same", "eager", "eager"),
        ("graph against fused", "graph", "fused"),
        ("eager against graph", "eager", "graph"),
    ):
        sides = (side(backend, EVERY, a, 3), side(backend, EVERY, b, 3))
        located = look(backend, *sides)
        found[name] = [located.verdict, located.steps, located.share]
    print(json.dumps(found))  # noqa: T201 - the program's answer


if __name__ == "__main__":
    main()
