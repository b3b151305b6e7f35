"""`parity check`: run scenarios, compare with goldens and with what the guides publish."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click
from attrs import evolve

from core.check.judging import (
    Asked,
    CheckReport,
    Trends,
    judge,
    judge_trends,
    plan_check,
    settled,
)
from core.check.judging.sharing import with_shared
from core.check.judging.trends import FRESH, SEEDS
from core.check.reference.computing import Wanted
from core.check.reference.preparing import Prepared, prepare
from core.run.backends.arithmetic import Arithmetic
from core.run.data import load_data
from core.run.worker import Job, Outcome
from core.run.worker.kept import KeptOutcomes
from tools.cli import options
from tools.cli.completion import complete_ids
from tools.cli.document import emit, error_fields
from tools.cli.main import FINDINGS, INTERRUPTED, OK, fail
from tools.cli.printing import Printer
from tools.cli.published import published_claims
from tools.cli.running import run_all
from tools.cli.verbs import verb


@verb("check")
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_ids)
@options.backend_option
@options.data_option
@options.seed_option
@options.threads_option
@options.kernels_option
@options.processor_option
@click.option("--full", is_flag=True, help="Native runs at the published length on every backend.")
@click.option("--no-cache", is_flag=True, help="Run again what is known from an earlier check.")
@options.folders_option
@click.option(
    "-v", "--verbose", is_flag=True, help="Also every note, and how the trends were judged."
)
@options.json_option
def command(
    ids: tuple[str, ...],
    backend: tuple[str, ...],
    data: str,
    seed: int,
    threads: int | None,
    kernels: str,
    processor: str,
    full: bool,
    no_cache: bool,
    folders: tuple[Path, ...],
    verbose: bool,
    as_json: bool,
) -> int:
    """Run scenarios and judge them.

    Numbers are compared on every backend, under controlled randomness, over tens of steps from
    the start and from stations late in training, with what NumPy computes in double precision.
    Trends, and the figures that the guides publish, are judged by native runs at the published
    length on the backend that the figures come from; with --full on every backend. ID is
    guide/section, a guide, or a glob; none means everything.

    The answer has a line per section. It shows for each backend the largest difference of a loss
    as a share of what is allowed, and the last accuracy of its native run.
    """
    started = time.perf_counter()
    catalog = options.catalog(folders)
    selected = catalog.select(ids)
    published, problems = published_claims(catalog)
    names = options.backends(backend)
    source = options.data(data)
    asked = Asked(
        catalog,
        selected,
        names,
        published,
        seed,
        source,
        options.repository,
        folders,
        Arithmetic(threads, kernels, processor),
    )
    options.say_left_out(selected, backend)
    interrupted = False
    sha = load_data(source).sha256
    kept = KeptOutcomes(sha)

    def run(jobs: Sequence[Job]) -> Sequence[Outcome]:
        nonlocal interrupted
        if interrupted:
            return ()
        known = [None if no_cache else kept.read(job) for job in jobs]
        left = [job for job, found in zip(jobs, known, strict=True) if found is None]
        done, interrupted = run_all(left) if left else ([], False)
        for outcome in done:
            kept.write(outcome)
        return [*filter(None, known), *done]

    def again(jobs: Sequence[Job]) -> Sequence[Outcome]:
        done = run(jobs)
        return () if interrupted else done

    def with_another_seed(pairs: Sequence[tuple[str, str]], attempt: int) -> CheckReport | None:
        other = (seed + attempt * FRESH) % SEEDS
        # With the recorded seed a number that is off is off: its states were measured, and what is
        # recorded may be damaged.
        mine = tuple(s for s in selected if s.id in dict(pairs) and s.id in prepared.live)
        if not mine:
            return None
        on = tuple(name for name in names if name in {backend for _, backend in pairs})
        with tempfile.TemporaryDirectory(prefix="parity-") as folder:
            whose = Wanted(mine, other, source, options.repository, folders, Path(folder))
            known = prepare(catalog, whose, sha, again)
            repeated = evolve(asked, scenarios=mine, backends=on, seed=other)
            stations = plan_check(repeated, known.references, known.unknown, native=False)
            done = again(stations.jobs)
        if interrupted:
            return None
        return judge(
            stations,
            with_shared(stations, done),
            catalog,
            published,
            Trends(),
            scenarios=mine,
            problems=(),
            seconds=0.0,
            only_finished=True,
        )

    with tempfile.TemporaryDirectory(prefix="parity-") as states:
        wanted = Wanted(selected, seed, source, options.repository, folders, Path(states))
        runnable = any(name in scenario.backends for scenario in selected for name in names)
        prepared = Prepared()
        if runnable:
            prepared = prepare(catalog, wanted, sha, again)
        for outcome in prepared.failed:
            if outcome.failure:
                raise outcome.failure.error
        plan = plan_check(asked, prepared.references, prepared.unknown, full=full)
        outcomes = run(plan.jobs)
    trends = judge_trends(outcomes, catalog, again)
    report = judge(
        plan,
        with_shared(plan, outcomes),
        catalog,
        published,
        trends,
        scenarios=selected,
        problems=problems,
        seconds=time.perf_counter() - started,
        only_finished=interrupted,
    )
    report = evolve(settled(report, with_another_seed), seconds=time.perf_counter() - started)
    decision = f"{report.decision}, {report.seconds:.0f} s"
    if interrupted:
        decision = f"interrupted; of what had finished, {decision}"
    nothing = None
    if not plan.jobs and not any(finding.fails for finding in prepared.unknown.values()):
        notes = tuple(prepared.unknown.values()) if plan.wanted else ()
        nothing = options.nothing_ran(selected, names, notes)
    if as_json:
        from tools.cli.check_report import report_fields

        errors = {"error": error_fields(nothing)} if nothing else {}
        emit("check", {**report_fields(report), **errors}, processor)
    else:
        from tools.cli.check_repeat import options_given, repeat_commands
        from tools.cli.check_report import print_report

        repeat = repeat_commands(report, options_given(click.get_current_context()))
        print_report(Printer(wide=80), report, decision, repeat, verbose)
    if interrupted:
        return INTERRUPTED
    if nothing:
        return fail(nothing)
    return OK if report.passed else FINDINGS
