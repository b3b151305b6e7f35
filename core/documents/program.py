"""A document as a program for the sandbox: its Python cells, ready to be executed."""

from __future__ import annotations

from core.documents.reading.document import Document, Format
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host.program import Program

_LISTING = "it repeats the code of earlier cells in full"


def program_of(document: Document, *, backend: str = "", listings: bool = False) -> Program:
    """The Python cells of a document that was read, ready to be executed.

    Args:
        document: the document.
        backend: Keras's backend; the empty string leaves the choice to the code.
        listings: execute full listings too, which repeat the code of earlier cells.
    """
    cells = tuple(
        Cell(
            index=cell.index,
            source=cell.runnable or cell.source,
            lines=cell.lines,
            language=cell.language,
            skip=cell.skip or (_LISTING if cell.full_listing and not listings else None),
            may_raise=cell.may_raise,
        )
        for cell in document.cells
    )
    return Program(
        name=document.path.name,
        cells=cells,
        folder=document.path.resolve().parent,
        script=document.format is Format.PYTHON_SCRIPT,
        backend=backend,
    )
