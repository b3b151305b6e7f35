"""Statements of two documents side by side."""

from __future__ import annotations

from difflib import SequenceMatcher

from attrs import frozen

from core.documents.reading.document import Cell, Document
from core.documents.reading.syntax import Statement, statements

MOST_STATEMENTS = 5_000
"""Statements of one document that are aligned; the time grows with the square of it."""


@frozen
class CellStatement:
    """A statement and the cell it stands in."""

    cell: Cell
    statement: Statement

    @property
    def lines(self) -> tuple[int, int]:
        """Its first and last line in the document."""
        return self.cell.line_of(self.statement.first), self.cell.line_of(self.statement.last)

    @property
    def source(self) -> str:
        """Its rows as written."""
        rows = self.cell.source.split("\n")
        return "\n".join(rows[self.statement.first : self.statement.last + 1])


def placed_statements(document: Document) -> list[CellStatement]:
    """Every statement of a document's Python and R cells, in order."""
    return [
        CellStatement(cell, statement)
        for cell in document.cells
        if cell.language != "other"
        for statement in statements(cell.source, cell.language)
    ]


def matching_cells(document: Document, other: Document) -> dict[int, int]:
    """For each of another document's cells the index of the cell here that shares most of it.

    Documents too long to align are taken to hold the same cells.
    """
    ours, theirs = placed_statements(document), placed_statements(other)
    if max(len(ours), len(theirs)) > MOST_STATEMENTS:
        return {n: n for n in range(min(len(document.cells), len(other.cells)))}
    # `autojunk` would leave out what occurs often, and `model = …` and `print(…)` do.
    matcher = SequenceMatcher(
        None,
        [placed.statement.key for placed in theirs],
        [placed.statement.key for placed in ours],
        autojunk=False,
    )
    shared: dict[int, dict[int, int]] = {}
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            cell = theirs[block.a + offset].cell.index
            counts = shared.setdefault(cell, {})
            own = ours[block.b + offset].cell.index
            counts[own] = counts.get(own, 0) + 1
    return {cell: max(counts, key=lambda n: counts[n]) for cell, counts in shared.items()}
