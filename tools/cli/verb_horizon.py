"""`parity horizon`: measure how far honest runs drift apart."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from core.check.golden.horizon import Horizon
from core.check.horizon import store as horizon_files
from core.check.judging import plan_check
from core.check.judging.sharing import with_shared
from core.run.backends.registry import chosen
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace.encoding import Json, plain
from tools.cli import options
from tools.cli.completion import complete_ids
from tools.cli.document import emit
from tools.cli.main import FINDINGS, INTERRUPTED, OK, fail
from tools.cli.measuring import Found, Measuring, measure_horizons, write
from tools.cli.printing import Printer, say
from tools.cli.running import run_all
from tools.cli.verbs import verb

WIDE = 95  # characters that the whole table needs


def _limit(horizon: Horizon, step: int) -> str:
    limits = [values[step] for values in horizon.losses.values() if step < len(values)]
    return f"{max(limits):.0e}" if limits else ""


def _print(found: Found) -> None:
    from rich.table import Table

    printer = Printer()
    title = "Rounding horizons: limits of a loss's relative difference"
    wide = printer.width >= WIDE
    table = Table(title=title) if wide else Table(title=title, box=None, padding=(0, 1, 0, 0))
    table.add_column("scenario", overflow="fold")
    table.add_column("backend", no_wrap=True)
    for heading in ("steps", "step 1", "step 10", "step 50"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("samples", "factor needed") if wide else ():
        table.add_column(heading, justify="right")
    for (scenario, backend), horizon in found.items():
        needed = max((sample.needed for sample in horizon.samples), default=0.0)
        limits = (_limit(horizon, step) for step in (0, 9, 49))
        more = (str(len(horizon.samples)), f"{needed:.2g}") if wide else ()
        table.add_row(scenario, backend, str(horizon.numeric_steps), *limits, *more)
    printer.show(table)


def _fields(found: Found) -> list[Json]:
    return [
        {"scenario": scenario, "backend": backend, "horizon": plain(horizon)}
        for (scenario, backend), horizon in found.items()
    ]


def _stored(catalog: Catalog, selected: Iterable[Scenario], backends: Iterable[str]) -> Found:
    found: Found = {}
    for scenario in selected:
        measured = horizon_files.read(catalog.entry(scenario).golden, scenario)
        for backend in backends:
            if measured is not None and backend in measured.backends:
                found[scenario.id, backend] = measured.backends[backend]
    return found


def _show(found: Found, decision: str, *, as_json: bool) -> None:
    if as_json:
        emit("horizon", {"decision": decision, "horizons": _fields(found)})
    else:
        say(decision)
        _print(found)


@verb("horizon")
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_ids)
@options.backend_option
@options.data_option
@options.seed_option
@click.option("--stored", is_flag=True, help="Run nothing; show what was measured before.")
@options.processor_option
@options.folders_option
@options.json_option
def command(
    ids: tuple[str, ...],
    backend: tuple[str, ...],
    data: str,
    seed: int,
    stored: bool,
    processor: str,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Measure how far rounding alone carries two runs apart, and keep it beside the goldens.

    Runs each scenario as pinned, from weights one unit in the last place away, with another number
    of threads and with other kernels, and takes the other backends as further samples; with
    `--processor` also runs on an emulated processor. `record` puts the result into the goldens,
    and measures what is missing by itself.
    """
    catalog = options.catalog(folders)
    selected = catalog.select(ids)
    if stored:
        found = _stored(catalog, selected, chosen(backend))
        _show(found, f"{len(found)} horizons stored", as_json=as_json)
        return OK
    names = options.backends(backend)
    plan = plan_check(
        catalog,
        selected,
        names,
        published={},
        seed=seed,
        data=options.data(data),
        repository=options.repository,
        folders=folders,
        randomness=("controlled",),
    )
    if not plan.jobs:
        raise options.nothing_ran(selected, names)
    options.say_left_out(selected, backend)
    outcomes, interrupted = run_all(plan.jobs)
    failed = tuple(outcome for outcome in outcomes if outcome.failure)
    measuring = Measuring({}, {}, failed, interrupted)
    if not interrupted and not failed:
        measuring = measure_horizons(catalog, plan, outcomes, {}, (processor,) if processor else ())
    if measuring.interrupted:
        click.echo("interrupted; nothing was written", err=True)
        return INTERRUPTED
    for outcome in measuring.failed:
        assert outcome.failure is not None
        fail(outcome.failure.error)
    if measuring.failed:
        click.echo("nothing was written", err=True)
        return FINDINGS
    traces = {
        (name, outcome.job.backend): trace
        for outcome in with_shared(plan, outcomes)
        for name, trace in outcome.traces.items()
    }
    called = f"parity horizon {' '.join(ids)}".strip()
    files = write(catalog, measuring.fresh, traces, called)
    decision = f"{len(measuring.fresh)} horizons measured, {files} files written"
    _show(measuring.fresh, decision, as_json=as_json)
    return OK
