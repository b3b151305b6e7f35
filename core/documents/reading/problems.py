"""What can be wrong with a document as a whole, as findings."""

from __future__ import annotations

from pathlib import Path

from core.documents.reading.document import document_finding
from core.trace.finding import Finding, FindingCode


def too_large(path: Path, found: str, limit: str) -> Finding:
    """The document, or something in it, is beyond what is read."""
    return document_finding(
        FindingCode.DOCUMENT_TOO_LARGE,
        path,
        None,
        message="the document is too large to be read; none of its code was taken",
        evidence=f"{found}; the limit is {limit}",
    )


def unreadable(path: Path, reason: str) -> Finding:
    """Nothing can be made of the file's content."""
    return document_finding(
        FindingCode.DOCUMENT_UNREADABLE,
        path,
        None,
        message=f"the document cannot be read: {reason}",
        evidence=f"the file's name is {path.name!r}",
    )


def no_code(path: Path, evidence: str) -> Finding:
    """There is nothing to execute."""
    return document_finding(
        FindingCode.NO_CODE,
        path,
        None,
        message="there is no code to execute in the document",
        evidence=evidence,
    )


def other_format(path: Path, message: str) -> Finding:
    """The content is not quite what the file's name says."""
    return document_finding(
        FindingCode.DOCUMENT_FORMAT,
        path,
        None,
        message=message,
        evidence=f"the file's name is {path.name!r}",
    )


def not_utf8(path: Path, line: int, evidence: str) -> Finding:
    """Some bytes are not UTF-8."""
    return document_finding(
        FindingCode.DOCUMENT_ENCODING,
        path,
        line,
        message="the document is not UTF-8",
        evidence=evidence,
    )


def bad_header(path: Path, evidence: str) -> Finding:
    """The front matter cannot be read."""
    return document_finding(
        FindingCode.DOCUMENT_HEADER,
        path,
        1,
        message="the front matter is no valid YAML",
        evidence=evidence,
    )
