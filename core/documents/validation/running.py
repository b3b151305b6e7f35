"""Findings about how a document's cells went."""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.reading import Document, document_finding
from core.sandbox.guest.events import CellResult, CellStatus
from core.sandbox.host import ExecutionRecord
from core.sandbox.host.record import Ending
from core.trace.finding import Finding, FindingCode

_ENDINGS = {
    Ending.MEMORY: "took more memory than the limit",
    Ending.DISK: "wrote more to its folder than the limit",
    Ending.PROCESSES: "started more processes than the limit",
    Ending.TIMEOUT: "took longer than the limit",
    Ending.FAILED: "could not be started",
}


def execution_findings(document: Document, record: ExecutionRecord) -> Iterator[Finding]:
    """What an execution says about a document, apart from its figures."""
    for cell in record.cells:
        yield from _cell(document, cell)
    if record.ending in _ENDINGS:
        yield document_finding(
            FindingCode.DOCUMENT_STOPPED,
            document.path,
            None,
            message=f"the document {_ENDINGS[record.ending]}",
            evidence="; ".join(record.notes) or f"after {record.seconds:.0f} s",
        )
    if record.left_processes:
        yield document_finding(
            FindingCode.PROCESS_LEFT,
            document.path,
            None,
            message="the document leaves processes running",
            evidence=f"{record.left_processes} were ended after the last cell",
        )
    for guard in record.guards:
        if guard.mechanism == "none":
            yield document_finding(
                FindingCode.GUARD_UNAVAILABLE,
                document.path,
                None,
                message=f"this machine gives no guard for {guard.name}",
                evidence=guard.note or "no mechanism was found",
            )


def _cell(document: Document, cell: CellResult) -> Iterator[Finding]:
    if cell.status is CellStatus.ERROR and cell.error is not None:
        error = cell.error
        yield document_finding(
            FindingCode.CELL_ERROR,
            document.path,
            error.line,
            message=f"{error.kind}: {_first(error.message)}",
            evidence=f"cell {cell.index}, called from line {error.call_line}",
        )
    elif cell.status is CellStatus.CASCADE and cell.error is not None:
        yield document_finding(
            FindingCode.CASCADE_ERROR,
            document.path,
            cell.error.line,
            message=f"{cell.error.kind}: {_first(cell.error.message)}",
            evidence=f"follows from cell {cell.cause}, which failed before",
        )
    elif cell.status is CellStatus.TIMEOUT:
        yield document_finding(
            FindingCode.CELL_TIMEOUT,
            document.path,
            cell.line,
            message="the cell took longer than the limit and was ended",
            evidence=f"cell {cell.index}, after {cell.seconds:.0f} s",
        )
    elif cell.cut is not None:
        cut = cell.cut
        yield document_finding(
            FindingCode.BUDGET_CUT,
            document.path,
            cut.line or cell.line,
            message=f"training was cut short after {cell.steps} steps of this cell",
            evidence=f"budget of {cut.reason}, {cut.step} steps of the document by then",
        )


def _first(text: str) -> str:
    lines = [line for line in text.strip().split("\n") if line.strip()]
    return lines[0][:300] if lines else "no message"
