"""Progress on a terminal; silence in a pipe."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.run.worker import Job
from core.run.worker.pool import OnProgress


@contextmanager
def progress(jobs: Sequence[Job]) -> Iterator[OnProgress | None]:
    """A bar per job on stderr while the body runs; yields None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[scenario]}"),
        TimeElapsedColumn(),
    )
    lock = threading.Lock()
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {job.name: bars.add_task(job.name, total=None, scenario="") for job in jobs}

        def update(job: Job, scenario: str, done: int, total: int) -> None:
            with lock:
                bars.update(
                    tasks[job.name],
                    completed=done,
                    total=total,
                    scenario=f"{scenario.partition('/')[2]} {done}/{total} steps",
                )

        yield update
