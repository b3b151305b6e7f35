"""Documents in R: executed by R where it is here, else a note on what is missing."""

from __future__ import annotations

from typing import Unpack

from core.documents.in_r import RProgram, r_available, r_program_of, run_r
from core.documents.reading import Document, document_finding
from core.sandbox.host import ExecutionRecord, Limits
from core.sandbox.host.record import Ending
from core.sandbox.host.run import Conditions
from core.trace.finding import Finding, FindingCode


def execute_r(
    document: Document,
    limits: Limits,
    *,
    seed: int,
    python: str,
    **conditions: Unpack[Conditions],
) -> tuple[RProgram, ExecutionRecord | None, str]:
    """Runs the R cells of a document, where R can.

    Args:
        document: the document.
        limits: how far it may go.
        seed: seeds R and everything it leads to.
        python: the interpreter that R is bound to.
        conditions: as the sandbox takes them.

    Returns:
        The program; its record, None where R could not run it; and then what is missing.
    """
    program = r_program_of(document)
    missing = r_available().missing(program.packages)
    if missing:
        return program, None, missing
    record = run_r(program, limits, seed=seed, python=python, **conditions)
    if record.ending is Ending.FAILED:
        return program, None, "; ".join(record.notes) or "R could not be started"
    return program, record, ""


def r_missing(document: Document, message: str, missing: str) -> Finding:
    """The note that a document's R code was not run."""
    return document_finding(
        FindingCode.R_MISSING,
        document.path,
        None,
        message=message,
        evidence=missing,
    )
