"""One side of a comparison: a run that can be stepped, watched and started from any state.

Sides run in one process or in two, on two backends or, later, in two environments. So what passes
between them is plain: JSON for words and numbers, npz files for arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from attrs import field, frozen

from core.run.backends.protocol import Array

STATE = "state|"  # what the names of variables begin with in a file; taps begin with a position


@frozen
class Opened:
    """What a side says of itself when it is ready.

    Attributes:
        execution: the mode that its step runs in.
        steps: how many steps it can take, at most as many as asked.
        taps: the names of everything that its step makes, in execution order.
        losses: by name, those of a free run without taps, which started from its own weights and
            was given nothing.
    """

    execution: str
    steps: int
    taps: tuple[str, ...]
    losses: Mapping[str, Sequence[float]] = field(factory=dict)


class Side(Protocol):
    """A run under the microscope."""

    def open(self) -> Opened:
        """Sets everything up, and takes the free run."""
        ...

    def start(self, out: Path) -> None:
        """Writes the initial variables, before anything is trained."""
        ...

    def train(self) -> None:
        """Trains the sections that this one continues."""
        ...

    def step(self, index: int, out: Path, begin: Path | None = None) -> None:
        """Takes a step and writes its taps, and the variables it began with.

        Args:
            index: the step, counted over epochs.
            out: the file to write.
            begin: a file whose variables to begin with; None continues from the step before.
        """
        ...

    def noise(self, size: float, draws: Sequence[int]) -> Mapping[str, float]:
        """The step once more for each draw, from variables moved by a relative size.

        Returns:
            How far each tap moved at most, by name.
        """
        ...

    def close(self) -> None:
        """Ends the side."""
        ...


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Writes arrays by name into a file."""
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **{_escaped(n): a for n, a in arrays.items()})


class ArrayFile(Mapping[str, Array]):
    """Arrays of a file, each read when it is asked for, so that one at a time is in memory."""

    def __init__(self, path: Path) -> None:
        self._file = np.load(path, allow_pickle=False)
        self.names = tuple(_unescaped(name) for name in self._file.files)

    def __getitem__(self, name: str) -> Array:
        array: Array = self._file[_escaped(name)]
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def state(self) -> dict[str, Array]:
        """The variables in the file."""
        return {n.removeprefix(STATE): self[n] for n in self.names if n.startswith(STATE)}

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def _escaped(name: str) -> str:
    return name.replace("/", "\\")  # a slash would make a folder in the archive


def _unescaped(name: str) -> str:
    return name.replace("\\", "/")
