"""`parity bisect`: find the release that changed a trace."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import attrs
import click
from rich.table import Table
from rich.text import Text

from core.errors import UsageError
from core.extras import require
from core.trace.encoding import Json, plain
from core.upgrade.bisect.bisection import Bisection
from core.upgrade.bisect.hunt import bisect
from core.upgrade.bisect.releases import releases_between
from core.upgrade.bisect.trial import Trials
from core.upgrade.environments.resolution import available
from core.upgrade.environments.uv import index_options, run_uv
from core.upgrade.rehearsal.call import Call
from core.upgrade.rehearsal.engine import upgrade_folder
from core.upgrade.rehearsal.resolving import resolve_all
from core.upgrade.rehearsal.verdict import Kind
from tools.cli import options, rehearsing
from tools.cli.completion import complete_ids_or_files
from tools.cli.document import emit
from tools.cli.main import FINDINGS, OK
from tools.cli.printing import Printer, say
from tools.cli.upgrade_report import cell, first_difference_fields
from tools.cli.verbs import verb


@verb("bisect")
@click.argument(
    "ids", nargs=-1, required=True, metavar="ID|DOC", shell_complete=complete_ids_or_files
)
@click.option("--good", required=True, metavar="SPEC", help="Where the trace is as wanted.")
@click.option("--bad", required=True, metavar="SPEC", help="Where it is not.")
@rehearsing.framework_option
@options.data_option
@options.seed_option
@rehearsing.steps_option
@rehearsing.native_option
@rehearsing.time_option
@rehearsing.memory_option
@rehearsing.refresh_option
@options.folders_option
@options.json_option
def command(
    ids: tuple[str, ...],
    good: str,
    bad: str,
    backend: str | None,
    data: str,
    seed: int,
    steps: int | None,
    native_steps: int,
    time_limit: float,
    memory_limit: float,
    refresh: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Find the first release in which the trace of a scenario or document changes.

    Halves the releases that the index offers between the ends. Where several packages differ,
    cross environments tell which one made the change; where more than two kinds of trace lie
    between the ends, the kinds are listed.
    """
    require("uv", "upgrade", "parity bisect")
    call = Call(
        ids,
        data,
        seed,
        steps,
        native_steps,
        time_limit,
        memory_limit,
        tuple(str(folder.resolve()) for folder in folders),
    )
    rehearsal = rehearsing.prepared(call, rehearsing.watch(), refresh=refresh)
    if len(rehearsal.subjects) != 1:
        raise UsageError(
            f"{len(rehearsal.subjects)} scenarios or documents",
            where="ID|DOC",
            expected="one scenario or document: each may have changed in another release",
            remedy="name one of them, for example multi_backend/first_loop",
        )
    ends = resolve_all(rehearsal.engine.resolve, rehearsal.subjects, [good, bad], backend)
    releases = partial(
        releases_between,
        uv=run_uv,
        options=index_options(),
        folder=upgrade_folder() / "resolutions",
    )
    trials = Trials(rehearsal, rehearsal.subjects[0], releases)
    found = bisect(trials, *(available(end) for end in ends))
    if as_json:
        emit("bisect", bisection_fields(found))
    else:
        _print(found)
    return OK if found.verdict.kind is Kind.IDENTICAL else FINDINGS


def bisection_fields(found: Bisection) -> Mapping[str, Json]:
    """The fields of the bisect's JSON document."""
    fields: dict[str, Json] = {
        "decision": found.decision,
        "scenario": found.subject,
        "good": found.good,
        "bad": found.bad,
        "verdict": str((found.change or found.verdict).kind),
        "package": found.package or None,
        "first_changed": found.first_changed or None,
        "last_same": found.last_same or None,
        "first_difference": first_difference_fields(found.first_difference),
        "evidence": (found.change or found.verdict).evidence,
        "offered": found.offered,
        "tried": [
            {"release": t.release, "verdict": t.verdict, "evidence": t.evidence}
            for t in found.tried
        ],
        "gap": list(found.gap),
        "also_changed": list(found.also_changed),
        "crossed": [plain(attrs.asdict(row)) for row in found.crossed],
    }
    if found.classes:
        fields["classes"] = [plain(attrs.asdict(kind)) for kind in found.classes]
    return fields


def _print(found: Bisection) -> None:
    say(found.decision)
    printer = Printer(wide=80)
    for row in found.crossed:
        changed = ", ".join(row.changed)
        printer.line(Text(f"crossed: {changed} of the bad end: {row.verdict}"))
    if found.tried:
        table = Table(title=f"{found.package}, tried", title_justify="left", title_style="bold")
        table.add_column("release", no_wrap=True)
        table.add_column("verdict", no_wrap=True)
        table.add_column("evidence", overflow="fold")
        for tried in found.tried:
            table.add_row(tried.release, cell(Kind(tried.verdict)), Text(tried.evidence))
        printer.show(table)
    if found.also_changed:
        printer.line(Text(f"also changed: {', '.join(found.also_changed)}"))
    for kind in found.classes:
        releases = f"{kind.releases[0]} to {kind.releases[-1]}"
        printer.line(cell(Kind(kind.verdict)).append(f"  {releases}", style=""))
        printer.line(Text(f"    {kind.evidence}"))
    if not found.tried:
        printer.line(Text(f"    {found.verdict.evidence}"))
