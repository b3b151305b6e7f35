"""The answer of `parity upgrade`: printed, saved, as JSON, as a page; and its exit code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from core.errors import UsageError
from core.storage import os_errors_as, write_atomically
from core.trace.encoding import Json
from core.upgrade.rehearsal.report import Report
from core.upgrade.why.artifacts.own import Kept
from core.upgrade.why.why import Why
from tools.cli.document import emit, error_fields
from tools.cli.main import FINDINGS, OK, fail
from tools.cli.printing import Printer, say
from tools.cli.rehearsing import Rehearsed
from tools.cli.upgrade_options import More
from tools.cli.upgrade_report import (
    print_details,
    print_environments,
    print_head,
    print_matrix,
    report_fields,
)
from tools.cli.upgrade_why import (
    explained,
    kept,
    kept_fields,
    print_kept,
    print_why,
    why_fields,
)


def answer(rehearsed: Rehearsed, more: More, out: Path | None, *, as_json: bool) -> int:
    """Answers; returns the exit code.

    Args:
        rehearsed: what to tell.
        more: the options beyond the matrix.
        out: where the JSON document is saved, too; None for nowhere.
        as_json: whether stdout is that document.

    Raises:
        ParityError: a file that cannot be written or read.
    """
    report = rehearsed.report
    for path in rehearsed.rehearsal.engine.results.damaged:
        click.echo(f"a damaged entry of the cache was made again: {path}", err=True)
    whys: tuple[Why, ...] = ()
    files: tuple[Kept, ...] = ()
    if not report.impossible:
        whys = explained(rehearsed) if more.why else ()
        files = kept(rehearsed, more.artifacts) if more.artifacts else ()
    fields: dict[str, Json] = dict(report_fields(report))
    if more.why:
        fields["why"] = why_fields(whys)
    if more.artifacts:
        fields["artifacts"] = kept_fields(files)
    if out is not None:
        save(out, fields)
    if more.page is not None:
        from tools.cli.upgrade_page import write_page  # draws with matplotlib

        write_page(more.page, rehearsed, whys, files)
    nothing = nothing_compared(report) if report.impossible else None
    if as_json:
        emit("upgrade", fields | ({"error": error_fields(nothing)} if nothing else {}))
    else:
        _print(report, whys, files)
    if nothing:
        return fail(nothing)
    lost = any(not passage.works for file in files for passage in file.passages)
    return FINDINGS if report.fails or lost else OK


def nothing_compared(report: Report) -> UsageError:
    """The error of a rehearsal in which nothing was compared."""
    for row in report.environments:
        if not row.ready:
            return UsageError(
                f"nothing was compared: {row.status}",
                where=row.spec,
                expected="an environment that can be made",
                remedy="name another SPEC; the report says why this one cannot be had",
            )
    left_out = "; ".join(f"{name}: {why}" for name, why in report.left_out.items())
    return UsageError(
        f"nothing was compared: {left_out or 'there is no result'}",
        where="ID|DOC",
        expected="a scenario or document that trains",
        remedy="name another one, or one that is left out by its ID",
    )


def _print(report: Report, whys: Sequence[Why], files: Sequence[Kept]) -> None:
    say(report.decision)
    printer = Printer(wide=80)
    print_head(printer, report)
    if report.results:
        print_matrix(printer, report)
        print_environments(printer, report)
        print_details(printer, report)
    print_why(printer, whys)
    print_kept(printer, files)


def save(folder: Path, fields: object) -> None:
    """Saves the document's own fields as `upgrade.json`.

    Raises:
        UsageError: the folder cannot be written.
    """
    with os_errors_as(
        UsageError,
        where=f"--out {folder}",
        expected="a folder this user may write",
        remedy="name another folder",
    ):
        write_atomically(folder / "upgrade.json", json.dumps(fields, ensure_ascii=False, indent=1))
