"""A program as a notebook: its parts as cells, their titles as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import nbformat
from attrs import define, evolve, field
from nbformat import v4

from core.dialects.program import Program, Statement
from core.sandbox.guest.dynamic import Function

KERNELS = {
    "python": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "r": {"name": "ir", "display_name": "R", "language": "R"},
}

# nbformat carries no types.
_code = cast(Function, v4.new_code_cell)
_markdown = cast(Function, v4.new_markdown_cell)
_book = cast(Function, v4.new_notebook)
_writes = cast(Function, nbformat.writes)


@define
class _Part:
    heading: str = ""
    statements: list[Statement] = field(factory=list)


def notebook(program: Program) -> str:
    """The notebook as JSON text, without outputs; the same program gives the same text."""
    about = "\n".join(line for line in program.about if line)
    cells = [_markdown(f"# {program.title.rstrip('.')}\n\n{about}", id="cell-0")]
    for part in _parts(program):
        if part.heading:
            title, *notes = part.heading.split("\n")
            said = "\n\n".join((f"## {title}", *notes))
            cells.append(_markdown(said, id=f"cell-{len(cells)}"))
        cells.append(_code(_source(part, program), id=f"cell-{len(cells)}"))
    book = _book(cells=cells, metadata={"kernelspec": KERNELS[program.language]})
    return f"{_writes(book)}\n"


def _parts(program: Program) -> Iterator[_Part]:
    """Cells: one for the imports, one for each section's setup, functions and loop."""
    part = _Part()
    place = ""
    for statement in program.statements:
        here = _place(statement) if statement.depth == 0 else place
        if part.statements and (statement.heading or here != place):
            yield part
            part = _Part()
        if statement.heading:
            part.heading = statement.heading
        part.statements.append(evolve(statement, heading=""))
        place = here
    yield part


def _place(statement: Statement) -> str:
    """What part of a section a statement at the margin belongs to."""
    op = statement.ops[0] if statement.ops else ""
    word = op.rpartition("/")[2].partition("[")[0].partition(".")[0]
    if op.endswith(".function"):
        return op
    if word in {"imports", "seed", "batches"}:
        return word
    return "loop" if word in {"loop", "step", "on_epoch_end", "state"} else "setup"


def _source(part: _Part, program: Program) -> str:
    """The cell's text: the statements laid out as in the program."""
    alone = evolve(program, statements=tuple(part.statements), watch=None)
    head = alone.spans[0][0] - 1 - len(part.statements[0].comment.splitlines())
    return "\n".join(alone.source.split("\n")[head:]).rstrip("\n")
