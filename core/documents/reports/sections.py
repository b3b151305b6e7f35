"""A document's report, section by section: what a test of a section says."""

from __future__ import annotations

from attrs import frozen

from core.documents.accepting import Accepted
from core.documents.accepting.applying import lines_of
from core.documents.validation.report import DocumentReport
from core.sandbox.guest.events import CellStatus
from core.trace.finding import Finding


@frozen
class SectionResult:
    """One section with code.

    Attributes:
        id: its slug, unique in the document.
        title: its heading.
        line: its heading's line.
        seconds: what its cells took.
        status: `failed`, `skipped` (nothing of it ran; `reason` says why) or `passed`.
        reason: why it was skipped.
        findings: what was found in it.
        accepted: what was found in it and is accepted.
    """

    id: str
    title: str
    line: int
    seconds: float
    status: str
    reason: str
    findings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]


def section_results(report: DocumentReport) -> tuple[SectionResult, ...]:
    """The sections that hold code, in order; a document without code is one section.

    A finding belongs to the last of them that begins at or before its line; one that names no line
    belongs to the first.
    """
    document = report.document
    coded = sorted({cell.section for cell in document.cells}) or [0]
    starts = [document.sections[index].line for index in coded]
    findings: list[list[Finding]] = [[] for _ in coded]
    accepted: list[list[Accepted]] = [[] for _ in coded]

    def place(finding: Finding) -> int:
        lines = lines_of(finding, document)
        if lines is None:
            return 0
        before = [n for n, start in enumerate(starts) if start <= lines[0]]
        return before[-1] if before else 0

    for finding in report.findings:
        findings[place(finding)].append(finding)
    for one in report.accepted:
        accepted[place(one.finding)].append(one)
    return tuple(
        _result(report, index, tuple(findings[number]), tuple(accepted[number]))
        for number, index in enumerate(coded)
    )


def _result(
    report: DocumentReport,
    index: int,
    findings: tuple[Finding, ...],
    accepted: tuple[Accepted, ...],
) -> SectionResult:
    section = report.document.sections[index]
    mine = {cell.index for cell in report.document.cells if cell.section == index}
    cells = [cell for cell in report.cells if cell.index in mine]
    status, reason = "passed", ""
    ran = [cell for cell in cells if cell.status is not CellStatus.SKIPPED]
    if any(finding.fails for finding in findings):
        status = "failed"
    elif ran and all(cell.status is CellStatus.CASCADE for cell in ran):
        status, reason = "skipped", f"follows from cell {ran[0].cause}, which failed before"
    elif cells and not ran and report.judged_by == "execution":
        status, reason = "skipped", next((c.note for c in cells if c.note), "nothing of it is run")
    return SectionResult(
        id=section.id,
        title=section.title,
        line=section.line,
        seconds=sum(cell.seconds for cell in cells),
        status=status,
        reason=reason,
        findings=findings,
        accepted=accepted,
    )
