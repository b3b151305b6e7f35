"""The functions that a document defines, whether they were called, and a call to try one."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from .. import events
from .failures import failure_of
from .recorder import Recorder
from .stops import Stop


@dataclass
class Definition:
    """A function of a cell.

    Attributes:
        cell: the cell that defines it.
        name: its name, with its class before a dot.
        rows: rows of its `def` and of its first decorator; either may be its code's first.
        end: last row.
        parameters: names of its parameters.
        top: defined at the top level of its cell.
    """

    cell: int
    name: str
    rows: tuple[int, int]
    end: int
    parameters: list[str]
    top: bool


class Functions:
    """Every function of the document."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._definitions: list[Definition] = []
        self._reads: dict[int, list[tuple[str, int]]] = {}

    def add_cell(self, cell: int, tree: ast.Module) -> None:
        """Learns the functions of a cell, and which names it reads where."""
        self._add(cell, tree.body, "", top=True)
        self._reads[cell] = [
            (node.id, node.lineno)
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        ] + [(node.attr, node.lineno) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]

    def _add(self, cell: int, body: list[ast.stmt], prefix: str, *, top: bool) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([d.lineno for d in node.decorator_list] + [node.lineno])
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                self._definitions.append(
                    Definition(
                        cell,
                        prefix + node.name,
                        (node.lineno, first),
                        node.end_lineno or node.lineno,
                        [argument.arg for argument in arguments],
                        top,
                    )
                )
            elif isinstance(node, ast.ClassDef):
                self._add(cell, node.body, f"{prefix}{node.name}.", top=False)

    def send(self) -> None:
        """Sends each function: called, never called, or unknown where not everything was seen."""
        recorder = self._recorder
        # AutoGraph's code says a name only: that of the function which is known to have run.
        explained = {one.name for one in self._definitions if one.top and self._ran(one)}
        for one in self._definitions:
            name = one.name.rsplit(".", 1)[-1]
            called: bool | None = self._ran(one)
            if name in recorder.coverage.generated and not (one.top and name in explained):
                called = True
            if not called and not recorder.coverage.exact and self._referenced(one, name):
                called = None
            recorder.channel.send(
                events.FunctionSeen(
                    cell=one.cell,
                    name=one.name,
                    line=recorder.places.line(one.cell, one.rows[0]),
                    end=recorder.places.line(one.cell, one.end),
                    parameters=tuple(one.parameters),
                    top=one.top,
                    called=called,
                    referenced=self._referenced(one, name),
                ),
            )

    def _ran(self, one: Definition) -> bool:
        """Whether a function's own code is known to have run."""
        places = self._recorder.places
        file, name = places.file(one.cell), one.name.rsplit(".", 1)[-1]
        return any((file, row, name) in places.called for row in one.rows)

    def _referenced(self, one: Definition, name: str) -> bool:
        """Whether the name is read where it can mean this function."""
        later = [d.cell for d in self._definitions if d.name == one.name and d.cell > one.cell]
        until = min(later, default=sys.maxsize)
        return any(
            read == name and not (cell == one.cell and one.rows[0] <= row <= one.end)
            for cell, reads in self._reads.items()
            if one.cell <= cell <= until
            for read, row in reads
        )

    def exercise(self, cell: int, name: str, space: Mapping[str, object]) -> None:
        """Calls a function once, on the last batch of a loop and on names of the document."""
        recorder = self._recorder
        function = space.get(name)
        if not callable(function):
            return
        error: events.CellError | None = None
        given: list[object] | None = _arguments(function, recorder.passes.last_batch, space)
        if given is not None:
            try:
                with recorder.inside():
                    function(*given)
            except Exception as raised:  # noqa: BLE001 - what it raises is what is asked for
                error = failure_of(raised, recorder.places, cell)
            except Stop:
                pass
        told = events.Exercised(cell, name, called=given is not None, error=error)
        recorder.channel.send(told, now=True)


def _arguments(function: object, batch: object, space: Mapping[str, object]) -> list[object] | None:
    """Arguments for a function: globals of the same name, else parts of a batch in order."""
    if not callable(function):
        return None
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    parts = list(batch) if isinstance(batch, list | tuple) else [batch]
    if batch is None:
        parts = []
    needed = [
        p
        for p in parameters
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    wanted = [p for p in needed if not _fits(p.name, space)]
    if len(wanted) not in (0, len(parts)):
        wanted = needed
    if len(wanted) > len(parts):
        return None
    rest = iter(parts)
    return [next(rest) if p in wanted else space[p.name] for p in needed]


def _fits(name: str, space: Mapping[str, object]) -> bool:
    """Whether a parameter is meant to be a model, an optimizer or the like of that name."""
    value = space.get(name)
    return value is not None and (callable(value) or hasattr(value, "apply_gradients"))
