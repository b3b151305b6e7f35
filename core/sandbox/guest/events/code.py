"""What the document's code did: lines it printed and ran, functions, files, warnings."""

from __future__ import annotations

from dataclasses import dataclass

from .event import InCell
from .run import CellError


@dataclass(frozen=True)
class Line(InCell):
    """A printed line. `step`: steps taken before; `after_cut`: the cell had been cut short."""

    event = "line"
    line: int | None
    stream: str
    text: str
    step: int
    after_cut: bool


@dataclass(frozen=True)
class Warned(InCell):
    """A warning, or a record of a logger (`category` is then `logger.level`), once per line."""

    event = "warning"
    line: int | None
    category: str
    text: str


@dataclass(frozen=True)
class FileWritten(InCell):
    """A file that a cell made (`new`), changed or removed (`gone`); `kind` by its first bytes."""

    event = "file"
    path: str
    bytes: int
    kind: str
    change: str


@dataclass(frozen=True)
class Shown(InCell):
    """A variable in a print statement, over one cell.

    Attributes:
        kind: the class of its value.
        times: how often it was printed.
        distinct: different values, as far as they can be told apart.
        objects: different objects.
        values: the first of the values, in short.
        steps: the training step at the first and at the last print.
    """

    event = "printed"
    line: int
    name: str
    kind: str
    times: int
    distinct: int
    objects: int
    values: tuple[str, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True)
class FunctionSeen(InCell):
    """A function of the document.

    Attributes:
        called: None where that cannot be said, because not everything was watched.
        referenced: its name is read somewhere it can mean this function.
        top: defined at a cell's top level.
    """

    event = "function"
    name: str
    line: int
    end: int
    parameters: tuple[str, ...]
    top: bool
    called: bool | None
    referenced: bool


@dataclass(frozen=True)
class Coverage(InCell):
    """The lines executed in a cell; all of them where `exact`, else the ones seen."""

    event = "coverage"
    exact: bool
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Exercised(InCell):
    """A function was called once; `called` is False where no arguments could be found.

    Attributes:
        error: what it raised.
    """

    event = "exercised"
    name: str
    called: bool
    error: CellError | None
