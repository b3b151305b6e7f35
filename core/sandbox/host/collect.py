"""Makes a record of the events that the recorder sends."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from core.sandbox.guest.events import (
    CellError,
    CellResult,
    CellStarted,
    CellStatus,
    Ended,
    Event,
    Exited,
    GuardFailed,
    InCell,
    MalformedEventError,
    Started,
    decoded,
)
from core.sandbox.guest.recorder.request import Cell, cell_file
from core.sandbox.host.record import Ending, ExecutionRecord, GuardState

_MARK = re.compile(r"\x1e(-?\d{1,9})\x1e")
_LONGEST = 64 << 20  # bytes of one line
_LIMITS = {
    "memory": "its processes together took more memory than they may",
    "disk": "it wrote more to its folder than it may",
    "processes": "it started more processes than it may",
}


class Collector:
    """Takes the bytes of the event channel and keeps what they say."""

    def __init__(self, cells: tuple[Cell, ...], on_event: Callable[[Event], None] | None) -> None:
        self._all = cells
        self._on_event = on_event
        self._rest = b""
        self._events: list[Event] = []
        self._ends: dict[int, CellResult] = {}
        self._failed_guards: list[str] = []
        self._foreign = 0
        self._first_foreign = ""
        self._running: tuple[int, float] | None = None
        self._finished = False
        self._code: int | None = None
        self._left = 0
        self._own_peak = 0

    def feed(self, data: bytes) -> None:
        """More bytes of the channel."""
        # A read may end within a line; the rest waits for the next read.
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            try:
                event = decoded(line)
            except MalformedEventError as error:
                self._refuse(str(error))
            else:
                self._take(event)
        # A document that finds the descriptor must not be able to fill our memory.
        if len(self._rest) > _LONGEST:
            self._rest = b""
            self._refuse(f"a line of more than {_LONGEST} bytes")

    def _refuse(self, why: str) -> None:
        self._foreign += 1
        self._first_foreign = self._first_foreign or why

    def _take(self, event: Event) -> None:
        match event:
            case Exited():
                self._code, self._left = event.code, event.left
                return
            case GuardFailed():
                self._failed_guards.append(f"{event.guard}: {event.message}")
                return
            case CellStarted():
                self._running = (event.cell, time.monotonic())
            case CellResult():
                self._ends[event.index] = event
                self._running = None
            case Ended():
                self._finished = True
                self._own_peak = max(self._own_peak, event.memory)
        self._events.append(event)
        if self._on_event:
            self._on_event(event)

    def running_for(self) -> float | None:
        """Seconds since the running cell began; None where none runs."""
        return None if self._running is None else time.monotonic() - self._running[1]

    def record(
        self,
        answer: Mapping[str, object],
        *,
        stopped: str,
        seconds: float,
        guards: tuple[GuardState, ...],
        notes: tuple[str, ...],
    ) -> ExecutionRecord:
        """The record.

        Args:
            answer: what the keeper said at the end.
            stopped: why the parent ended it; empty where it did not.
            seconds: how long it all took.
            guards: the guards in force.
            notes: notes so far.
        """
        ending = self._ending(str(answer.get("reason")), stopped)
        ended = ending in (Ending.COMPLETED, Ending.EXITED)
        left = max(self._left, _integer(answer.get("left"))) if ended else 0
        raw_lines = _by_cell(str(answer.get("raw", "")))
        raw = "\n".join(text for _, text in raw_lines)
        more = [f"a guard failed: {text}" for text in self._failed_guards]
        more += [f"{g.name}: {g.mechanism}; {g.note}" for g in guards if g.note]
        if self._foreign:
            text = f"{self._foreign} lines on the event channel were not the recorder's"
            more.append(f"{text}: {self._first_foreign}")
        if left:
            more.append(f"{left} processes were left running and were ended")
        if ending is Ending.FAILED and raw:
            more.append(f"the recorder could not be started: {raw.splitlines()[-1]}")
        more += next((e.notes for e in self._events if isinstance(e, Started)), ())
        return ExecutionRecord(
            cells=self._cells(ending, stopped, raw),
            events=tuple(self._events),
            ending=ending,
            exit_code=self._code,
            seconds=seconds,
            peak_memory=max(_integer(answer.get("peak_memory")), self._own_peak),
            guards=guards,
            notes=(*notes, *more),
            raw_output=raw,
            raw_lines=raw_lines,
            left_processes=left,
        )

    def _ending(self, reason: str, stopped: str) -> Ending:
        if stopped or reason == Ending.TIMEOUT:
            return Ending.TIMEOUT
        if reason in _LIMITS or reason == Ending.FAILED:
            return Ending(reason)
        if self._finished:
            return Ending.COMPLETED
        started = any(isinstance(event, Started | CellStarted) for event in self._events)
        return Ending.EXITED if started else Ending.FAILED

    def _cells(self, ending: Ending, stopped: str, raw: str) -> tuple[CellResult, ...]:
        broken = self._running[0] if self._running else None
        results: list[CellResult] = []
        for cell in self._all:
            event = self._ends.get(cell.index)
            if event is not None:
                results.append(replace(event, line=_first(cell)))
            elif cell.index == broken:
                results.append(self._broken(cell, ending, stopped, raw))
            else:
                where = "" if broken is None else f" in cell {broken}"
                note = f"not run: the execution ended{where} ({ending})"
                results.append(CellResult(cell.index, _first(cell), CellStatus.SKIPPED, note=note))
        return tuple(results)

    def _broken(self, cell: Cell, ending: Ending, stopped: str, raw: str) -> CellResult:
        """The cell in which the process ended."""
        if ending is Ending.TIMEOUT:
            message, status = stopped, CellStatus.TIMEOUT
        elif ending in _LIMITS:
            message, status = _LIMITS[ending], CellStatus.ERROR
        else:
            message, status = _exit_in_words(self._code, raw), CellStatus.ERROR
        line = _crash_line(cell, raw) or self._last_line(cell)
        seconds = self.running_for() or 0.0
        error = CellError("ProcessEnded", message, line, line)
        return CellResult(cell.index, _first(cell), status, seconds, error)

    def _last_line(self, cell: Cell) -> int:
        """The last line of a cell that an event names."""
        for event in reversed(self._events):
            line: object = getattr(event, "line", None)
            if isinstance(event, InCell) and event.cell == cell.index and isinstance(line, int):
                return line
        return _first(cell)


def _crash_line(cell: Cell, raw: str) -> int | None:
    """The line that was running when the interpreter crashed, as `faulthandler` tells it."""
    found = re.search(re.escape(cell_file(cell.index)) + r'", line (\d+) in ', raw)
    if found is None or not cell.lines:
        return None
    return cell.lines[min(int(found.group(1)), len(cell.lines)) - 1]


def _by_cell(raw: str) -> tuple[tuple[int | None, str], ...]:
    """Lines printed past Python, with the cell that the recorder's marks tell."""
    first, *rest = _MARK.split(raw)
    parts: list[tuple[int | None, str]] = [(None, first)]
    parts += [(int(cell), text) for cell, text in zip(rest[::2], rest[1::2], strict=True)]
    return tuple(
        (None if cell is None or cell < 0 else cell, line)
        for cell, text in parts
        for line in text.splitlines()
        if line.strip()
    )


def _first(cell: Cell) -> int:
    return cell.lines[0] if cell.lines else 0


def _exit_in_words(code: int | None, raw: str) -> str:
    crash = next((line for line in raw.splitlines() if line.startswith("Fatal Python error")), "")
    said = f" ({crash})" if crash else ""
    if code is not None and code < 0:
        try:
            return f"the process was ended by {signal.Signals(-code).name}{said}"
        except ValueError:
            return f"the process was ended by signal {-code}{said}"
    return f"the process ended itself with exit code {code}{said}"


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0
