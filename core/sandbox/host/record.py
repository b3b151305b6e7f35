"""What an execution showed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen


class CellStatus(StrEnum):
    """How a cell ended, as the command line's contract names it."""

    OK = "ok"
    ERROR = "error"
    CASCADE = "cascade"
    SKIPPED = "skipped"
    TIMEOUT = "timeout"


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
class CellError:
    """An exception, or what ended the process.

    Attributes:
        kind: the exception's class, or `ProcessEnded`.
        message: its text, with the document's name and lines in place of our files.
        line: the document's innermost line.
        call_line: the document's outermost line.
        missing: the name, module or attribute that was not there.
        trace: the last frames, outermost first, as `file:line in function`.
    """

    kind: str
    message: str
    line: int
    call_line: int
    missing: str | None = None
    trace: tuple[str, ...] = ()


@frozen
class Cut:
    """Where the step budget ended a cell's training early.

    Attributes:
        how: `ended` (a data iterator), `fit`, or `stopped` (the cell was left there).
        line: the document's line.
        step: training steps of the run until then.
        pass_number: the pass over the data that was cut, None where there was no iterator.
        reason: `steps` or `seconds`.
    """

    how: str
    line: int | None
    step: int
    pass_number: int | None
    reason: str


@frozen
class CellResult:
    """How one cell went.

    Attributes:
        index: the cell's number in the document.
        line: line of its first row.
        status: how it ended.
        seconds: how long it took.
        error: what it raised, also where the document says that this is meant.
        cause: index of the failed cell that explains a cascade.
        cut: where the budget cut it short.
        note: anything else worth saying.
        steps: training steps in it.
        updates: optimizer updates in it.
        dropped_lines: printed lines beyond what is kept.
    """

    index: int
    line: int
    status: CellStatus
    seconds: float = 0.0
    error: CellError | None = None
    cause: int | None = None
    cut: Cut | None = None
    note: str = ""
    steps: int = 0
    updates: int = 0
    dropped_lines: int = 0


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
        events: what the recorder sent, in order (see `core.sandbox.host.observations`).
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
    events: tuple[Mapping[str, object], ...] = field(repr=False)
    ending: Ending
    exit_code: int | None
    seconds: float
    peak_memory: int
    guards: tuple[GuardState, ...]
    notes: tuple[str, ...] = ()
    raw_output: str = field(default="", repr=False)
    raw_lines: tuple[tuple[int | None, str], ...] = field(default=(), repr=False)
    left_processes: int = 0

    def of(self, kind: str) -> tuple[Mapping[str, object], ...]:
        """The events of one kind, in order."""
        return tuple(event for event in self.events if event.get("event") == kind)

    @property
    def first_error(self) -> CellResult | None:
        """The first cell that failed by itself."""
        return next((cell for cell in self.cells if cell.status is CellStatus.ERROR), None)
