"""Comparing two qualified runs in processes of their own."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from attrs import frozen

from core.diff.microscope.ledger import Ledger
from core.diff.microscope.locate import locate
from core.diff.microscope.look import Compared
from core.diff.microscope.remote import Host, RemoteSide
from core.diff.microscope.result import Located, TraceDifference
from core.diff.microscope.side import Opened
from core.run.worker.job import Job
from core.spec import Scenario
from core.trace.difference import differences, first_of_all


@frozen
class Comparison:
    """What comparing two runs gave.

    Attributes:
        executions: the modes in which the sides' steps ran.
        trace: where the losses of the two free runs first differ.
        located: where their ops do; None where only the runs were compared.
    """

    executions: tuple[str, str]
    trace: TraceDifference
    located: Located | None


def compare(
    jobs: tuple[Job, Job],
    scenarios: tuple[Scenario, Scenario],
    ledger: Ledger,
    *,
    op_by_op: bool,
    at_most: int | None = None,
    mended: bool = False,
    hosts: tuple[Host | None, Host | None] = (None, None),
) -> Comparison:
    """Runs both jobs side by side and compares them.

    Args:
        jobs: of sides A and B; each names one scenario, and how many steps to take.
        scenarios: the scenarios they name.
        ledger: known leaks and meanings.
        op_by_op: also compare what each op makes.
        at_most: in how many steps to do that; None for all.
        mended: run with the known leaks taken out of Keras (`core.run.backends.mending`).
        hosts: the environments of sides A and B; None for this one.

    Raises:
        ParityError: a side cannot run.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parity-")))
        a, b = (
            stack.enter_context(closing(RemoteSide(job, mended, host)))
            for job, host in zip(jobs, hosts, strict=True)
        )
        with ThreadPoolExecutor(max_workers=2) as threads:
            first, second = threads.submit(a.open), threads.submit(b.open)
            opened = (first.result(), second.result())
        compared = Compared(
            *scenarios,
            backends=(jobs[0].backend, jobs[1].backend),
            precisions=(jobs[0].options.precision, jobs[1].options.precision),
            ledger=ledger,
        )
        located = locate(a, b, compared, opened, folder, at_most=at_most) if op_by_op else None
    executions = (opened[0].execution, opened[1].execution)
    return Comparison(executions, trace_difference(*opened), located)


def trace_difference(a: Opened, b: Opened) -> TraceDifference:
    """Where the losses that both free runs have first differ; earlier names first in a step."""
    steps = min(a.steps, b.steps)
    shared = [name for name in a.losses if name in b.losses]
    one, other = ({name: side.losses[name][:steps] for name in shared} for side in (a, b))
    largest = max((max(differences(one[n], other[n]), default=0.0) for n in shared), default=0.0)
    return TraceDifference(steps, first_of_all(one, other), largest)
