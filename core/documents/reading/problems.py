"""What can be wrong with a document as a whole, as findings."""

from __future__ import annotations

from pathlib import Path

from core.documents.reading.document import document_finding
from core.trace.finding import Finding, Severity


def too_large(path: Path, found: str, limit: str) -> Finding:
    """The document, or something in it, is beyond what is read."""
    return document_finding(
        "document-too-large",
        path,
        None,
        message="the document is too large to be read; none of its code was taken",
        evidence=f"{found}; the limit is {limit}",
        remedy="split the document, or remove embedded data from it",
    )


def unreadable(path: Path, reason: str) -> Finding:
    """Nothing can be made of the file's content."""
    return document_finding(
        "document-unreadable",
        path,
        None,
        message=f"the document cannot be read: {reason}",
        evidence=f"the file's name is {path.name!r}",
        remedy="save it as UTF-8 text in one of the supported formats",
    )


def no_code(path: Path, evidence: str) -> Finding:
    """There is nothing to execute."""
    return document_finding(
        "no-code",
        path,
        None,
        message="there is no code to execute in the document",
        evidence=evidence,
        remedy="name the document that holds the code, or mark its code as Python or R",
        severity=Severity.WARNING,
    )


def other_format(path: Path, message: str) -> Finding:
    """The content is not quite what the file's name says."""
    return document_finding(
        "document-format",
        path,
        None,
        message=message,
        evidence=f"the file's name is {path.name!r}",
        remedy="rename the file, or save it in the format its name says",
        severity=Severity.NOTE,
    )


def not_utf8(path: Path, line: int, evidence: str) -> Finding:
    """Some bytes are not UTF-8."""
    return document_finding(
        "document-encoding",
        path,
        line,
        message="the document is not UTF-8",
        evidence=evidence,
        remedy="save the document as UTF-8; it was read with U+FFFD for what is not",
        severity=Severity.WARNING,
    )


def bad_header(path: Path, evidence: str) -> Finding:
    """The front matter cannot be read."""
    return document_finding(
        "document-header",
        path,
        1,
        message="the front matter is no valid YAML",
        evidence=evidence,
        remedy="correct the header; the rest of the document was read without it",
        severity=Severity.WARNING,
    )
