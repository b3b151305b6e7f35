"""Validating one document: read it, run it, judge every figure, compare it with its scenarios."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import evolve

from core.documents.reading import (
    Document,
    Recognition,
    claims_of,
    compare_code,
    document_finding,
    drift_findings,
    follow,
    read_document,
    recognise,
)
from core.documents.rules import NOTHING_RAN
from core.documents.validation.by_scenarios import Stand, judge_by_scenarios
from core.documents.validation.declared import parity_of
from core.documents.validation.executing import Executed, executed
from core.documents.validation.figures import Judging, judge_figures
from core.documents.validation.in_r import r_missing
from core.documents.validation.matching import paired
from core.documents.validation.observed import observations, printed_rows
from core.documents.validation.parity import Parity
from core.documents.validation.report import Against, DocumentReport, Patch, sorted_findings
from core.documents.validation.running import execution_findings
from core.documents.validation.settings import Settings
from core.errors import UsageError, did_you_mean
from core.sandbox.guest.events import CellStatus
from core.sandbox.host import ExecutionRecord
from core.spec.defect import by_line
from core.trace.claims import Claim
from core.trace.finding import Finding, FindingCode, Severity


def validate(path: Path, settings: Settings) -> DocumentReport:
    """Validate one document.

    Args:
        path: the document.
        settings: how.

    Raises:
        UsageError: the path, or the original it is compared with, cannot be read.
        ExecutionError: a declared scenario failed to run.
    """
    started = time.monotonic()
    document = read_document(path)
    against, drift = _against(document, settings)
    findings = [*document.findings, *drift]
    recognition = _recognised(document, settings)
    guide = recognition.guide if recognition else ""
    report = DocumentReport(path, document, guide, against=against)
    claims = claims_of(document)
    ran, missing = executed(document, settings)
    if ran is not None:
        report = _executed(report, claims, recognition, settings, findings, ran)
    elif document.language == "r" and recognition is not None:
        report = _by_scenarios(report, claims, recognition, settings, findings)
        message = "judged against the declared scenarios, for R is not run here"
        findings.append(r_missing(document, message, missing))
    elif document.language == "r":
        message = "the document's R code was read, not run, and it is of no known guide"
        findings.append(r_missing(document, message, missing))
    if report.judged_by != "execution":
        findings.extend(_rules(document, NOTHING_RAN, settings))
    return evolve(
        report,
        findings=sorted_findings([*findings, *report.findings]),
        seconds=time.monotonic() - started,
    )


def _recognised(document: Document, settings: Settings) -> Recognition | None:
    if settings.scenario is None:
        return recognise(document, settings.known)
    guide = next((known for known in settings.known if known.guide == settings.scenario), None)
    if guide is None:
        raise UsageError(
            f"unknown guide {settings.scenario!r}",
            where="--scenario",
            expected=", ".join(known.guide for known in settings.known),
            remedy=did_you_mean(
                settings.scenario,
                [known.guide for known in settings.known],
                "name one of these, or leave it out: documents are recognised by their code",
            ),
        )
    return follow(document, guide)


def _against(document: Document, settings: Settings) -> tuple[Against | None, Sequence[Finding]]:
    """Whether a translation says the same as its original."""
    original = settings.against
    if original is None and document.against is not None:
        named = document.path.parent / document.against
        original = named if named.is_file() else None
    if original is None:
        return None, ()
    other = read_document(original, rendering=False)
    comparison = compare_code(other, document)
    against = Against(
        original,
        comparison.comparable,
        comparison.statements[1],
        comparison.same,
        len(comparison.differences),
    )
    if not comparison.comparable:
        return against, (
            document_finding(
                FindingCode.TRANSLATION_DRIFT,
                document.path,
                None,
                message=f"cannot be compared with {original}",
                evidence=f"{other.language} there, {document.language} here",
                remedy="name an original in the same language",
                severity=Severity.NOTE,
            ),
        )
    return against, drift_findings(FindingCode.TRANSLATION_DRIFT, other, document, comparison)


def _executed(
    report: DocumentReport,
    claims: Sequence[Claim],
    recognition: Recognition | None,
    settings: Settings,
    findings: list[Finding],
    ran: Executed,
) -> DocumentReport:
    document = report.document
    findings.extend(execution_findings(document, ran.record))
    for patch in ran.patches:
        findings.append(_repaired(document, patch))
    pairs, _ = paired(claims, observations(document, printed_rows(ran.record)))
    judging = Judging(
        ran.record,
        _same_data(document, settings),
        _after_cut(ran.record),
        _stand_ins(document, ran.record),
    )
    verdicts = judge_figures(pairs, judging)
    findings.extend(v.finding for v in verdicts if v.finding is not None)
    findings.extend(_rules(document, ran.record, settings))
    parity = None
    # Another interpreter has other packages, whose numbers need not be those of the scenarios.
    if recognition is not None and settings.python == sys.executable:
        backend = ran.program.chosen_backend()
        parity = parity_of(settings.declared, recognition, ran.record, backend)
        findings.extend(_different(document, parity))
    return evolve(
        report,
        cells=ran.record.cells,
        verdicts=tuple(verdicts),
        parity=parity,
        patches=ran.patches,
        judged_by="execution",
        ending=ran.record.ending,
        guards=ran.record.guards,
        notes=ran.record.notes,
    )


def _rules(document: Document, record: ExecutionRecord, settings: Settings) -> Iterable[Finding]:
    for rule in settings.rules:
        yield from rule(document, record)


def _repaired(document: Document, patch: Patch) -> Finding:
    return document_finding(
        FindingCode.DEPRECATED_API,
        document.path,
        patch.line,
        message=f"needs a repair to run: {patch.what}",
        evidence="the document ran further with it",
        remedy="apply the patch in the report",
        severity=Severity.ERROR,
    )


def _different(document: Document, parity: Parity | None) -> Iterable[Finding]:
    """That a document's losses are not the declared scenario's, the first one of each section."""
    for section in parity.sections if parity else ():
        if section.first is not None:
            first = section.first
            yield document_finding(
                FindingCode.PARITY_DIFFERENCE,
                document.path,
                None,
                message=f"the document does not train as {section.scenario} is declared",
                evidence=f"{first.loss} of step {first.step}: {first.a!r} here, "
                f"{first.b!r} declared; relative difference {first.relative:.1e}",
            )


def _after_cut(record: ExecutionRecord) -> frozenset[int]:
    """Cells after one that did not train as long as the document did, but for full listings."""
    first = next((cell.index for cell in record.cells if cell.cut is not None), None)
    if first is None:
        return frozenset()
    later = (cell for cell in record.cells if cell.index > first)
    return frozenset(cell.index for cell in later if cell.status is not CellStatus.SKIPPED)


def _stand_ins(document: Document, record: ExecutionRecord) -> dict[int, int]:
    """For a full listing that was not run, the cell it repeats that trained most."""
    found = {}
    for cell in document.cells:
        if cell.repeats and record.cells[cell.index].status is CellStatus.SKIPPED:
            found[cell.index] = max(cell.repeats, key=lambda index: record.cells[index].steps)
    return found


def _same_data(document: Document, settings: Settings) -> bool:
    """Whether the run trained on what the document trained on."""
    uses_mnist = any("mnist" in cell.source for cell in document.cells)
    return not uses_mnist or settings.images.name != "digits"


def _by_scenarios(
    report: DocumentReport,
    claims: Sequence[Claim],
    recognition: Recognition,
    settings: Settings,
    findings: list[Finding],
) -> DocumentReport:
    declared = settings.declared
    scenarios = declared.scenarios(recognition.guide)
    sections = set(recognition.cells.values())
    scenarios = tuple(s for s in scenarios if s.section in sections)
    traces = declared.traces([declared.job([s.id for s in scenarios], "tensorflow", None)])
    entry = next(e for e in declared.catalog.guides if e.guide.id == recognition.guide)
    stand = Stand(scenarios, traces, by_line(entry.defects), settings.images.name != "digits")
    verdicts = judge_by_scenarios(claims, recognition, stand)
    findings.extend(v.finding for v in verdicts if v.finding is not None)
    return evolve(report, verdicts=tuple(verdicts), judged_by="scenarios")
