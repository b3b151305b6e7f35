"""`parity check`: run scenarios, compare with goldens and with what the guides publish."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click

from core.check.judging import CheckReport, judge, judge_trends, plan_check
from core.check.judging.sharing import with_shared
from core.run.backends.arithmetic import Arithmetic
from core.run.worker import Job, Outcome
from tools.cli import options
from tools.cli.completion import complete_ids
from tools.cli.document import emit, error_fields
from tools.cli.main import FINDINGS, INTERRUPTED, OK, fail
from tools.cli.printing import Printer, say
from tools.cli.published import published_claims
from tools.cli.running import run_all
from tools.cli.verbs import verb


def _print(report: CheckReport, folders: tuple[Path, ...], decision: str) -> None:
    from tools.cli.check_report import (
        print_agreement,
        print_findings,
        print_table,
        print_trends,
    )

    catalog = options.catalog(folders)
    say(decision)
    printer = Printer(wide=160)
    print_table(printer, report, catalog)
    print_agreement(printer, report)
    print_trends(printer, report)
    findings = [finding for result in report.results for finding in result.findings]
    print_findings(printer, (*findings, *report.findings))


@verb("check")
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=complete_ids)
@options.backend_option
@options.data_option
@options.seed_option
@options.threads_option
@options.kernels_option
@options.folders_option
@options.json_option
def command(
    ids: tuple[str, ...],
    backend: tuple[str, ...],
    data: str,
    seed: int,
    threads: int | None,
    kernels: str,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Run scenarios at their published length and judge them.

    Numbers are compared with the goldens under controlled randomness; trends, and the figures
    that the guides publish, with a native run. ID is guide/section, a guide, or a glob; none
    means everything.
    """
    started = time.perf_counter()
    catalog = options.catalog(folders)
    selected = catalog.select(ids)
    published, problems = published_claims(catalog)
    names = options.backends(backend)
    plan = plan_check(
        catalog,
        selected,
        names,
        published=published,
        seed=seed,
        data=options.data(data),
        repository=options.repository,
        folders=folders,
        arithmetic=Arithmetic(threads, kernels),
    )
    options.say_left_out(selected, backend)
    outcomes, interrupted = run_all(plan.jobs)

    def again(jobs: Sequence[Job]) -> Sequence[Outcome]:
        nonlocal interrupted
        if interrupted:
            return ()
        repeated, interrupted = run_all(jobs)
        return () if interrupted else repeated

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
    decision = f"{report.decision}, {report.seconds:.0f} s"
    if interrupted:
        decision = f"interrupted; of what had finished, {decision}"
    nothing = None if plan.jobs else options.nothing_ran(selected, names)
    if as_json:
        from tools.cli.check_report import report_fields

        errors = {"error": error_fields(nothing)} if nothing else {}
        emit("check", {**report_fields(report), **errors})
    else:
        _print(report, folders, decision)
    if interrupted:
        return INTERRUPTED
    if nothing:
        return fail(nothing)
    return OK if report.passed else FINDINGS
