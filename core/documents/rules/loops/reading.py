"""Reads the loops of a whole document."""

from __future__ import annotations

from attrs import frozen

from core.documents.reading import Document
from core.documents.reading.syntax import python_code
from core.documents.rules.loops.collecting import Collector
from core.documents.rules.loops.model import Drain, Loop
from core.documents.rules.loops.python_loops import generators, read_python
from core.documents.rules.loops.r_loops import read_r


@frozen
class Code:
    """What a document's code says about loops.

    Attributes:
        loops: every loop, in order.
        drains: uses of iterators, in order.
    """

    loops: tuple[Loop, ...]
    drains: tuple[Drain, ...]

    def around(self, cell: int, line: int) -> tuple[Loop, ...]:
        """The loops around a line of a cell, outermost first."""
        return tuple(loop for loop in self.loops if loop.cell == cell and loop.holds(line))


def code_of(document: Document) -> Code:
    """Read the loops of a document's cells, without those that repeat earlier ones."""
    cells = [cell for cell in document.cells if not cell.repeats and cell.skip is None]
    trees = {
        cell.index: python_code.tree(cell.runnable or cell.source)
        for cell in cells
        if cell.language == "python"
    }
    known = {name for tree in trees.values() if tree is not None for name in generators(tree)}
    defined = {
        name
        for cell in cells
        if cell.language == "python"
        for name in python_code.bound_names(cell.runnable or cell.source)
    }
    collector = Collector(known, defined)
    for cell in cells:
        tree = trees.get(cell.index)
        if tree is not None:
            read_python(cell, tree, collector)
        elif cell.language == "r":
            read_r(cell, collector)
    return Code(collector.loops(), tuple(collector.drains))
