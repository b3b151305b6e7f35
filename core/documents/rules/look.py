"""What a rule looks at: a document, what its execution showed, and what its loops say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from attrs import define

from core.documents.reading import Document, document_finding
from core.documents.rules.loops import Code, code_of
from core.sandbox.guest.events import CellResult, CellStatus, Started
from core.sandbox.host import ExecutionRecord
from core.sandbox.host.record import Ending, Seen
from core.trace.finding import Finding, FindingCode, Severity

NOTHING_RAN = ExecutionRecord((), (), Ending.COMPLETED, None, 0.0, 0, ())
"""The record of a document that was read, not executed."""


@define(frozen=True, slots=False)
class Look:
    """A document and its execution.

    Attributes:
        document: the document.
        record: what its execution showed; `NOTHING_RAN` where it was only read.
    """

    document: Document
    record: ExecutionRecord

    @cached_property
    def code(self) -> Code:
        """The loops of the code."""
        return code_of(self.document)

    @cached_property
    def _cells(self) -> dict[int, CellResult]:
        return {cell.index: cell for cell in self.record.cells}

    def saw(self, kind: type[Seen]) -> tuple[Seen, ...]:
        """The events of one kind."""
        return self.record.of(kind)

    def ran(self, cell: int) -> bool:
        """Whether a cell ran to its end."""
        result = self._cells.get(cell)
        return result is not None and result.status is CellStatus.OK and result.error is None

    def whole(self, cell: int) -> bool:
        """Whether a cell ran to its end and no budget cut it short."""
        return self.ran(cell) and self._cells[cell].cut is None

    def steps(self, cell: int) -> int:
        """Training steps in a cell."""
        result = self._cells.get(cell)
        return 0 if result is None else result.steps

    @property
    def executed(self) -> bool:
        """Whether anything was executed."""
        return bool(self.record.cells)

    @cached_property
    def backend(self) -> str:
        """Keras's backend in the run, empty where it is not known."""
        return next((start.backend or "" for start in self.saw(Started)), "")

    def version(self, package: str) -> tuple[int, ...]:
        """The first numbers of a package's version in the run; nothing where it was not there."""
        text = next((start.versions.get(package, "") for start in self.saw(Started)), "")
        return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())

    def finding(
        self,
        code: FindingCode,
        line: int | None,
        message: str,
        evidence: str,
        remedy: str | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        """A finding at a line of the document; severity and remedy are the code's by default."""
        return document_finding(
            code,
            self.document.path,
            line,
            message=message,
            evidence=evidence,
            remedy=remedy,
            severity=severity,
        )


def listed(names: Iterable[str], most: int = 4) -> str:
    """A few names, and how many more there are."""
    all_names = list(names)
    shown = ", ".join(all_names[:most])
    more = len(all_names) - most
    return f"{shown} and {more} more" if more > 0 else shown


def first_line(text: str) -> str:
    """What an error says, in one line; of what TensorFlow raised in a graph, the error itself."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    if len(lines) > 1 and lines[0] == "in user code:":
        lines = [line for line in lines if re.match(r"\w*(Error|Exception): ", line)] or lines[1:]
        return re.sub(r"^\w+: ", "", lines[0])[:200]
    return lines[0][:200] if lines else "no message"


def times(count: int, what: str) -> str:
    """`1 step`, `3 steps`."""
    return f"{count} {what}{'' if count == 1 else 's'}"
