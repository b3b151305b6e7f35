"""The report of validated documents, for people on 80 columns and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from core.check.compare.judged import JudgedClaim
from core.documents.accepting import Accepted
from core.documents.reading import Document, read_document
from core.documents.reports import SectionResult, section_results
from core.documents.validation import DocumentReport
from core.documents.validation.parity import Parity, SectionParity
from core.documents.validation.report import Against
from core.errors import UsageError
from core.sandbox.guest.events import CellResult
from core.trace.claims import ClaimKind, ClaimVerdict
from core.trace.encoding import Json, plain
from core.trace.finding import Finding, Severity
from tools.cli.patches import print_patch
from tools.cli.printing import Printer

_STYLE = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_NAMES = {ClaimKind.FIGURE: "other figures", ClaimKind.ABSENT: "never printed"}


def decision(reports: Sequence[DocumentReport]) -> str:
    """The outcome in one sentence."""
    if len(reports) == 1:
        return reports[0].decision
    held = sum(report.holds for report in reports)
    patched = sum(bool(report.patches) for report in reports)
    tail = f"; {patched} {'has a patch' if patched == 1 else 'have patches'}" if patched else ""
    return f"{held} of {len(reports)} hold{tail}"


def print_reports(printer: Printer, reports: Sequence[DocumentReport]) -> None:
    """Every report; of several documents first a line each."""
    if len(reports) > 1:
        for report in reports:
            mark = Text("✓ " if report.holds else "✗ ", "green" if report.holds else "red")
            printer.line(mark + Text(report.decision))
    for report in reports:
        said = report.findings or report.accepted or report.against
        if len(reports) > 1 and not said:
            continue
        _print_one(printer, report)


def _print_one(printer: Printer, report: DocumentReport) -> None:
    printer.line()
    title = report.document.title
    known = f", an edition of {report.guide}" if report.guide else ""
    printer.line(Text(f"{report.path.name}: {title}{known}", style="bold"))
    if report.against is not None:
        printer.line(report.against.sentence)
    if report.verdicts:
        printer.show(_figures(report))
    if report.parity is not None:
        printer.show(_parity(report.parity))
    for finding in report.findings:
        print_finding(printer, finding, _place(finding.where, report))
    for one in report.accepted:
        head = Text("accepted", style="green")
        head.append(f" {one.finding.code}", style="bold")
        head.append(f"  {_place(one.finding.where, report)}, until {one.expires}")
        printer.show(head)
        printer.show(Padding(Text(f"{one.finding.message}\nreason: {one.reason}"), (0, 0, 0, 4)))
    if report.patches:
        printer.show(Text("patch", style="bold"))
        print_patch(printer, report.patches[-1].diff)
    for note in report.notes:
        printer.line(Text(f"note: {note}", style="dim"))


def print_finding(printer: Printer, finding: Finding, place: str) -> None:
    """A finding: what, where, why, and what to do."""
    head = Text(f"{finding.severity}", style=_STYLE[finding.severity])
    head.append(f" {finding.code}", style="bold")
    head.append(f"  {place}")
    printer.show(head)
    for label, text in (
        ("", finding.message),
        ("evidence: ", finding.evidence),
        ("remedy: ", finding.remedy),
    ):
        printer.show(Padding(Text(f"{label}{text}"), (0, 0, 0, 4)))


def _place(where: str, report: DocumentReport) -> str:
    """`line 12` for a line of this document, so that a narrow terminal holds it."""
    prefix = f"{report.path}:"
    return f"line {where.removeprefix(prefix)}" if where.startswith(prefix) else where


def _figures(report: DocumentReport) -> Table:
    table = Table(title="published figures", title_justify="left")
    table.add_column("section", overflow="fold")
    table.add_column("figures")
    for heading in ("published", "hold", "differ", "missing", "not reached"):
        table.add_column(heading, justify="right")
    rows: dict[tuple[str, str], list[JudgedClaim]] = {}
    for verdict in report.verdicts:
        section = report.document.sections[verdict.claim.at.section].title
        kind = _NAMES.get(verdict.claim.kind, str(verdict.claim.kind))
        rows.setdefault((section, kind), []).append(verdict)
    last = ""
    for (section, kind), verdicts in rows.items():
        counts = [
            sum(v.verdict is outcome for v in verdicts)
            for outcome in (
                ClaimVerdict.HOLDS,
                ClaimVerdict.DIFFERS,
                ClaimVerdict.NOT_REPRODUCED,
                ClaimVerdict.NOT_REACHED,
            )
        ]
        shown = [str(count) if count else "" for count in counts]
        table.add_row("" if section == last else section, kind, str(len(verdicts)), *shown)
        last = section
    return table


def _parity(parity: Parity) -> Table:
    table = Table(title=f"step by step against {parity.guide}", title_justify="left")
    table.add_column("section")
    table.add_column("steps", justify="right")
    table.add_column("result", overflow="fold")
    for section in parity.sections:
        if section.first is not None:
            first = section.first
            result = f"{first.loss} differs at step {first.step} by {first.relative:.1e}"
        else:
            result = section.reason or "bit-identical"
        table.add_row(section.scenario.partition("/")[2], str(section.steps), result)
    return table


def document_fields(report: DocumentReport) -> dict[str, Json]:
    """The fields of one document."""
    return {
        "document": str(report.path),
        "decision": report.decision,
        "title": report.document.title,
        "written_as": str(report.document.format),
        "guide": report.guide or None,
        "judged_by": report.judged_by,
        "judged": report.judged,
        "holds": report.holds,
        "cells": _cells(report),
        "claims": [_claim(verdict) for verdict in report.verdicts],
        "parity": _parity_fields(report.parity),
        "against": _against(report.against),
        "findings": plain(report.findings),
        "accepted": [_accepted(one) for one in report.accepted],
        "sections": _sections(report),
        "patches": plain(report.patches),
        "guards": plain(report.guards),
        "notes": plain(report.notes),
        "seconds": report.seconds,
    }


def listed_sections(path: Path) -> tuple[Document, tuple[SectionResult, ...]]:
    """A document and its sections with code; nothing is run."""
    document = read_document(path)
    return document, section_results(DocumentReport(path, document))


def listing_fields(document: Document, sections: Sequence[SectionResult]) -> dict[str, Json]:
    """The fields of a document whose sections are listed."""
    return {
        "document": str(document.path),
        "title": document.title,
        "format": str(document.format),
        "cells": len(document.cells),
        "sections": [
            {"id": section.id, "title": section.title, "line": section.line} for section in sections
        ],
    }


def _accepted(one: Accepted) -> Json:
    return {
        "finding": plain(one.finding),
        "reason": one.reason,
        "expires": one.expires.isoformat(),
    }


def _sections(report: DocumentReport) -> list[Json]:
    return [
        {
            "id": section.id,
            "title": section.title,
            "line": section.line,
            "status": section.status,
            "reason": section.reason,
            "seconds": section.seconds,
            "findings": plain(section.findings),
            "accepted": [_accepted(one) for one in section.accepted],
        }
        for section in section_results(report)
    ]


def _cells(report: DocumentReport) -> list[Json]:
    results: Mapping[int, CellResult] = {cell.index: cell for cell in report.cells}
    found: list[Json] = []
    for cell in report.document.cells:
        result = results.get(cell.index)
        found.append(
            {
                "index": cell.index,
                "section": report.document.sections[cell.section].id,
                "language": cell.language,
                "line": cell.line,
                "status": str(result.status) if result else "skipped",
                "seconds": result.seconds if result else 0.0,
                "steps": result.steps if result else 0,
                "error": plain(result.error) if result else None,
            }
        )
    return found


def _claim(verdict: JudgedClaim) -> Json:
    claim = verdict.claim
    return {
        "kind": str(claim.kind),
        "name": claim.name,
        "cell": claim.at.cell,
        "line": claim.line,
        "published": claim.printed,
        "observed": plain(verdict.observed),
        "verdict": str(verdict.verdict),
    }


def _against(against: Against | None) -> Json:
    if against is None:
        return None
    return {
        "document": str(against.original),
        "comparable": against.comparable,
        "identical": against.identical,
        "statements": against.statements,
        "same": against.same,
        "differences": against.differences,
        "sentence": against.sentence,
    }


def not_judged(reports: Sequence[DocumentReport]) -> UsageError | None:
    """The error of documents of which nothing was judged; None where there is none."""
    left = [report for report in reports if not report.judged]
    if not left:
        return None
    first = left[0]
    said = first.findings[0] if first.findings else None
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    return UsageError(
        f"nothing was judged: {said.message if said else 'no cell ran'}",
        where=f"{first.path}{more}",
        expected="a document with code that runs here, or of a guide that is known",
        remedy=said.remedy if said else "see `parity validate --list` for what is read of it",
    )


def _parity_fields(parity: Parity | None) -> Json:
    if parity is None:
        return None
    return {
        "scenario": parity.guide,
        "similarity": parity.similarity,
        "compared_steps": parity.compared_steps,
        "bit_identical": parity.bit_identical,
        "first_difference": next(filter(None, map(_first_fields, parity.sections)), None),
        "sections": [
            {
                "scenario": section.scenario,
                "steps": section.steps,
                "reason": section.reason,
                "first": _first_fields(section),
            }
            for section in parity.sections
        ],
    }


def _first_fields(section: SectionParity) -> Json:
    first = section.first
    if first is None:
        return None
    return {
        "scenario": section.scenario,
        "loss": first.loss,
        "step": first.step,
        "document": plain(first.a),
        "declared": plain(first.b),
        "relative": plain(first.relative),
    }
