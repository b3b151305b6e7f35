"""What an execution printed, read as if it had been published.

The same reader takes figures from both: a cell's published outputs give the claims, its printed
lines give what was observed in their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from core.documents.reading import Document, Output, OutputKind, claims_of
from core.sandbox.guest.events import Line
from core.sandbox.host import ExecutionRecord
from core.trace.claims import Claim


@frozen
class Observation:
    """A figure that a run printed.

    Attributes:
        figure: what was printed, as a claim of the run.
        printed: the row it stands in.
    """

    figure: Claim
    printed: Line


def printed_rows(record: ExecutionRecord) -> tuple[Line, ...]:
    """Every row that the cells printed on stdout, in order."""
    return tuple(row for row in record.of(Line) if row.stream == "stdout")


def observations(document: Document, rows: Sequence[Line]) -> tuple[Observation, ...]:
    """The figures that a run printed, cell by cell.

    A full listing that was not run shows what the cells it repeats printed.

    Args:
        document: the document that ran.
        rows: what it printed.
    """
    # A row's "line" is its number in `rows`, from 1, which leads back from a figure to its row.
    numbered: dict[int, list[int]] = {}
    for number, row in enumerate(rows, start=1):
        numbered.setdefault(row.cell, []).append(number)
    for cell in document.cells:
        if cell.full_listing and cell.index not in numbered:
            shown = sorted(n for index in cell.repeats for n in numbered.get(index, ()))
            if shown:
                numbered[cell.index] = shown
    cells = tuple(
        evolve(cell, outputs=_outputs(numbered.get(cell.index, ()), rows))
        for cell in document.cells
    )
    run = evolve(document, cells=cells, rendering=None)
    return tuple(
        Observation(claim, rows[claim.line - 1])
        for claim in claims_of(run)
        if claim.line in _numbers(numbered, claim.at.cell)
    )


def _numbers(numbered: Mapping[int, list[int]], cell: int) -> range:
    mine = numbered.get(cell)
    return range(mine[0], mine[-1] + 1) if mine else range(0)


def _outputs(numbers: Sequence[int], rows: Sequence[Line]) -> tuple[Output, ...]:
    if not numbers:
        return ()
    text = "\n".join(rows[number - 1].text.replace("\n", " ") for number in numbers)
    return (Output(numbers[0], text, OutputKind.STREAM, tuple(numbers)),)
