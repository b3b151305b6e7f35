"""`parity check`: run scenarios, compare with goldens and with what the guides publish."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click

from core.check.judging import judge, judge_trends, plan_check
from core.check.judging.sharing import with_shared
from core.run.backends.arithmetic import Arithmetic
from core.run.worker import Job, Outcome
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
@options.folders_option
@click.option(
    "-v", "--verbose", is_flag=True, help="Also every note, and how far the backends lie apart."
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
    folders: tuple[Path, ...],
    verbose: bool,
    as_json: bool,
) -> int:
    """Run scenarios at their published length and judge them.

    Numbers are compared with the goldens under controlled randomness; trends, and the figures
    that the guides publish, with a native run. ID is guide/section, a guide, or a glob; none
    means everything.

    The answer has a line per section. It shows for each backend the largest difference of a loss
    as a share of what is allowed, "trend" where no number is compared, and the last accuracy.
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
        arithmetic=Arithmetic(threads, kernels, processor),
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
