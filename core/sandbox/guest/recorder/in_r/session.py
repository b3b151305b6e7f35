"""One run of an R document, as R tells it, in the recorder's events."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from ... import events
from ..cascade import Attempt, Cascade, Names
from ..cells import MEANT, result, skipped
from ..channel import Channel
from ..output import Output
from ..places import Place
from ..recorder import Recorder
from ..request import Cell, ExecutionRequest
from ..seeding import prepare
from .failures import failure, follows_a_cut, kind_of, missing_in, refusal
from .output import ROutput
from .places import Ask, RPlaces

_JOINT = "\x1f"
_PACKAGE = "package:"
_BUDGET = ("BudgetStop", "StopIteration")


class Session:
    """Takes what R says, verb by verb: plain texts, the verb first.

    - `begin` versions in pairs: R is ready.
    - `cell` index: a cell begins.
    - `refused` index, message: its code is no R.
    - `names` bound, read, functions: what its code binds, reads, and what its functions read.
    - `text` stream, cell, row, text: something was printed.
    - `warning` cell, row, class, message.
    - `frame` cell, row, function: a call that led to an error, outermost first.
    - `end` index, outcome, classes, message, cell and row of the innermost and of the outermost
      call, names still bound to what they were: the cell is over.
    - `done`: every cell had its turn.
    """

    def __init__(self, request: ExecutionRequest, channel: Channel, ask: Ask | None = None) -> None:
        self._started = time.perf_counter()
        self._request = request
        self._channel = channel
        self._places = RPlaces(request, ask)
        self.recorder = Recorder(request, channel, self._places)
        parts = (channel, self._places, self.recorder.ledger, request.output)
        self.outputs: dict[str, Output] = {
            "stdout": ROutput("stdout", 1, *parts),
            "stderr": ROutput("stderr", 2, *parts),
        }
        self._cells = {cell.index: cell for cell in request.cells}
        self._unsaid = list(request.cells)
        self._cascade = Cascade()
        self._attempt: Attempt | None = None
        self._bound: set[str] = set()
        self._frames: list[tuple[Place, str]] = []
        self._warned: set[tuple[int, str]] = set()
        self._before = (0.0, 0, 0)
        self._take: dict[str, Callable[[Sequence[str], Sequence[object]], None]] = {
            "begin": self._begin,
            "cell": self._begin_cell,
            "refused": self._refused,
            "names": self._names,
            "text": self._text,
            "warning": self._warning,
            "frame": self._frame,
            "end": self._end,
            "done": self._done,
        }

    def take(self, fields: Sequence[str], values: Sequence[object] = ()) -> None:
        """Takes one thing that R says.

        Args:
            fields: a verb and what goes with it.
            values: at the end of a cell, the Python objects among R's variables.
        """
        self._take[fields[0]](fields[1:], values)

    def _begin(self, fields: Sequence[str], _: Sequence[object]) -> None:
        prepare(self.recorder, dict(zip(fields[::2], fields[1::2], strict=True)))

    def _begin_cell(self, fields: Sequence[str], _: Sequence[object]) -> None:
        cell = int(fields[0])
        self._skip_until(cell)
        self._unsaid.pop(0)
        self._channel.send(events.CellStarted(cell), now=True)
        self.recorder.begin_cell(cell)
        self._places.at(cell, 1)
        self._attempt = None
        self._frames = []
        ledger = self.recorder.ledger
        self._before = (time.perf_counter(), ledger.steps, ledger.updates)

    def _skip_until(self, cell: int | None) -> None:
        """Says of the cells before one that they are not executed."""
        while self._unsaid and self._unsaid[0].index != cell:
            self._channel.send(skipped(self._unsaid.pop(0)))

    def _names(self, fields: Sequence[str], _: Sequence[object]) -> None:
        names = Names()
        names.bound, names.read = _parts(fields[0]), _parts(fields[1])
        for one in fields[2:]:
            name, *read = one.split(_JOINT)
            names.functions[name] = set(read)
        self._bound |= names.bound
        self._attempt = Attempt(names, {name: object() for name in names.bound})

    def _text(self, fields: Sequence[str], _: Sequence[object]) -> None:
        stream, cell, row, text = fields
        output = self.outputs[stream]
        assert isinstance(output, ROutput)
        output.printed(self._places.at(int(cell), int(row)), text)

    def _warning(self, fields: Sequence[str], _: Sequence[object]) -> None:
        cell, row, kind, text = fields
        line = self._places.at(int(cell), int(row)).line
        if (line, text) not in self._warned:
            self._warned.add((line, text))
            category = "Warning" if kind == "simpleWarning" else kind
            self._channel.send(events.Warned(self.recorder.ledger.cell, line, category, text))

    def _frame(self, fields: Sequence[str], _: Sequence[object]) -> None:
        cell, row, within = fields
        self._frames.append((self._places.at(int(cell), int(row)), within))

    def _refused(self, fields: Sequence[str], _: Sequence[object]) -> None:
        cell = self._cells[int(fields[0])]
        error = refusal(fields[1], cell.index, self._places)
        if cell.may_raise:
            self._over(cell, (), result(cell, error=error, note=MEANT))
        else:
            self._over(cell, (), result(cell, events.CellStatus.ERROR, error))

    def _end(self, fields: Sequence[str], values: Sequence[object]) -> None:
        index, how, classes, message, *numbers = fields
        cell = self._cells[int(index)]
        rows = [int(number) for number in numbers[:4]]
        inner, outer = self._places.at(*rows[:2]).line, self._places.at(*rows[2:]).line
        attempt, cascade = self._attempt, self._cascade
        if how == "ok":
            if attempt:
                cascade.succeeded(attempt)
            self._over(cell, values, result(cell))
            return
        kind, text = _described(how, classes.split(_JOINT), message, self._request)
        cut = self.recorder.ledger.cut is not None and follows_a_cut(text)
        cause = self._cause(text) if how == "error" else None
        if attempt:
            same = {n: attempt.before[n] for n in _parts(numbers[4])}
            cascade.failed(attempt, cell.index, same)
        error = failure(kind, text, inner, outer, self._frames, self._request.name)
        self._over(cell, values, _outcome(cell, how, kind, error, cause, cut=cut))

    def _cause(self, text: str) -> int | None:
        """The cell whose failure explains an error."""
        attempt = self._attempt
        if attempt is None:
            return None
        missing = missing_in(text)
        cause = self._cascade.cause(attempt, NameError(name=missing) if missing else None)
        if cause is None and missing and missing not in self._bound:
            # A function that no cell defines would have come with a package.
            packages = sorted(name for name in self._bound if name.startswith(_PACKAGE))
            causes = [self._cascade.cause(attempt, NameError(name=name)) for name in packages]
            cause = min((found for found in causes if found is not None), default=None)
        return cause

    def _over(self, cell: Cell, values: Sequence[object], outcome: events.CellResult) -> None:
        recorder = self.recorder
        started, steps, updates = self._before
        seconds = time.perf_counter() - started
        dropped = sum(output.end_cell() for output in self.outputs.values())
        recorder.end_cell(cell.index, values)
        told = replace(
            outcome,
            seconds=seconds,
            cut=recorder.ledger.cut,
            steps=recorder.ledger.steps - steps,
            updates=recorder.ledger.updates - updates,
            dropped_lines=dropped,
        )
        self._channel.send(told, now=True)

    def _done(self, _: Sequence[str], __: Sequence[object]) -> None:
        self._skip_until(None)
        self._channel.send(
            events.Ended(
                seconds=time.perf_counter() - self._started,
                steps=self.recorder.ledger.steps,
                updates=self.recorder.ledger.updates,
                memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            ),
            now=True,
        )


def _parts(text: str) -> set[str]:
    return set(text.split(_JOINT)) - {""}


def _described(
    how: str, classes: Sequence[str], message: str, request: ExecutionRequest
) -> tuple[str, str]:
    """The kind and the text of what ended a cell."""
    if how == "timeout":
        return "TimeStop", f"the cell took longer than {request.cell_seconds or 0:g} seconds"
    if how == "output":
        return "OutputStop", "the cell printed without end"
    if how == "quit":
        return "quit", f"quit(status = {message})"
    return kind_of(classes, message)


def _outcome(
    cell: Cell, how: str, kind: str, error: events.CellError, cause: int | None, *, cut: bool
) -> events.CellResult:
    """How a cell that did not run to its end counts."""
    if kind in _BUDGET or cut:
        return result(cell, note="" if kind in _BUDGET else f"after the cut: {kind}")
    if how == "quit" and error.message == "quit(status = 0)":
        return result(cell, note="the cell ended with quit()")
    if how == "timeout":
        return result(cell, events.CellStatus.TIMEOUT, error)
    if cell.may_raise and how == "error":
        return result(cell, error=error, note=MEANT)
    status = events.CellStatus.ERROR if cause is None else events.CellStatus.CASCADE
    return result(cell, status, error, cause)
