"""What the recorder is to run: plain values, sent as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Cell:
    """One piece of code.

    Attributes:
        index: the cell's number in the document.
        source: the code to execute.
        lines: line in the document of each row of the source.
        language: only `python` is executed.
        skip: why it is not to be executed; None where it is.
        may_raise: the document says that an error here is meant.
    """

    index: int
    source: str
    lines: tuple[int, ...]
    language: str = "python"
    skip: str | None = None
    may_raise: bool = False

    @property
    def runs(self) -> bool:
        """Whether the cell is executed."""
        return self.skip is None and self.language == "python"


@dataclass(frozen=True)
class ExecutionRequest:
    """A document to execute.

    Attributes:
        name: the document's file name, as messages show it.
        cells: the cells in order.
        folder: working directory, the throw-away copy of the document's folder.
        sources: folder in which cell `i` lies as `cell-i.py`.
        seed: seeds everything once, before the first cell.
        imports: modules to import before the first cell, so that they can be recorded and seeded.
        data: npz served in place of Keras's MNIST; None leaves Keras alone.
        precision: Keras's float type.
        max_steps: training steps in all; loops that go on are ended early.
        cell_steps: (cell, steps) pairs: training steps of single cells.
        seconds: after so many, loops are ended early; None for no such limit.
        cell_seconds: a cell that takes longer is interrupted; None for no such limit.
        output: characters kept of what one cell prints.
        display: show the value of a cell's last expression, as a notebook does.
        script: the document is a program: `__file__` is defined.
        coverage: `off`, `sampled` (free of cost, exact from Python 3.12 on) or `full`.
        exercise: (cell, function) pairs to call once on the last batch, at the end of the cell.
        training: cells that train, where that cannot be read from Python code; else None.
        guard_network: forbid sockets from within, where nothing outside does.
        guard_writes: forbid writing outside these folders from within; empty where not needed.
    """

    name: str
    cells: tuple[Cell, ...]
    folder: str = ""
    sources: str = ""
    seed: int = 0
    imports: tuple[str, ...] = ()
    data: str | None = None
    precision: str = "float32"
    max_steps: int = 20_000
    cell_steps: tuple[tuple[int, int], ...] = ()
    seconds: float | None = None
    cell_seconds: float | None = None
    output: int = 1_000_000
    display: bool = True
    script: bool = False
    coverage: str = "sampled"
    exercise: tuple[tuple[int, str], ...] = ()
    training: tuple[int, ...] | None = None
    guard_network: bool = False
    guard_writes: tuple[str, ...] = field(default=())

    def dumps(self) -> str:
        """The request as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> ExecutionRequest:
        """A request from its JSON."""
        fields = json.loads(text)
        fields["cells"] = tuple(
            Cell(**{**cell, "lines": tuple(cell["lines"])}) for cell in fields["cells"]
        )
        fields["exercise"] = tuple((cell, name) for cell, name in fields["exercise"])
        fields["cell_steps"] = tuple((cell, steps) for cell, steps in fields["cell_steps"])
        for name in ("imports", "guard_writes"):
            fields[name] = tuple(fields[name])
        if fields["training"] is not None:
            fields["training"] = tuple(fields["training"])
        return cls(**fields)


def cell_file(index: int) -> str:
    """The name of the file that holds a cell's source."""
    return f"cell-{index}.py"
