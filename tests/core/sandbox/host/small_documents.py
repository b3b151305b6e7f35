"""Small documents for the tests of the sandbox, the recorder and the repairs."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from core.sandbox.guest.events import Line
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host import ExecutionRecord, Limits, Program

GAP = 3  # lines of prose between two cells
QUICK = Limits(seconds=60, cell_seconds=2, memory=512 << 20, disk=64 << 20, output=10_000)


def cells(*sources: str) -> tuple[Cell, ...]:
    """Cells as they would stand in a document, the first at line 1."""
    made: list[Cell] = []
    line = 1
    for index, text in enumerate(sources):
        source = dedent(text).strip("\n")
        rows = len(source.split("\n"))
        made.append(Cell(index, source, tuple(range(line, line + rows))))
        line += rows + GAP
    return tuple(made)


def program(*sources: str, folder: Path | None = None, script: bool = False) -> Program:
    """A document of Python cells."""
    return Program("small.md", cells(*sources), folder=folder, script=script)


def statuses(record: ExecutionRecord) -> list[str]:
    """The cells' statuses."""
    return [cell.status.value for cell in record.cells]


def printed(record: ExecutionRecord) -> list[str]:
    """What the document printed on stdout, line by line."""
    return [line.text for line in record.of(Line) if line.stream == "stdout"]


def error_of(record: ExecutionRecord, cell: int = 0) -> tuple[str, int]:
    """The kind and the line of a cell's error."""
    error = record.cells[cell].error
    assert error is not None
    return error.kind, error.line
