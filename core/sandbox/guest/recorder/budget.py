"""How many training steps each cell may take."""

from __future__ import annotations

import ast
import time
from collections.abc import Sequence

from .request import ExecutionRequest

_RESERVE = 100  # steps that each later cell that trains keeps, where the budget allows
_TRAINING = {
    "apply",
    "apply_gradients",
    "backward",
    "fit",
    "grad",
    "gradient",
    "minimize",
    "stateless_apply",
    "train_on_batch",
    "value_and_grad",
}


class Budget:
    """The steps and seconds of a document, and what is left of them for the running cell.

    A document that fits into the budget runs in full. One that does not gives its first loops what
    they ask for, except for a small reserve of each cell that trains later.

    Attributes:
        used: training steps begun so far.
    """

    def __init__(self, request: ExecutionRequest) -> None:
        self._total = request.max_steps
        self._deadline = None if request.seconds is None else time.monotonic() + request.seconds
        if request.training is None:
            self._training = training_cells([c.source if c.runs else "" for c in request.cells])
        else:
            self._training = [c.index in request.training for c in request.cells]
        self._positions = {cell.index: place for place, cell in enumerate(request.cells)}
        self._reserve = min(_RESERVE, request.max_steps // (2 * max(1, sum(self._training))))
        self._limit = request.max_steps
        self._cell_steps = dict(request.cell_steps)
        self.used = 0

    def begin_cell(self, cell: int) -> None:
        """Sets how far the cell may go; one step is always allowed."""
        later = sum(self._training[self._positions[cell] + 1 :])
        self._limit = max(self.used + 1, self._total - self._reserve * later)
        if cell in self._cell_steps:
            self._limit = min(self._limit, self.used + self._cell_steps[cell])

    @property
    def left(self) -> int:
        """Steps that the running cell may still take."""
        return 0 if self.late else max(0, self._limit - self.used)

    @property
    def late(self) -> bool:
        """Whether the seconds are used up."""
        return self._deadline is not None and time.monotonic() > self._deadline


def training_cells(sources: Sequence[str]) -> list[bool]:
    """Which cells train when they are executed, as far as their text tells."""
    trees = [_parsed(source) for source in sources]
    trains: set[str] = set(_TRAINING)
    functions = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    while found := {f.name for f in functions if _calls(f.body) & trains} - trains:
        trains |= found
    return [bool(_calls(_executed(tree.body)) & trains) for tree in trees]


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _executed(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [statement for statement in body if not isinstance(statement, definitions)]


def _calls(body: Sequence[ast.stmt]) -> set[str]:
    called = [n.func for s in body for n in ast.walk(s) if isinstance(n, ast.Call)]
    names = {f.attr for f in called if isinstance(f, ast.Attribute)}
    return names | {f.id for f in called if isinstance(f, ast.Name)}
