"""Makes a record of the events that the recorder sends."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from core.sandbox.guest.recorder.request import Cell, cell_file
from core.sandbox.host.program import Program
from core.sandbox.host.record import (
    CellError,
    CellResult,
    CellStatus,
    Cut,
    Ending,
    ExecutionRecord,
    GuardState,
)

Event: TypeAlias = Mapping[str, object]

_MARK = re.compile(r"\x1e(-?\d{1,9})\x1e")
_LONGEST = 64 << 20  # bytes of one line
_LIMITS = {
    "memory": "its processes together took more memory than they may",
    "disk": "it wrote more to its folder than it may",
    "processes": "it started more processes than it may",
}


class Collector:
    """Takes the bytes of the event channel and keeps what they say."""

    def __init__(self, program: Program, on_event: Callable[[Event], None] | None) -> None:
        self._program = program
        self._on_event = on_event
        self._rest = b""
        self._events: list[Event] = []
        self._ends: dict[int, Event] = {}
        self._failed_guards: list[str] = []
        self._foreign = 0
        self._running: tuple[int, float] | None = None
        self._finished = False
        self._code: int | None = None
        self._left = 0

    def feed(self, data: bytes) -> None:
        """More bytes of the channel."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                event = None
            if isinstance(event, dict) and isinstance(event.get("event"), str):
                self._take(event)
            else:
                self._foreign += 1
        if len(self._rest) > _LONGEST:
            self._rest = b""
            self._foreign += 1

    def _take(self, event: dict[str, object]) -> None:
        kind = event["event"]
        if kind == "exit":
            code, self._left = event.get("code"), _integer(event.get("left"))
            self._code = code if isinstance(code, int) else None
            return
        if kind == "guard-failed":
            self._failed_guards.append(f"{event.get('guard')}: {event.get('message')}")
            return
        self._events.append(event)
        if kind == "cell-start":
            self._running = (_integer(event.get("cell")), time.monotonic())
        elif kind == "cell-end":
            self._ends[_integer(event.get("cell"))] = event
            self._running = None
        elif kind == "end":
            self._finished = True
        if self._on_event:
            self._on_event(event)

    def running_for(self) -> float | None:
        """Seconds since the running cell began; None where none runs."""
        return None if self._running is None else time.monotonic() - self._running[1]

    def record(
        self,
        answer: Event,
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
            more.append(f"{self._foreign} lines on the event channel were not the recorder's")
        if left:
            more.append(f"{left} processes were left running and were ended")
        if ending is Ending.FAILED and raw:
            more.append(f"the recorder could not be started: {raw.splitlines()[-1]}")
        start = next((e for e in self._events if e["event"] == "start"), None)
        noted = start.get("notes") if start else None
        if isinstance(noted, list):
            more += [str(text) for text in noted]
        return ExecutionRecord(
            cells=self._cells(ending, stopped, raw),
            events=tuple(self._events),
            ending=ending,
            exit_code=self._code,
            seconds=seconds,
            peak_memory=max(_integer(answer.get("peak_memory")), self._own_peak()),
            guards=guards,
            notes=(*notes, *more),
            raw_output=raw,
            raw_lines=raw_lines,
            left_processes=left,
        )

    def _own_peak(self) -> int:
        return max(
            (_integer(e.get("memory")) for e in self._events if e["event"] == "end"), default=0
        )

    def _ending(self, reason: str, stopped: str) -> Ending:
        if stopped or reason == Ending.TIMEOUT:
            return Ending.TIMEOUT
        if reason in _LIMITS or reason == Ending.FAILED:
            return Ending(reason)
        if self._finished:
            return Ending.COMPLETED
        started = any(event["event"] in ("start", "cell-start") for event in self._events)
        return Ending.EXITED if started else Ending.FAILED

    def _cells(self, ending: Ending, stopped: str, raw: str) -> tuple[CellResult, ...]:
        broken = self._running[0] if self._running else None
        results: list[CellResult] = []
        for cell in self._program.cells:
            event = self._ends.get(cell.index)
            if event is not None:
                results.append(_result(cell, event))
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
        lines = [
            event["line"]
            for event in self._events
            if event.get("cell") == cell.index and isinstance(event.get("line"), int)
        ]
        last = lines[-1] if lines else None
        return last if isinstance(last, int) else _first(cell)


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


def _result(cell: Cell, event: Event) -> CellResult:
    cause = event.get("cause")
    return CellResult(
        index=cell.index,
        line=_first(cell),
        status=CellStatus(str(event["status"])),
        seconds=_float(event.get("seconds")),
        error=_error(event.get("error")),
        cause=cause if isinstance(cause, int) else None,
        cut=_cut(event.get("cut")),
        note=str(event.get("note") or ""),
        steps=_integer(event.get("steps")),
        updates=_integer(event.get("updates")),
        dropped_lines=_integer(event.get("dropped_lines")),
    )


def _error(value: object) -> CellError | None:
    if not isinstance(value, dict):
        return None
    missing = value.get("missing")
    frames = value.get("trace")
    trace = [f for f in frames if isinstance(f, dict)] if isinstance(frames, list) else []
    return CellError(
        kind=str(value.get("type")),
        message=str(value.get("message")),
        line=_integer(value.get("line")),
        call_line=_integer(value.get("call_line")),
        missing=missing if isinstance(missing, str) else None,
        trace=tuple(f"{f.get('file')}:{f.get('line')} in {f.get('name')}" for f in trace),
    )


def _cut(value: object) -> Cut | None:
    if not isinstance(value, dict):
        return None
    line, number = value.get("line"), value.get("pass_number")
    return Cut(
        how=str(value.get("how")),
        line=line if isinstance(line, int) else None,
        step=_integer(value.get("step")),
        pass_number=number if isinstance(number, int) else None,
        reason=str(value.get("reason")),
    )


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
