"""`parity upgrade`: rehearse an upgrade; nothing outside the user's cache changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import attrs
import click
from rich.console import Console

from core.errors import UsageError
from core.golden.store import write_atomically
from core.jobs.plan import Call
from core.upgrade import laboratory
from core.upgrade.laboratory import upgrade_folder
from core.upgrade.rehearse import Place, Rehearsal, resolve_all
from core.upgrade.report import Report
from tools.cli import options, rehearsing, upgrade_jobs, upgrade_options
from tools.cli.document import emit
from tools.cli.main import FINDINGS, OK, USAGE
from tools.cli.upgrade_report import (
    print_details,
    print_environments,
    print_head,
    print_matrix,
    report_fields,
)


def _clean(as_json: bool) -> int:
    count, freed = laboratory.clean(upgrade_folder())
    decision = f"{count} environments removed, {freed / 2**30:.1f} GiB freed"
    if as_json:
        emit("upgrade", {"decision": decision, "removed": count, "freed_bytes": freed})
    else:
        click.echo(decision)
    return OK


def _wrong(baseline: str | None, candidates: tuple[str, ...]) -> UsageError:
    return UsageError(
        f"--baseline {baseline!r}, --candidate {list(candidates)!r}",
        where="upgrade",
        expected="one --baseline SPEC and at least one --candidate SPEC",
        remedy='for example: parity upgrade --baseline "keras==3.5.0 tensorflow-cpu==2.18.1" '
        '--candidate "keras==3.15.1 tensorflow-cpu==2.18.1" multi_backend',
    )


@click.command("upgrade")
@click.argument("ids", nargs=-1, metavar="[ID|DOC]...")
@click.option("--baseline", metavar="SPEC", help="What runs now: requirements, or @FILE.")
@click.option(
    "--candidate",
    "candidates",
    multiple=True,
    metavar="SPEC",
    help="What it would become; may be repeated.",
)
@rehearsing.framework_option
@options.data_option
@options.seed_option
@rehearsing.steps_option
@rehearsing.native_option
@rehearsing.time_option
@rehearsing.memory_option
@rehearsing.controls_option
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Also save the JSON document."
)
@rehearsing.refresh_option
@click.option("--clean", is_flag=True, help="Remove every environment and result, and stop.")
@options.folders_option
@options.json_option
@upgrade_options.more_options
def command(
    ids: tuple[str, ...],
    baseline: str | None,
    candidates: tuple[str, ...],
    backend: str | None,
    data: str,
    seed: int,
    steps: int | None,
    native_steps: int,
    time_limit: float,
    memory_limit: float,
    controls: bool,
    out: Path | None,
    refresh: bool,
    clean: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Rehearse an upgrade: the same scenarios in two or more environments.

    A SPEC is a requirement list ("keras==3.6.0 tensorflow-cpu==2.18.1"), or @FILE for a
    requirements file, lock or pip freeze, optionally followed by overriding requirements.
    Environments and results are kept in the user's cache: a second call repeats nothing.
    """
    more = upgrade_options.asked()
    if clean:
        return _clean(as_json)
    if more.jobs is not None:
        return upgrade_jobs.do_jobs(more.jobs, out)
    if more.collect is not None:
        return _answer(*upgrade_jobs.collect(more.collect), out, as_json)
    if baseline is None or not candidates:
        raise _wrong(baseline, candidates)
    asked = rehearsing.setting(
        ids,
        data=data,
        seed=seed,
        steps=steps,
        native_steps=native_steps,
        time_limit=time_limit,
        memory_limit=memory_limit,
        refresh=refresh,
        folders=folders,
    )
    places = resolve_all(
        asked.laboratory,
        [baseline, *candidates],
        backend,
        imports=asked.imports,
        prefer=asked.prefer,
    )
    if more.plan is not None or more.dask is not None:
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
        plan = upgrade_jobs.plan_for(call, places, backend)
        if more.plan is not None:
            return upgrade_jobs.print_plan(plan, more.plan, out)
        assert more.dask is not None
        return _answer(*upgrade_jobs.through_dask(plan, more.dask), out, as_json)
    rehearsal = Rehearsal(
        asked.laboratory, asked.subjects, asked.length, rehearsing.watch(), controls=controls
    )
    report = attrs.evolve(rehearsal.compare(places), left_out=asked.left_out)
    return _answer(report, asked, places, out, as_json)


def _answer(
    report: Report,
    asked: rehearsing.Setting,
    places: Sequence[Place],
    out: Path | None,
    as_json: bool,
) -> int:
    """Prints and saves the report; returns the exit code."""
    for path in asked.laboratory.results.damaged:
        click.echo(f"a damaged entry of the cache was made anew: {path}", err=True)
    del places
    fields = report_fields(report)
    if out is not None:
        _save(out, fields)
    if as_json:
        emit("upgrade", fields)
    else:
        _print(report)
    if report.impossible:
        return USAGE
    return FINDINGS if report.fails else OK


def _print(report: Report) -> None:
    click.echo(report.decision)
    console = Console()
    print_head(console, report)
    if report.results:
        print_matrix(console, report)
        print_environments(console, report)
        print_details(console, report)


def _save(folder: Path, fields: object) -> None:
    """Saves the document's own fields as `upgrade.json`.

    Raises:
        UsageError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / "upgrade.json", json.dumps(fields, ensure_ascii=False, indent=1))
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror or error})",
            where=f"--out {folder}",
            expected="a folder this user may write",
            remedy="name another folder",
        ) from error
