"""Reports made by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from core.documents.accepting import Accepted
from core.documents.reading import document_finding
from core.documents.validation import DocumentReport
from core.sandbox.guest.events import CellResult, CellStatus
from core.sandbox.host.record import Ending
from core.trace.finding import Finding, FindingCode, Severity
from tests.core.documents.rules.handmade import document

TEXT = """
# Fitting, by hand

```python
fit()
```

## Again: 100 %

```python
fit()
```

## Never

```python
fit()
```
"""
CODES = {
    Severity.ERROR: FindingCode.CELL_ERROR,
    Severity.WARNING: FindingCode.STALE_OUTPUT,
    Severity.NOTE: FindingCode.BUDGET_CUT,
}
LINES = {"first": 4, "second": 10, "third": 16}


def finding(path: Path, line: int | None, severity: Severity, text: str = "it fails") -> Finding:
    """A finding at a line."""
    return document_finding(
        CODES[severity], path, line, message=text, evidence="seen", remedy="mend it",
        severity=severity,
    )  # fmt: skip


def report_in(folder: Path) -> DocumentReport:
    """A section with a note and an accepted finding, one that failed, one that was skipped."""
    read = document(folder, TEXT, "fit, 1.md")
    known = finding(read.path, LINES["first"], Severity.WARNING, "it is known")
    statuses = (CellStatus.OK, CellStatus.ERROR, CellStatus.CASCADE)
    return DocumentReport(
        read.path,
        read,
        cells=tuple(
            CellResult(cell.index, cell.line, status, 1.5, cause=1 if cell.index == 2 else None)
            for cell, status in zip(read.cells, statuses, strict=True)
        ),
        findings=(
            finding(read.path, LINES["second"], Severity.ERROR, "50 % \x1b[1m<lost>\nin a row"),
            finding(read.path, None, Severity.NOTE, "by the way"),
        ),
        accepted=(Accepted(known, "under review", date(2027, 1, 31)),),
        judged_by="execution",
        ending=Ending.COMPLETED,
        seconds=6.0,
    )
