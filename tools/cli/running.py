"""Running jobs for a verb: progress, interruption, and failures that are wrong usage."""

from __future__ import annotations

from collections.abc import Sequence

import click

from core.errors import UsageError
from core.run.worker import Job, Outcome, run_jobs
from core.run.worker.pool import Interrupted, OnTrace
from tools.cli.predecessors import announcements
from tools.cli.progress import progress

WORKERS = 2  # each pins its threads; more of them would only slow each other down
USAGE_KINDS = {"UsageError", "DataError"}


def run_all(jobs: Sequence[Job], on_trace: OnTrace | None = None) -> tuple[list[Outcome], bool]:
    """Runs jobs with progress, after saying what they train first.

    Returns:
        The outcomes, and whether the run was interrupted.

    Raises:
        UsageError: a job found that what it was asked for cannot be used.
    """
    for sentence in announcements(jobs):
        click.echo(sentence, err=True)
    try:
        with progress(jobs) as on_progress:
            outcomes = run_jobs(jobs, workers=WORKERS, on_progress=on_progress, on_trace=on_trace)
        interrupted = False
    except Interrupted as stop:
        outcomes, interrupted = stop.outcomes, True
    for outcome in outcomes:
        failure = outcome.failure
        if not interrupted and failure and failure.kind in USAGE_KINDS:
            error = failure.error
            raise UsageError(
                error.what, where=error.where, expected=error.expected, remedy=error.remedy
            )
    return outcomes, interrupted
