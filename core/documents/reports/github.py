"""GitHub annotations: workflow commands that mark a document's lines in a pull request.

The runner reads them from either stream of a step. In a message `%`, carriage return and line feed
are escaped as in a URL, in a property `:` and `,` as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.documents.accepting.applying import lines_of
from core.documents.validation.report import DocumentReport
from core.trace.finding import Finding, Severity

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github_annotations(reports: Sequence[DocumentReport], root: Path) -> Iterator[str]:
    """One command for each finding, errors first; an accepted finding is a notice.

    Args:
        reports: the reports.
        root: the folder that paths are relative to: the checkout.
    """
    rows = [
        (finding, _COMMAND[finding.severity], f"remedy: {finding.remedy}", report)
        for report in reports
        for finding in report.findings
    ]
    rows += [
        (one.finding, "notice", f"accepted until {one.expires}: {one.reason}", report)
        for report in reports
        for one in report.accepted
    ]
    order = list(_COMMAND.values())
    for finding, command, last, report in sorted(rows, key=lambda row: order.index(row[1])):
        yield _row(finding, command, last, report, root)


def _row(finding: Finding, command: str, last: str, report: DocumentReport, root: Path) -> str:
    properties = {"file": _relative(report.path, root)}
    lines = lines_of(finding, report.document)
    if lines is not None:
        properties["line"] = str(lines[0])
        if lines[1] != lines[0]:
            properties["endLine"] = str(lines[1])
    properties["title"] = finding.code
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = f"{finding.message}\nevidence: {finding.evidence}\n{last}"
    return f"::{command} {named}::{_message(text)}"


def _relative(path: Path, root: Path) -> str:
    """The path from the checkout, which is how GitHub finds the file."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 - links stay as the checkout has them
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
