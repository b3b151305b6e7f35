"""`parity record`: the one writer of goldens."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import click
from attrs import frozen

from core.check.golden.golden import Golden, key_of
from core.check.golden.horizon import Horizon
from core.check.golden.store import Store
from core.check.horizon import pooled
from core.check.judging import Asked, CheckPlan, plan_runs
from core.check.judging.orphans import expected_keys
from core.check.judging.record import Change, change, without_times
from core.check.judging.sharing import with_shared
from core.check.reference import reference
from core.check.reference.known import originals
from core.errors import GoldenError, UsageError
from core.run.backends.registry import chosen
from core.run.data import load_data
from core.run.machine import version
from core.run.worker import Outcome
from core.spec import Scenario
from core.spec.catalog import Catalog
from core.trace import Trace
from core.trace.encoding import Json, plain
from tools.cli import options
from tools.cli.completion import complete_ids
from tools.cli.document import emit
from tools.cli.main import FINDINGS, INTERRUPTED, OK, fail
from tools.cli.measuring import Found, measure_horizons, stored, write
from tools.cli.measuring_stations import Measuring, StoppedError, say_failures
from tools.cli.printing import say
from tools.cli.recording_references import record_references
from tools.cli.running import run_all
from tools.cli.verbs import verb


@frozen
class _Entry:
    """A trace to record and the change it makes."""

    scenario: Scenario
    trace: Trace
    store: Store
    horizon: Horizon | None
    change: Change


def _missing(catalog: Catalog, backends: Sequence[str]) -> tuple[Scenario, ...]:
    """Scenarios without one of their goldens, their reference or their horizon."""
    return tuple(
        scenario
        for scenario in catalog.scenarios
        if any(
            not Store(catalog.entry(scenario).golden).path(key).exists()
            for key in expected_keys(scenario)
            if key.backend in backends
        )
        or reference.read(catalog.entry(scenario).golden, scenario) is None
        or pooled.read(catalog.entry(scenario).golden, scenario) is None
    )


def _unmeasured(catalog: Catalog, selected: Sequence[Scenario], sha: str) -> list[Scenario]:
    """The sections, each experiment once, whose horizon belongs to something else."""
    found = []
    for scenario in dict.fromkeys(originals(catalog, selected).values()):
        held = pooled.read(catalog.entry(scenario).golden, scenario)
        if held is None or held.data_sha256 != sha:
            found.append(scenario)
    return found


def _traces(outcomes: Sequence[Outcome]) -> list[Trace]:
    return [trace for outcome in outcomes for trace in outcome.traces.values()]


def _stop_on_failure(outcomes: Sequence[Outcome]) -> bool:
    failed = [outcome.failure for outcome in outcomes if outcome.failure]
    for failure in failed:
        fail(failure.error)
    return bool(failed)


def _entries(
    catalog: Catalog, outcomes: Sequence[Outcome], horizons: Found, *, only_new: bool
) -> list[_Entry]:
    by_id = {scenario.id: scenario for scenario in catalog.scenarios}
    found = []
    for trace in _traces(outcomes):
        scenario = by_id[trace.scenario]
        store = Store(catalog.entry(scenario).golden)
        try:
            golden = store.read(key_of(trace))
        except GoldenError as error:
            golden = None
            click.echo(f"unreadable golden: {error}", err=True)
        if golden is not None and only_new:
            continue
        horizon = _horizon_of(trace, horizons)
        found.append(_Entry(scenario, trace, store, horizon, change(trace, golden, horizon)))
    return found


def _horizon_of(trace: Trace, horizons: Found) -> Horizon | None:
    if trace.randomness != "controlled":
        return None
    return horizons.get((trace.scenario, trace.backend))


def _show(entries: Sequence[_Entry]) -> None:
    for entry in entries:
        key = key_of(entry.trace)
        click.echo(f"{entry.change.kind:9}  {key.file}: {entry.change.summary}", err=True)
        for finding in entry.change.findings:
            click.echo(f"           {finding.code}: {finding.evidence}", err=True)


def _recheck(plan: CheckPlan, written: Sequence[_Entry]) -> list[str]:
    """Runs everything again in fresh processes and reads the files back; returns what differs."""
    outcomes, _ = run_all(plan.jobs)
    again = {key_of(trace): trace for trace in _traces(with_shared(plan, outcomes))}
    wrong = []
    for entry in written:
        key = key_of(entry.trace)
        stored = entry.store.read(key)
        trace = again.get(key)
        if stored is None or trace is None:
            wrong.append(f"{key.file}: missing after recording")
        elif without_times(stored.trace) != without_times(trace):
            wrong.append(f"{key.file}: a fresh process gives another trace")
    return wrong


def _check_asked(ids: Sequence[str], reason: str | None, *, only_new: bool) -> None:
    if only_new and ids:
        what = f"--new with {', '.join(ids)}"
    elif not only_new and not ids:
        what = "neither ID… nor --new is given"
    elif ids and not (reason or "").strip():
        what = "--reason is missing" if reason is None else "--reason is empty"
    else:
        return
    raise UsageError(
        what,
        where="record",
        expected='ID… with --reason "…", or --new alone',
        remedy='for example: parity record keras_io_tf/gan --reason "Keras 3.16"',
    )


@verb("record")
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_ids)
@click.option("--new", "only_new", is_flag=True, help="Record only what has no golden yet.")
@click.option("--reason", metavar="TEXT", help="Why the goldens change; kept in the files.")
@options.backend_option
@options.data_option
@options.seed_option
@options.folders_option
@options.json_option
def command(
    ids: tuple[str, ...],
    only_new: bool,
    reason: str | None,
    backend: tuple[str, ...],
    data: str,
    seed: int,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Run scenarios and write their traces as goldens.

    Prints the difference first, writes each file atomically, then runs everything again in fresh
    processes and compares.
    """
    _check_asked(ids, reason, only_new=only_new)
    catalog = options.catalog(folders)
    names = options.backends(backend)
    selected = _missing(catalog, chosen(backend)) if only_new else catalog.select(ids)
    if not selected:
        decision = "nothing to record: every scenario has its goldens"
        if as_json:
            none: dict[str, Json] = {"files": [], "references": [], "horizons": [], "wrong": []}
            emit("record", {"decision": decision, **none})
        else:
            say(decision)
        return OK
    source = options.data(data)
    plan = plan_runs(Asked(catalog, selected, names, {}, seed, source, options.repository, folders))
    if not plan.jobs:
        raise options.nothing_ran(selected, names)
    options.say_left_out(selected, backend)
    outcomes, interrupted = run_all(plan.jobs)
    if interrupted:
        click.echo("interrupted; nothing was written", err=True)
        return INTERRUPTED
    if _stop_on_failure(outcomes):
        click.echo("nothing was written", err=True)
        return FINDINGS
    called = f"parity record {' '.join(ids) if ids else '--new'}"
    whole = with_shared(plan, outcomes)
    bases = {(t.scenario, t.backend): t for t in _traces(whole) if t.randomness == "controlled"}
    known = stored(catalog, tuple(bases.values()))
    measuring = measure_horizons(catalog, plan, outcomes, known)
    if measuring.interrupted or _stop_on_failure(measuring.failed):
        click.echo("nothing was written", err=True)
        return INTERRUPTED if measuring.interrupted else FINDINGS
    write(catalog, measuring.fresh, bases, called)
    entries = _entries(catalog, whole, measuring.found, only_new=only_new)
    _show(entries)
    why = reason or "new scenario"
    changed = [entry for entry in entries if entry.change.kind != "unchanged"]
    for entry in changed:
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        entry.store.write(Golden(entry.trace, why, today, called, version(), entry.horizon))
    wrong = _recheck(plan, changed) if changed else []
    try:
        references = record_references(
            catalog,
            selected,
            seed=seed,
            data=source,
            repository=options.repository,
            folders=folders,
            command=called,
            reason=why,
        )
        measuring_stations = Measuring(catalog, names, source, options.repository, folders, called)
        unmeasured = _unmeasured(catalog, selected, load_data(source).sha256)
        for guide in dict.fromkeys(scenario.guide for scenario in unmeasured):
            measuring_stations.measure([s for s in unmeasured if s.guide == guide])
    except StoppedError as stopped:
        say_failures(stopped)
        left = "references and horizons are as they were where they were not reached"
        click.echo(f"{len(changed)} goldens written; {left}", err=True)
        return FINDINGS if stopped.failed else INTERRUPTED
    decision = f"{len(changed)} goldens written, {len(entries) - len(changed)} unchanged"
    decision += f"; {len(references)} references written, {len(unmeasured)} horizons measured"
    if wrong:
        decision += f"; {len(wrong)} differ in a fresh process"
    if as_json:
        files: list[Json] = [
            {"file": str(key_of(e.trace).file), **_plain(e.change)} for e in entries
        ]
        fields: dict[str, Json] = {
            "files": files,
            "references": plain(references),
            "horizons": [scenario.id for scenario in unmeasured],
            "wrong": plain(wrong),
        }
        emit("record", {"decision": decision, **fields})
    else:
        say(decision)
        for line in wrong:
            click.echo(f"  {line}", err=True)
    return FINDINGS if wrong else OK


def _plain(change: Change) -> dict[str, Json]:
    return {
        "kind": change.kind,
        "summary": change.summary,
        "findings": plain(change.findings),
    }
