"""A small published document, and what executions of it would have shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from attrs import evolve

from core.check.compare.judged import JudgedClaim
from core.documents.reading import Document, claims_of, read_document
from core.documents.validation.figures import Judging, judge_figures
from core.documents.validation.matching import paired
from core.documents.validation.observed import observations, printed_rows
from core.sandbox.guest.events import CellResult, CellStatus, Cut, Event, Line
from core.sandbox.host import ExecutionRecord
from core.sandbox.host.record import Ending

PUBLISHED = """# A loop

```python
for epoch in range(2):
    print(f"Start of epoch {epoch}")
    for step in range(0, 300, 100):
        print(f"Training loss at step {step}: {loss:.4f}")
        print(f"Seen so far: {seen} samples")
    print(f"Validation acc: {acc:.4f}")
    print(f"Time taken: {seconds:.2f}s")
```

<div class="k-default-codeblock">
```
Start of epoch 0
Training loss at step 0: 2.4000
Seen so far: 32 samples
Training loss at step 100: 1.2000
Seen so far: 3232 samples
Training loss at step 200: 0.9000
Seen so far: 6432 samples
Validation acc: 0.8500
Time taken: 4.00s
Start of epoch 1
Training loss at step 0: 0.8000
Seen so far: 32 samples
Training loss at step 100: 0.7000
Seen so far: 3232 samples
Training loss at step 200: 0.6000
Seen so far: 6432 samples
Validation acc: 0.9000
Time taken: 1.00s

```
</div>
"""


def document_at(folder: Path, text: str = PUBLISHED) -> Document:
    """The document, read from a file."""
    path = folder / "loop.md"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def rows_of(document: Document) -> list[str]:
    """What the document publishes, row by row."""
    return [text for output in document.outputs for _, text in output.rows if text]


def record_of(
    document: Document,
    rows: Sequence[str],
    *,
    status: CellStatus = CellStatus.OK,
    cut: Cut | None = None,
    cut_after: int | None = None,
    events: Sequence[Event] = (),
) -> ExecutionRecord:
    """An execution whose first cell printed some rows."""
    first = document.cells[0].line
    lines = [
        Line(0, first, "stdout", text, 0, after_cut=cut_after is not None and n >= cut_after)
        for n, text in enumerate(rows)
    ]
    cells = tuple(
        CellResult(index=cell.index, line=cell.line, status=status, cut=cut)
        for cell in document.cells
    )
    return ExecutionRecord(
        cells=cells,
        events=(*lines, *events),
        ending=Ending.COMPLETED,
        exit_code=0,
        seconds=1.0,
        peak_memory=0,
        guards=(),
    )


def judged(
    document: Document,
    record: ExecutionRecord,
    *,
    same_data: bool = True,
    cut_before: frozenset[int] = frozenset(),
) -> list[JudgedClaim]:
    """The verdicts on the document's figures."""
    found = observations(document, printed_rows(record))
    pairs, _ = paired(claims_of(document), found)
    return judge_figures(pairs, Judging(record, same_data, cut_before))


def stopped(record: ExecutionRecord, index: int, status: CellStatus) -> ExecutionRecord:
    """The same execution with another end of one cell."""
    cells = tuple(
        replace(cell, status=status) if cell.index == index else cell for cell in record.cells
    )
    return evolve(record, cells=cells)
