"""Reports after `--accept`, and where else they are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from attrs import evolve, frozen

from core.documents.accepting import Entry, accept, leftovers, read_accept_file
from core.documents.reports import github_annotations, junit_xml
from core.documents.validation import DocumentReport
from core.errors import UsageError
from core.storage import os_errors_as, write_atomically
from core.trace.finding import Finding


@frozen
class Judged:
    """Reports without their accepted findings, and entries that have run out or accept nothing."""

    reports: tuple[DocumentReport, ...]
    entries: tuple[Finding, ...]


def judged(reports: Sequence[DocumentReport], entries: Sequence[Entry]) -> Judged:
    """Take accepted findings out of reports, as of today (UTC)."""
    today = datetime.now(UTC).date()
    used: set[Entry] = set()
    found = []
    for report in reports:
        applied = accept(report.findings, report.document, entries, today)
        used |= applied.used
        found.append(evolve(report, findings=applied.left, accepted=applied.accepted))
    paths = [report.path for report in reports]
    return Judged(tuple(found), tuple(leftovers(entries, used, paths, today)))


def entries_of(path: Path | None) -> tuple[Entry, ...]:
    """The entries of the file that `--accept` names.

    Raises:
        UsageError: it cannot be read.
    """
    return () if path is None else read_accept_file(path)


def write_junit(path: Path, reports: Sequence[DocumentReport]) -> None:
    """Write JUnit XML.

    Raises:
        UsageError: the file cannot be written.
    """
    with os_errors_as(
        UsageError,
        where=f"--junit {path}",
        expected="a file in a folder this user may write",
        remedy="name another file",
    ):
        write_atomically(path, junit_xml(reports))


def annotate(reports: Sequence[DocumentReport]) -> None:
    """Print GitHub annotations on stderr, which the runner reads as well as stdout."""
    for row in github_annotations(reports, Path.cwd()):
        click.echo(row, err=True)
