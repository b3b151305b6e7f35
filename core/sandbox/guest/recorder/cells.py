"""Executes the cells, one after another, in one namespace."""

from __future__ import annotations

import ast
import os
import signal
import sys
import time
from pathlib import Path
from types import CodeType, FrameType, ModuleType

from .cascade import Attempt, Cascade
from .channel import Json
from .failures import failure_of, follows_a_cut
from .functions import Functions
from .output import Output, mark_raw
from .recorder import Recorder
from .request import Cell, ExecutionRequest
from .stops import BudgetStop, OutputStop, Stop, TimeStop
from .values import describe

_FUTURE = 0x1FF0000  # flags of `from __future__ import …` in a code object
_NAMES = 400


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
                reason = cell.skip or f"language {cell.language}"
                self._recorder.channel.send(
                    "cell-end", cell=cell.index, status="skipped", seconds=0.0, note=reason
                )
                continue
            self._one(cell)
            if not self._recorder.channel.ours:
                os._exit(0)  # a child that the document forked has nothing more to do
        self._functions.send()

    def _one(self, cell: Cell) -> None:
        recorder = self._recorder
        recorder.channel.send("cell-start", cell=cell.index, now=True)
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
        self._send_names(cell)
        recorder.channel.send(
            "cell-end",
            now=True,
            cell=cell.index,
            seconds=seconds,
            cut=recorder.ledger.cut,
            steps=recorder.ledger.steps - steps,
            updates=recorder.ledger.updates - updates,
            dropped_lines=dropped,
            **outcome,
        )

    def _outcome(self, cell: Cell) -> dict[str, Json]:
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
        return {"status": "ok"}

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

    def _failed(self, cell: Cell, error: BaseException, attempt: Attempt | None) -> dict[str, Json]:
        """The outcome of a cell that raised."""
        recorder = self._recorder
        if isinstance(error, BudgetStop) or (recorder.ledger.cut and follows_a_cut(error)):
            note = "" if isinstance(error, Stop) else f"after the cut: {type(error).__name__}"
            if attempt:
                self._cascade.failed(attempt, cell.index, self._space)
            return {"status": "ok", "note": note}
        if isinstance(error, SystemExit) and error.code in (None, 0):
            return {"status": "ok", "note": "the cell ended with sys.exit()"}
        failure = failure_of(error, recorder.places, cell.index)
        cause = self._cascade.cause(attempt, error) if attempt else None
        if attempt:
            self._cascade.failed(attempt, cell.index, self._space)
        if isinstance(error, TimeStop):
            return {"status": "timeout", "error": failure}
        if isinstance(error, OutputStop):
            return {"status": "error", "error": failure}
        if cell.may_raise:
            return {"status": "ok", "error": failure, "note": "the document expects an error here"}
        status = "error" if cause is None else "cascade"
        return {"status": status, "error": failure, "cause": cause}

    def _send_names(self, cell: Cell) -> None:
        """Sends the namespace's values in a few words."""
        names: dict[str, Json] = {}
        for name, value in list(self._space.items())[:_NAMES]:
            if not (name.startswith("_") or callable(value) or isinstance(value, ModuleType)):
                text = describe(value)
                names[name] = {"kind": text["kind"], "text": text["text"]}
        self._recorder.channel.send("names", cell=cell.index, names=names)

    def _exercise(self, cell: Cell) -> None:
        for index, name in self._request.exercise:
            if index == cell.index:
                self._functions.exercise(cell.index, name, self._space)


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
