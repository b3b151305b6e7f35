"""`--html`: the drill-down page of a rehearsal."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import UsageError
from core.storage import os_errors_as, write_atomically
from core.upgrade.environments.resolution import available
from core.upgrade.page.curves import picture
from core.upgrade.page.page import Drawer, page
from core.upgrade.rehearsal.report import ResultRow
from core.upgrade.rehearsal.verdict import Kind
from core.upgrade.why.artifacts.own import Kept
from core.upgrade.why.why import Why
from tools.cli.rehearsing import Rehearsed


def write_page(
    path: Path, rehearsed: Rehearsed, whys: Sequence[Why], files: Sequence[Kept]
) -> None:
    """Writes the page.

    Raises:
        UsageError: the file cannot be written.
    """
    known = {(why.candidate, subject.subject): subject for why in whys for subject in why.subjects}
    drawers = [
        Drawer(row, known.get((row.candidate, row.subject)), _picture(rehearsed, row))
        for row in rehearsed.report.results
    ]
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    text = page(rehearsed.report, drawers, whys, files, command)
    with os_errors_as(
        UsageError,
        where=f"--html {path}",
        expected="a file in a folder this user may write",
        remedy="name another file",
    ):
        write_atomically(path, text)


def _picture(rehearsed: Rehearsed, row: ResultRow) -> str:
    """The curves, where both runs trained and the numbers are not the same."""
    if row.verdict.kind is Kind.IDENTICAL:
        return ""
    subject = next(s for s in rehearsed.rehearsal.subjects if s.name == row.subject)
    resolved = {each.request.spec: each for each in rehearsed.resolutions}
    base, mine = available(resolved[row.baseline]), available(resolved[row.candidate])
    observed = [rehearsed.rehearsal.observed(each, subject) for each in (base, mine)]
    traces = [each.controlled_trace for each in observed]
    if traces[0] is None or traces[1] is None or not traces[0].losses:
        return ""
    horizon = rehearsed.rehearsal.horizon(base, subject)
    return picture(traces[0], traces[1], horizon, (row.baseline, row.candidate))
