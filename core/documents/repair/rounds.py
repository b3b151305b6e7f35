"""Repair, run again, and see what the error had hidden, until nothing known is left to repair."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from core.documents.repair.edits import edited, patch_of
from core.documents.repair.known import Repair, repair_for
from core.sandbox.guest.events import CellStatus
from core.sandbox.host.program import Program
from core.sandbox.host.record import ExecutionRecord

_MOST = 8


@frozen
class Round:
    """One repair and the run after it.

    Attributes:
        repair: what was repaired.
        patch: the repair as a unified diff of the document.
        program: the program with all repairs so far.
        record: what its execution showed.
    """

    repair: Repair
    patch: str
    program: Program
    record: ExecutionRecord


def repair_and_run(
    program: Program,
    record: ExecutionRecord,
    text: str,
    execute: Callable[[Program], ExecutionRecord],
) -> tuple[Round, ...]:
    """Repairs the first error with a known repair and runs again, as often as that helps.

    Args:
        program: the document's program.
        record: what its execution showed.
        text: the document's text, for the patches.
        execute: runs a program in a fresh process.

    Returns:
        One round per repair; none where no error has a known repair.
    """
    rounds: list[Round] = []
    done: set[tuple[str, int]] = set()
    original = program.cells
    while len(rounds) < _MOST:
        repair = _next(program, record)
        # The same repair at the same line again did not help: going on would not end.
        if repair is None or (repair.name, repair.line) in done:
            break
        done.add((repair.name, repair.line))
        program = evolve(program, cells=edited(program.cells, repair.edits))
        record = execute(program)
        patch = patch_of(program.name, text, original, program.cells)
        rounds.append(Round(repair, patch, program, record))
    return tuple(rounds)


def _next(program: Program, record: ExecutionRecord) -> Repair | None:
    for cell in record.cells:
        if cell.status is CellStatus.ERROR and cell.error is not None:
            repair = repair_for(program.cells, cell.error)
            if repair:
                return repair
    return None
