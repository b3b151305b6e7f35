"""What an execution showed."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from attrs import field, frozen

from core.sandbox.guest.events import CellResult, CellStatus, Event

Seen = TypeVar("Seen", bound=Event)


class Ending(StrEnum):
    """How the whole execution ended.

    - `completed`: every cell had its turn.
    - `exited`: the process ended itself (`os._exit`) or crashed.
    - `timeout`: the time of a cell or of the document was over.
    - `memory`, `disk`, `processes`: that limit was passed.
    - `failed`: the sandbox could not start it.
    """

    COMPLETED = "completed"
    EXITED = "exited"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    DISK = "disk"
    PROCESSES = "processes"
    FAILED = "failed"


@frozen
class GuardState:
    """One guard and what it rests on here.

    Attributes:
        name: `network`, `writes`, `processes`, `memory`.
        mechanism: what gives it, or `none`.
        note: what it does not cover; empty for nothing to say.
    """

    name: str
    mechanism: str
    note: str = ""


@frozen
class ExecutionRecord:
    """Everything one execution showed.

    Attributes:
        cells: one result for each cell, in order.
        events: what the recorder sent, in order (see `core.sandbox.guest.events`).
        ending: how the execution ended.
        exit_code: the process's exit code, negative for a signal; None where it was ended.
        seconds: from start to end.
        peak_memory: most bytes of all its processes together, as far as it was measured.
        guards: the guards and their mechanisms on this machine.
        notes: what a reader of a report should know: guards not there, files not copied.
        raw_output: the end of what was printed past Python: by native code (`tf.print`), by
            programs that the document started, by a crash.
        raw_lines: its lines, each with the cell that was running; None before the first.
        left_processes: processes the document left running; they were ended.
    """

    cells: tuple[CellResult, ...]
    events: tuple[Event, ...] = field(repr=False)
    ending: Ending
    exit_code: int | None
    seconds: float
    peak_memory: int
    guards: tuple[GuardState, ...]
    notes: tuple[str, ...] = ()
    raw_output: str = field(default="", repr=False)
    raw_lines: tuple[tuple[int | None, str], ...] = field(default=(), repr=False)
    left_processes: int = 0

    def of(self, kind: type[Seen]) -> tuple[Seen, ...]:
        """The events of one kind, in order."""
        return tuple(event for event in self.events if isinstance(event, kind))

    @property
    def first_error(self) -> CellResult | None:
        """The first cell that failed by itself."""
        return next((cell for cell in self.cells if cell.status is CellStatus.ERROR), None)
