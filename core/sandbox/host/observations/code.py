"""What the document's code did: lines it printed and ran, functions, files, warnings."""

from __future__ import annotations

from attrs import frozen

from core.sandbox.host.observations.observation import Observation


@frozen
class Line(Observation):
    """A printed line. `step`: steps taken before; `after_cut`: the cell had been cut short."""

    event = "line"
    cell: int
    line: int | None
    stream: str
    text: str
    step: int
    after_cut: bool


@frozen
class Warned(Observation):
    """A warning, or a record of a logger (`category` is then `logger.level`), once per line."""

    event = "warning"
    cell: int
    line: int | None
    category: str
    text: str


@frozen
class FileWritten(Observation):
    """A file that a cell made (`new`), changed or removed (`gone`); `kind` by its first bytes."""

    event = "file"
    cell: int
    path: str
    bytes: int
    kind: str
    change: str


@frozen
class Shown(Observation):
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
    cell: int
    line: int
    name: str
    kind: str
    times: int
    distinct: int
    objects: int
    values: tuple[str, ...]
    steps: tuple[int, ...]


@frozen
class FunctionSeen(Observation):
    """A function of the document.

    Attributes:
        called: None where that cannot be said, because not everything was watched.
        referenced: its name is read somewhere it can mean this function.
        top: defined at a cell's top level.
    """

    event = "function"
    cell: int
    name: str
    line: int
    end: int
    parameters: tuple[str, ...]
    top: bool
    called: bool | None
    referenced: bool


@frozen
class Coverage(Observation):
    """The lines executed in a cell; all of them where `exact`, else the ones seen."""

    event = "coverage"
    cell: int
    exact: bool
    lines: tuple[int, ...]


@frozen
class Exercised(Observation):
    """A function was called once; `called` is False where no arguments could be found.

    Attributes:
        error: what it raised, with `type`, `message` and `line`.
    """

    event = "exercised"
    cell: int
    name: str
    called: bool
    error: dict[str, object] | None
