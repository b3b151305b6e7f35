"""`parity horizon`: measure how far honest runs lie from the reference."""

from __future__ import annotations

from pathlib import Path

import click

from core.check.horizon import pooled
from core.check.horizon.pooled import SectionHorizon
from core.check.horizon.variation import on_processor
from core.check.reference.known import originals
from core.trace.encoding import Json, plain
from tools.cli import options
from tools.cli.completion import complete_ids
from tools.cli.document import emit
from tools.cli.main import FINDINGS, INTERRUPTED, OK
from tools.cli.measuring_stations import Measuring, StoppedError, say_failures
from tools.cli.printing import Printer, say
from tools.cli.verbs import verb

Found = dict[str, SectionHorizon]


def _print(found: Found) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("scenario", overflow="fold")
    table.add_column("station", no_wrap=True)
    for heading in ("steps", "limit", "samples", "factor needed"):
        table.add_column(heading, justify="right", no_wrap=True)
    for scenario, horizon in found.items():
        needed = max((sample.needed for sample in horizon.samples), default=0.0)
        for name, at in horizon.stations.items():
            limits = [at.loss_limits(loss)[: at.compared_steps] for loss in at.losses]
            largest = max((max(values) for values in limits if values), default=0.0)
            numbers = (str(at.compared_steps), f"{largest:.0e}", str(len(horizon.samples)))
            table.add_row(scenario, name, *numbers, f"{needed:.2g}")
    Printer(wide=80).show(table)


def _show(found: Found, decision: str, *, as_json: bool, processor: str = "") -> None:
    if as_json:
        held: list[Json] = [
            {"scenario": name, "horizon": plain(horizon)} for name, horizon in found.items()
        ]
        emit("horizon", {"decision": decision, "horizons": held}, processor)
    else:
        say(decision)
        _print(found)


@verb("horizon")
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_ids)
@options.backend_option
@options.data_option
@click.option("--stored", is_flag=True, help="Run nothing; show what was measured before.")
@options.processor_option
@options.folders_option
@options.json_option
def command(
    ids: tuple[str, ...],
    backend: tuple[str, ...],
    data: str,
    stored: bool,
    processor: str,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Measure how far honest runs lie from the reference, and keep it beside the goldens.

    From every station of each section, with eight seeds, each against its own reference: as
    pinned, from weights one unit in the last place away, with another number of threads and with
    other kernels, on every backend. With `--processor` one run more on an emulated processor, of
    the GANs one step, which widens what was measured before.
    """
    catalog = options.catalog(folders)
    selected = catalog.select(ids)
    scenarios = tuple(dict.fromkeys(originals(catalog, selected).values()))
    found: Found = {}
    if stored:
        for scenario in scenarios:
            horizon = pooled.read(catalog.entry(scenario).golden, scenario)
            if horizon is not None:
                found[scenario.id] = horizon
        _show(found, f"{len(found)} horizons stored", as_json=as_json)
        return OK
    names = options.backends(backend)
    if not any(name in scenario.backends for scenario in scenarios for name in names):
        raise options.nothing_ran(selected, names)
    options.say_left_out(selected, backend)
    measuring = Measuring(
        catalog,
        names,
        options.data(data),
        options.repository,
        folders,
        f"parity horizon {' '.join(ids)}".strip(),
        on_processor(processor) if processor else None,
    )
    try:
        for guide in dict.fromkeys(scenario.guide for scenario in scenarios):
            mine = [scenario for scenario in scenarios if scenario.guide == guide]
            found |= measuring.measure(mine)
    except StoppedError as stopped:
        say_failures(stopped)
        kept = f"kept what was measured of {len(found)} sections" if found else "nothing written"
        click.echo(f"{'failed' if stopped.failed else 'interrupted'}; {kept}", err=True)
        return FINDINGS if stopped.failed else INTERRUPTED
    _show(found, f"{len(found)} horizons measured", as_json=as_json, processor=processor)
    return OK
