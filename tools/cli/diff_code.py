"""How `parity diff` shows specs and code: in a pipe, on a terminal, as a page, as JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.dialects import Printing
from core.diff.asked import is_document
from core.diff.comparison import Comparison, compare_subjects
from core.diff.subject import names_a_dialect_only, subject
from core.errors import UsageError
from core.storage import os_errors_as, write_atomically
from core.trace.encoding import Json
from tools.cli import options
from tools.cli.printing import say

if TYPE_CHECKING:
    from core.diff.courses import Courses


def compared(a: str, b: str, seed: int, folders: tuple[Path, ...]) -> Comparison:
    """Two subjects, compared without running anything.

    Raises:
        UsageError: an unknown scenario or dialect, one that cannot print its section, or a
            document that cannot be read.
    """
    catalog = options.catalog(folders)
    if not (is_document(a) or is_document(b)):
        return compare_subjects(subject(catalog, a), subject(catalog, b), Printing(seed=seed))
    from core.diff.documents import comparing

    known = options.repository / "scenarios"
    if is_document(a) and is_document(b):
        return comparing.documents_beside(Path(a), Path(b), known)
    if is_document(a):
        return comparing.document_beside_section(Path(a), subject(catalog, b), known)
    found = comparing.document_beside_section(Path(b), subject(catalog, a), known)
    return comparing.turned(found)


def code_fields(comparison: Comparison) -> dict[str, Json]:
    """The fields `spec` and `aligned`, and what else a reader of code may want."""
    rows: list[Json] = [
        {"op": row.op, "a": row.a, "b": row.b, "same": row.same, "changed": row.changed}
        for row in comparison.rows
    ]
    return {
        "spec": [one.sentence for one in comparison.spec],
        "differences": [
            {"what": one.what, "a": one.a, "b": one.b, "kind": one.kind, "ops": list(one.ops)}
            for one in comparison.spec
        ],
        "aligned": rows,
    }


def show(comparison: Comparison, *, decision: str = "", courses: Courses | None = None) -> None:
    """The decision, the differences in words, the code side by side, both runs."""
    say(decision or comparison.decision)
    if sys.stdout.isatty():
        from rich.console import Console

        from core.diff.showing import terminal

        console = Console()
        terminal.show(comparison, console)
        if courses is not None:
            terminal.show_runs(courses, console)
        return
    from core.diff.showing import plain

    for line in (*plain.sentences(comparison), "", *plain.code(comparison)):
        say(line)
    for line in plain.runs(courses) if courses is not None else ():
        say(line)


def write_page(comparison: Comparison, path: Path, courses: Courses | None = None) -> None:
    """Writes the comparison as one HTML page.

    Raises:
        UsageError: the file cannot be written.
    """
    from core.diff.showing.page import page

    with os_errors_as(
        UsageError,
        where=f"--html {path}",
        expected="a file in a folder this user may write",
        remedy="name another file",
    ):
        write_atomically(path, page(comparison, courses))
    click.echo(f"wrote {path}", err=True)


def wants_programs(a: str, b: str) -> bool:
    """Whether a run of both sides is a run of printed programs: one of them is no backend's."""
    return names_a_dialect_only(a) or names_a_dialect_only(b)
