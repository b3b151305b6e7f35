"""A document's report as plain values, and back.

The document itself is not stored: its text is part of the key, and reading it again costs little.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import cattrs
from attrs import frozen

from core.check.compare.judged import JudgedClaim
from core.documents.reading import claims_of, read_document
from core.documents.validation.parity import Parity
from core.documents.validation.report import Against, DocumentReport, Patch
from core.sandbox.guest.events import CellResult
from core.sandbox.host.record import Ending, GuardState
from core.trace.claims import ClaimVerdict
from core.trace.finding import Finding

FORMAT = 2


@frozen
class _Verdict:
    """A figure's verdict; the figure is known by its place among the document's claims."""

    verdict: ClaimVerdict
    observed: object
    finding: Finding | None


@frozen
class _Stored:
    """What is stored of a report."""

    format: int
    guide: str
    cells: tuple[CellResult, ...]
    verdicts: tuple[_Verdict, ...]
    parity: Parity | None
    against: Against | None
    findings: tuple[Finding, ...]
    patches: tuple[Patch, ...]
    judged_by: str
    ending: Ending | None
    guards: tuple[GuardState, ...]
    notes: tuple[str, ...]
    seconds: float


_CONVERTER = cattrs.Converter(forbid_extra_keys=True)
_CONVERTER.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)


def encoded(report: DocumentReport) -> object:
    """A report as plain values, without what was accepted in it."""
    stored = _Stored(
        FORMAT,
        report.guide,
        report.cells,
        tuple(_Verdict(v.verdict, v.observed, v.finding) for v in report.verdicts),
        report.parity,
        report.against,
        report.findings,
        report.patches,
        report.judged_by,
        report.ending,
        report.guards,
        report.notes,
        report.seconds,
    )
    fields: object = _CONVERTER.unstructure(stored)
    return fields


def decoded(fields: object, path: Path) -> DocumentReport:
    """A report of a document from its plain values.

    Raises:
        ValueError: they are no report's, or another document's.
        UsageError: the document cannot be read.
    """
    try:
        stored = _CONVERTER.structure(fields, _Stored)
    except (cattrs.BaseValidationError, TypeError, KeyError) as error:
        raise ValueError(f"no stored report: {error}") from None
    document = read_document(path)
    claims = claims_of(document) if stored.verdicts else ()
    if stored.format != FORMAT or len(claims) != len(stored.verdicts):
        raise ValueError("a stored report of another format or document")
    verdicts = tuple(
        JudgedClaim(claim, v.verdict, cast("float | str | None", v.observed), v.finding)
        for claim, v in zip(claims, stored.verdicts, strict=True)
    )
    return DocumentReport(
        path=path,
        document=document,
        guide=stored.guide,
        cells=stored.cells,
        verdicts=verdicts,
        parity=stored.parity,
        against=stored.against,
        findings=stored.findings,
        patches=stored.patches,
        judged_by=stored.judged_by,
        ending=stored.ending,
        guards=stored.guards,
        notes=stored.notes,
        seconds=stored.seconds,
    )
