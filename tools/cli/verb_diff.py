"""`parity diff`: two scenarios or dialects side by side, their runs, and the ops that differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.diff.asked import is_document
from core.errors import UsageError
from core.trace.encoding import Json
from tools.cli import options
from tools.cli.completion import complete_ids_or_files
from tools.cli.diff_code import code_fields, compared, show, wants_programs, write_page
from tools.cli.document import emit
from tools.cli.main import FINDINGS, OK
from tools.cli.printing import say
from tools.cli.verbs import verb

if TYPE_CHECKING:
    from core.diff.microscope.compare import Comparison
    from core.diff.microscope.ledger import Ledger
    from core.diff.microscope.qualified import Qualified
    from core.run.worker.job import Job

STEPS = 10  # one step shows what an op does; a few more show what only trained weights do


def _job(asked: Qualified, data: str, seed: int, steps: int, folders: tuple[Path, ...]) -> Job:
    from core.run.runner.options import RunOptions, check_promise
    from core.run.worker.job import Job

    choices = RunOptions(
        seed=seed,
        randomness="controlled",
        execution=asked.execution,
        precision=asked.precision,
        steps=steps,
    )
    check_promise(asked.scenario, choices)
    return Job(
        name=asked.text,
        backend=asked.backend,
        scenarios=(asked.scenario.id,),
        options=choices,
        data=data,
        repository=str(options.repository),
        folders=tuple(str(folder) for folder in folders),
    )


def _compared(
    sides: tuple[Qualified, Qualified], jobs: tuple[Job, Job], ledger: Ledger, **how: bool
) -> Comparison:
    from core.diff.microscope.compare import compare
    from core.diff.microscope.qualified import check_installed

    for side in sides:
        check_installed(side)
    click.echo("running both sides; this takes a minute or more", err=True)
    scenarios = (sides[0].scenario, sides[1].scenario)
    return compare(jobs, scenarios, ledger, op_by_op=how["locate"], mended=how["mended"])


@verb("diff")
@click.argument("a", metavar="A", shell_complete=complete_ids_or_files)
@click.argument("b", metavar="B", shell_complete=complete_ids_or_files)
@click.option("--run", "run", is_flag=True, help="Also run both, and compare their traces.")
@click.option("--locate", is_flag=True, help="With --run: find the first op that differs.")
@click.option(
    "--steps",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help=f"Training steps to compare; by default all of them, with --locate {STEPS}.",
)
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the differences and the code, side by side, as one page.",
)
@click.option(
    "--mended",
    is_flag=True,
    help="In float64: with the known precision leaks taken out of Keras, in these processes only.",
)
@options.data_option
@options.seed_option
@options.folders_option
@options.json_option
def command(
    a: str,
    b: str,
    run: bool,
    locate: bool,
    steps: int | None,
    html: Path | None,
    mended: bool,
    data: str,
    seed: int,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Compare two scenarios, two dialects, two runs, or a loop of your own with one of these.

    First what they do differently, in words and values, then their code, aligned by op, with --run
    also both traces: the first difference, the curves, the accuracies. A and B are files
    (my_loop.py, a notebook, a document with code) or scenario ids, qualified by a dialect
    (tensorflow, jax, torch, legacy, r, fit) or by how to run them:
    keras_io_tf/gan@jax,execution=graph,precision=float64. ID and ID@fit with --run: whether fit
    trains as the loop does, and why not. Backends are run under controlled randomness, printed
    programs and documents as they stand. Exit code 1 where an op differs by more than rounding, as
    measured, and no known precision leak accounts for it, or where fit differs unexplained.
    """
    if (locate or mended) and not run:
        raise UsageError(
            f"--{'locate' if locate else 'mended'} without --run",
            where="diff",
            expected="--run, because ops are compared while they run",
            remedy=f"parity diff {a} {b} --run --locate",
        )
    documents = is_document(a) or is_document(b)
    if locate and (documents or wants_programs(a, b)):
        raise UsageError(
            f"--locate for {a} and {b}",
            where="diff",
            expected="two backends, whose ops can be tapped; a program or document is watched from "
            "outside",
            remedy="leave --locate out",
        )
    comparison = compared(a, b, seed, folders)
    fields: dict[str, Json] = {"a": a, "b": b, **code_fields(comparison)}
    if run and not locate:
        from tools.cli import diff_runs

        asked = diff_runs.Asked(a, b, data, seed, steps, folders)
        return diff_runs.run_and_show(asked, comparison, fields, html, as_json=as_json)
    if html is not None:
        write_page(comparison, html)
    if not run:
        if as_json:
            emit("diff", fields)
        else:
            show(comparison)
        return OK
    return _locate(a, b, data, seed, steps or STEPS, folders, fields, mended=mended, json=as_json)


def _locate(
    a: str,
    b: str,
    data: str,
    seed: int,
    steps: int,
    folders: tuple[Path, ...],
    fields: dict[str, Json],
    *,
    mended: bool,
    json: bool,
) -> int:
    """Runs both under the microscope; the exit code."""
    from core.diff.microscope.ledger import Ledger, read_ledger
    from core.diff.microscope.qualified import qualified
    from tools.cli import diff_report

    catalog = options.catalog(folders)
    sides = (qualified(catalog, a), qualified(catalog, b))
    source = options.data(data)
    jobs = tuple(_job(side, source, seed, steps, folders) for side in sides)
    ledger = Ledger() if mended else read_ledger(options.repository / "golden")
    found = _compared(sides, (jobs[0], jobs[1]), ledger, locate=True, mended=mended)
    trace = diff_report.trace_fields(found.trace)
    fields |= {"executions": list(found.executions), "trace": trace}
    if found.located is not None:
        fields |= diff_report.located_fields(found.located)
        fields |= {"findings": diff_report.findings(found.located, ledger)}
    if json:
        emit("diff", fields)
    else:
        say(diff_report.decision(sides, found))
        diff_report.print_comparison(sides, found, ledger)
    failed = found.located is not None and found.located.unexplained is not None
    return FINDINGS if failed else OK
