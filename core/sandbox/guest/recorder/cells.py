"""Executes the cells, one after another, in one namespace."""

from __future__ import annotations

import ast
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType, ModuleType

from .. import events
from .cascade import Attempt, Cascade
from .failures import failure_of, follows_a_cut
from .functions import Functions
from .output import Output, mark_raw
from .recorder import Recorder
from .request import Cell, ExecutionRequest
from .stops import BudgetStop, OutputStop, Stop, TimeStop

MEANT = "the document expects an error here"
_FUTURE = 0x1FF0000  # flags of `from __future__ import …` in a code object


class Cells:
    """Runs a document's cells and reports on each."""

    def __init__(self, recorder: Recorder, outputs: tuple[Output, ...]) -> None:
        self._recorder = recorder
        self._request: ExecutionRequest = recorder.request
        self._outputs = outputs
        self._cascade = Cascade()
        self._functions = Functions(recorder)
        self._flags = 0
        self._module = ModuleType("__main__")
        self._space = vars(self._module)
        self._space["__builtins__"] = __builtins__
        if self._request.display:
            self._space["display"] = _display
        if self._request.script:
            self._space["__file__"] = str(Path(self._request.folder, self._request.name))
        sys.modules["__main__"] = self._module

    def run(self) -> None:
        """Runs them all; a cell that fails stops none of the later ones."""
        for cell in self._request.cells:
            if not cell.runs:
                self._recorder.channel.send(skipped(cell))
                continue
            self._one(cell)
            if not self._recorder.channel.ours:
                os._exit(0)  # a child that the document forked has nothing more to do
        self._functions.send()

    def _one(self, cell: Cell) -> None:
        recorder = self._recorder
        recorder.channel.send(events.CellStarted(cell.index), now=True)
        mark_raw(cell.index)
        recorder.begin_cell(cell.index)
        started = time.perf_counter()
        steps, updates = recorder.ledger.steps, recorder.ledger.updates
        outcome = self._outcome(cell)
        seconds = time.perf_counter() - started
        if not recorder.channel.ours:
            return
        dropped = sum(output.end_cell() for output in self._outputs)
        recorder.end_cell(cell.index, list(self._space.values()))
        self._exercise(cell)
        told = replace(
            outcome,
            seconds=seconds,
            cut=recorder.ledger.cut,
            steps=recorder.ledger.steps - steps,
            updates=recorder.ledger.updates - updates,
            dropped_lines=dropped,
        )
        recorder.channel.send(told, now=True)

    def _outcome(self, cell: Cell) -> events.CellResult:
        """How a cell went; what the recorder counted is filled in afterwards."""
        try:
            tree, codes = self._compiled(cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return self._failed(cell, error, None)
        self._recorder.printed.add_cell(self._recorder.places.file(cell.index), tree)
        self._functions.add_cell(cell.index, tree)
        attempt = self._cascade.before(tree, self._space)
        try:
            with _Alarm(self._request.cell_seconds, self._recorder):
                for code in codes:
                    exec(code, self._space)  # noqa: S102 - executing the document is the purpose
        except BaseException as error:  # noqa: BLE001 - whatever a cell raises is its outcome
            return self._failed(cell, error, attempt)
        self._cascade.succeeded(attempt)
        return result(cell)

    def _compiled(self, cell: Cell) -> tuple[ast.Module, list[CodeType]]:
        """The cell's tree, and its code: the last expression apart where it is to be shown."""
        file = self._recorder.places.file(cell.index)
        tree = ast.parse(cell.source, file)
        if self._request.display and tree.body and isinstance(tree.body[-1], ast.Expr):
            body = ast.Module(tree.body[:-1], tree.type_ignores)
            last = ast.Interactive([tree.body[-1]])
            shown = compile(last, file, "single", self._flags, dont_inherit=True)
            codes = [compile(body, file, "exec", self._flags, dont_inherit=True), shown]
        else:
            codes = [compile(tree, file, "exec", self._flags, dont_inherit=True)]
        for code in codes:
            self._flags |= code.co_flags & _FUTURE
        return tree, codes

    def _failed(
        self, cell: Cell, error: BaseException, attempt: Attempt | None
    ) -> events.CellResult:
        """The outcome of a cell that raised."""
        recorder = self._recorder
        if isinstance(error, BudgetStop) or (recorder.ledger.cut and follows_a_cut(error)):
            note = "" if isinstance(error, Stop) else f"after the cut: {type(error).__name__}"
            if attempt:
                self._cascade.failed(attempt, cell.index, self._space)
            return result(cell, note=note)
        if isinstance(error, SystemExit) and error.code in (None, 0):
            return result(cell, note="the cell ended with sys.exit()")
        failure = failure_of(error, recorder.places, cell.index)
        cause = self._cascade.cause(attempt, error) if attempt else None
        if attempt:
            self._cascade.failed(attempt, cell.index, self._space)
        if isinstance(error, TimeStop):
            return result(cell, events.CellStatus.TIMEOUT, failure)
        if isinstance(error, OutputStop):
            return result(cell, events.CellStatus.ERROR, failure)
        if cell.may_raise:
            return result(cell, error=failure, note=MEANT)
        status = events.CellStatus.ERROR if cause is None else events.CellStatus.CASCADE
        return result(cell, status, failure, cause)

    def _exercise(self, cell: Cell) -> None:
        for index, name in self._request.exercise:
            if index == cell.index:
                self._functions.exercise(cell.index, name, self._space)


def result(
    cell: Cell,
    status: events.CellStatus = events.CellStatus.OK,
    error: events.CellError | None = None,
    cause: int | None = None,
    note: str = "",
) -> events.CellResult:
    """How a cell went, without what was counted in it."""
    line = cell.lines[0] if cell.lines else 0
    return events.CellResult(cell.index, line, status, error=error, cause=cause, note=note)


def skipped(cell: Cell) -> events.CellResult:
    """A cell that is not executed."""
    reason = cell.skip or f"language {cell.language}"
    return result(cell, events.CellStatus.SKIPPED, note=reason)


def _display(*things: object) -> None:
    """What a notebook offers to show values with."""
    for thing in things:
        print(repr(thing))  # noqa: T201 - shown where the document prints


class _Alarm:
    """Interrupts a cell after its time, and again each second where it goes on."""

    def __init__(self, seconds: float | None, recorder: Recorder) -> None:
        self._seconds = seconds
        self._recorder = recorder

    def __enter__(self) -> None:
        if self._seconds:
            signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self._seconds, 1.0)

    def __exit__(self, *_: object) -> None:
        if self._seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if not self._recorder.channel.busy and self._recorder.channel.ours:
            raise TimeStop(f"the cell took longer than {self._seconds:g} seconds")
