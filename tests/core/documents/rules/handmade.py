"""Documents and executions made by hand, so that a rule is tested without any framework."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from pathlib import Path

from attrs import evolve

from core.documents.reading import Document, read_document
from core.documents.rules import NOTHING_RAN, Rule
from core.documents.rules.look import Look
from core.sandbox.guest.events import CellResult, CellStatus, Cut, Event, Started
from core.sandbox.host import ExecutionRecord
from core.trace.finding import Finding


def document(folder: Path, text: str, name: str = "document.md") -> Document:
    """A document with this text; its first line is line 1."""
    path = folder / name
    path.write_text(textwrap.dedent(text).removeprefix("\n"), encoding="utf-8")
    return read_document(path)


def record(
    read: Document,
    *seen: Event,
    cut: Collection[int] = (),
    failed: Collection[int] = (),
    steps: int = 1,
    backend: str = "tensorflow",
    versions: dict[str, str] | None = None,
) -> ExecutionRecord:
    """An execution of all cells that showed some observations."""
    cells = tuple(
        CellResult(
            cell.index,
            cell.line,
            CellStatus.ERROR if cell.index in failed else CellStatus.OK,
            cut=Cut("ended", cell.line, steps, 1, "steps") if cell.index in cut else None,
            steps=steps,
        )
        for cell in read.cells
    )
    start = Started("3.11.7", backend, versions or {"keras": "3.15.1"}, 1.0, ())
    return evolve(NOTHING_RAN, cells=cells, events=(start, *seen))


def found(
    rule: Rule, read: Document, ran: ExecutionRecord = NOTHING_RAN
) -> tuple[tuple[str, int | None], ...]:
    """Codes and lines of what a rule finds."""
    return tuple((one.code, line_of(one)) for one in rule(Look(read, ran)))


def line_of(finding: Finding) -> int | None:
    """The line that a finding names."""
    last = finding.where.rpartition(":")[2]
    return int(last) if last.isdigit() else None
