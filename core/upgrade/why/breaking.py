"""A document that breaks in another environment, taken apart by repairing and running again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import frozen

from core.documents.repair import repair_and_run
from core.sandbox.guest.events import CellResult, CellStatus
from core.sandbox.host.program import Program
from core.sandbox.host.record import ExecutionRecord


@frozen
class Failure:
    """A cell that ends with an error.

    Attributes:
        cell: its index.
        line: the document's line.
        kind: the exception's class.
        message: its first line.
    """

    cell: int
    line: int
    kind: str
    message: str

    @property
    def words(self) -> str:
        """The place and the error."""
        return f"line {self.line} (cell {self.cell}): {self.kind}: {self.message}"


@frozen
class Mended:
    """A repair, and what shows after it.

    Attributes:
        repair: what is repaired, in words.
        line: the line of the error that asked for it.
        revealed: errors that it hid: cells that fail now and did not fail before, or fail with
            another error.
    """

    repair: str
    line: int
    revealed: tuple[Failure, ...]


@frozen
class Break:
    """How a document breaks.

    Attributes:
        first: the first broken cell.
        others: further cells with an error of their own.
        cascade: cells that fail only because an earlier one did.
        mended: the repairs, in order.
        patch: all repairs as one unified diff; empty where none is known.
        left: errors that no known repair takes away.
    """

    first: Failure
    others: tuple[Failure, ...] = ()
    cascade: tuple[Failure, ...] = ()
    mended: tuple[Mended, ...] = ()
    patch: str = ""
    left: tuple[Failure, ...] = ()

    @property
    def hidden(self) -> tuple[Failure, ...]:
        """The errors that others hid, in the order in which they came to light."""
        return tuple(failure for mended in self.mended for failure in mended.revealed)

    @property
    def words(self) -> str:
        """All of it in one sentence."""
        parts = [self.first.words]
        if self.cascade:
            parts.append(f"{len(self.cascade)} cells fail in its wake")
        if self.hidden:
            parts.append(f"it hides {self.hidden[0].words}")
        if self.patch:
            rest = f"; {len(self.left)} errors are left" if self.left else ""
            parts.append(f"a patch is known{rest}")
        return "; ".join(parts)


def taken_apart(
    program: Program, text: str, execute: Callable[[Program], ExecutionRecord]
) -> Break | None:
    """Runs a document, repairs what is known, and runs it again, as often as that helps.

    Args:
        program: the document's code.
        text: its text, for the patch.
        execute: runs a program in the environment, in a fresh process.

    Returns:
        None where it runs without an error.
    """
    record = execute(program)
    failures = tuple(_failures(record, CellStatus.ERROR))
    if not failures:
        return None
    rounds = repair_and_run(program, record, text, execute)
    mended: list[Mended] = []
    before = failures
    for done in rounds:
        after = tuple(_failures(done.record, CellStatus.ERROR))
        known = {(failure.cell, failure.message) for failure in before}
        revealed = tuple(f for f in after if (f.cell, f.message) not in known)
        mended.append(Mended(done.repair.name, done.repair.line, revealed))
        before = after
    return Break(
        first=failures[0],
        others=failures[1:],
        cascade=tuple(_failures(record, CellStatus.CASCADE)),
        mended=tuple(mended),
        patch=rounds[-1].patch if rounds else "",
        left=before,
    )


def _failures(record: ExecutionRecord, status: CellStatus) -> Iterator[Failure]:
    for cell in record.cells:
        if cell.status is status and cell.error is not None:
            yield _failure(cell)


def _failure(cell: CellResult) -> Failure:
    error = cell.error
    assert error is not None
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    return Failure(cell.index, error.line, error.kind, lines[0][:300] if lines else "no message")
