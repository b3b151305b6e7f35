"""`parity upgrade`: rehearse an upgrade; nothing outside the user's cache changes."""

from __future__ import annotations

from pathlib import Path

import click

from core.errors import UsageError
from core.extras import require
from core.upgrade.rehearsal.call import Call
from core.upgrade.rehearsal.engine import clean as clean_up
from core.upgrade.rehearsal.engine import upgrade_folder
from core.upgrade.rehearsal.resolving import resolve_all
from tools.cli import options, rehearsing, upgrade_jobs, upgrade_options
from tools.cli.completion import complete_ids_or_files
from tools.cli.document import emit
from tools.cli.main import OK
from tools.cli.printing import say
from tools.cli.upgrade_answer import answer
from tools.cli.verbs import verb


def _clean(as_json: bool) -> int:
    count, freed = clean_up(upgrade_folder())
    decision = f"{count} environments removed, {freed / 2**30:.1f} GiB freed"
    if as_json:
        emit("upgrade", {"decision": decision, "removed": count, "freed_bytes": freed})
    else:
        say(decision)
    return OK


def _missing(baseline: str | None, candidates: tuple[str, ...]) -> UsageError:
    given = {"--baseline": baseline is not None, "--candidate": bool(candidates)}
    missing = [name for name, there in given.items() if not there]
    return UsageError(
        f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing",
        where="upgrade",
        expected="one --baseline SPEC and at least one --candidate SPEC",
        remedy='for example: parity upgrade --baseline "keras==3.5.0 tensorflow-cpu==2.18.1" '
        '--candidate "keras==3.15.1 tensorflow-cpu==2.18.1" multi_backend',
    )


@verb("upgrade")
@click.argument("ids", nargs=-1, metavar="[ID|DOC]...", shell_complete=complete_ids_or_files)
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
    if more.page is not None:
        require("matplotlib", "upgrade", f"--html {more.page}")
    if clean:
        return _clean(as_json)
    if more.jobs is not None:
        return upgrade_jobs.do_jobs(more.jobs, out)
    if more.collect is not None:
        return answer(upgrade_jobs.collect(more.collect), more, out, as_json=as_json)
    if baseline is None or not candidates:
        raise _missing(baseline, candidates)
    require("uv", "upgrade", "parity upgrade")
    call = Call(
        ids,
        data,
        seed,
        steps,
        native_steps,
        time_limit,
        memory_limit,
        tuple(str(folder.resolve()) for folder in folders),
        controls,
    )
    rehearsal = rehearsing.prepared(call, rehearsing.watch(), refresh=refresh)
    resolutions = resolve_all(
        rehearsal.engine.resolve, rehearsal.subjects, [baseline, *candidates], backend
    )
    if more.plan is not None:
        plan = upgrade_jobs.plan_for(rehearsal, resolutions)
        return upgrade_jobs.print_plan(plan, more.plan, out)
    if more.dask is not None:
        plan = upgrade_jobs.plan_for(rehearsal, resolutions)
        return answer(upgrade_jobs.through_dask(plan, more.dask), more, out, as_json=as_json)
    report = rehearsal.compare(resolutions)
    rehearsed = rehearsing.Rehearsed(rehearsal, resolutions, report)
    return answer(rehearsed, more, out, as_json=as_json)
