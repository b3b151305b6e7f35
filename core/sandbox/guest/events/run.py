"""How a run and its cells went: the start, each cell's beginning and end, the end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .event import Event, InCell


class CellStatus(str, Enum):  # noqa: UP042 - Python 3.10 has no StrEnum
    """How a cell ended, as the command line's contract names it."""

    OK = "ok"
    ERROR = "error"
    CASCADE = "cascade"
    SKIPPED = "skipped"
    TIMEOUT = "timeout"

    __str__ = str.__str__


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Started(Event):
    """Everything is imported, seeded and wrapped; the first cell comes next.

    Attributes:
        python: the interpreter's version.
        backend: Keras's backend, None without Keras.
        versions: of the packages that take part.
        seconds: how long importing took.
        notes: what cannot be imported or recorded.
    """

    event = "start"
    python: str
    backend: str | None
    versions: dict[str, str]
    seconds: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class CellStarted(InCell):
    """A cell begins."""

    event = "cell-start"


@dataclass(frozen=True)
class CellResult(Event):
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

    event = "cell-end"
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


@dataclass(frozen=True)
class Ended(Event):
    """Every cell had its turn.

    Attributes:
        seconds: from the program's start.
        steps: training steps.
        updates: optimizer updates.
        memory: most bytes of the recorder's process.
    """

    event = "end"
    seconds: float
    steps: int
    updates: int
    memory: int


@dataclass(frozen=True)
class GuardFailed(Event):
    """The launcher could not close one of its doors, with what the system said."""

    event = "guard-failed"
    guard: str
    message: str


@dataclass(frozen=True)
class Exited(Event):
    """The launcher's last word: the exit code, and how many processes were left behind."""

    event = "exit"
    code: int
    left: int
