"""`parity run`: run scenarios and print, or save, their traces."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import click

from core.check.compare.losses import not_finite
from core.errors import UsageError
from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import REFERENCE, installed
from core.run.runner.options import EXECUTIONS, PRECISIONS, RANDOMNESS, RunOptions, check_promise
from core.run.worker import Job, Outcome
from core.spec import BACKENDS, Scenario
from core.spec.catalog import Catalog
from core.trace import Trace
from tools.cli import options
from tools.cli.completion import complete_ids
from tools.cli.document import emit, run_fields
from tools.cli.main import FINDINGS, INTERRUPTED, OK, fail
from tools.cli.printing import say
from tools.cli.running import run_all
from tools.cli.verbs import OneOf, verb


def _jobs(
    catalog: Catalog,
    selected: Sequence[Scenario],
    backends: Sequence[str],
    choices: Mapping[str, RunOptions],
    reading: str,
    data: str,
    folders: tuple[Path, ...],
) -> list[Job]:
    jobs = []
    for entry in catalog.guides:
        for backend in backends:
            mine = [scenario for scenario in selected if scenario in entry.scenarios]
            ids = tuple(s.id for s in mine if backend in (REFERENCE, *s.backends))
            if ids and backend in (REFERENCE, *installed()):
                jobs.append(
                    Job(
                        name=f"{entry.guide.id}@{backend}",
                        backend=backend,
                        scenarios=ids,
                        options=choices[backend],
                        reading=reading,
                        data=data,
                        repository=str(options.repository),
                        folders=tuple(str(folder) for folder in folders),
                    )
                )
    return jobs


def _precision(backend: str, asked: str | None) -> str:
    """The precision of a backend's runs: as asked, else its own.

    Raises:
        UsageError: single precision, which the reference does not have.
    """
    if backend == REFERENCE and asked == "float32":
        raise UsageError(
            "--precision float32 with --backend reference",
            where="run",
            expected="float64: the reference is the mathematics, not a framework's rounding",
            remedy="leave --precision out",
        )
    return asked or ("float64" if backend == REFERENCE else "float32")


def _randomness(backends: Sequence[str], asked: str | None) -> str:
    """How random numbers come: as asked, else controlled where the reference runs.

    Raises:
        UsageError: native randomness, which the reference does not have.
    """
    if REFERENCE in backends and asked == "native":
        raise UsageError(
            "--randomness native with --backend reference",
            where="run",
            expected="controlled: native draws are a framework's own",
            remedy="leave --randomness out",
        )
    return asked or ("controlled" if REFERENCE in backends else "native")


def _sentence(trace: Trace) -> str:
    losses = ", ".join(
        f"{name} {values[0]:.4f} → {values[-1]:.4f}" if values else f"{name}: no step"
        for name, values in trace.losses.items()
    )
    metrics = "".join(f", {name} {values[-1]:.4f}" for name, values in trace.metrics.items())
    return (
        f"{trace.scenario}@{trace.backend}: {trace.steps} steps, {losses}{metrics} "
        f"({trace.randomness}, {trace.execution}, {trace.precision}, seed {trace.seed}, "
        f"{trace.data_name}, {trace.seconds:.1f} s)"
    )


def _print(outcomes: Sequence[Outcome]) -> None:
    traces = [trace for outcome in outcomes for trace in outcome.traces.values()]
    if len(traces) > 1:
        say(f"{len(traces)} runs")
    for trace in traces:
        say(_sentence(trace))
        for line in trace.log:
            say(f"  {line.text}" if line.text else "")


@verb("run")
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete_ids)
@options.backend_or_reference_option
@click.option(
    "--reading",
    type=OneOf(BACKENDS),
    default="tensorflow",
    show_default=True,
    help="Whose meaning the reference takes where backends differ.",
)
@options.data_option
@options.seed_option
@click.option(
    "--randomness",
    type=OneOf(RANDOMNESS),
    help="Consume random numbers as the guide does (native, the default), or address them "
    "(controlled, all that the reference has).",
)
@click.option(
    "--execution", type=OneOf(EXECUTIONS), help="How steps run; default: as in the guide."
)
@click.option(
    "--precision", type=OneOf(PRECISIONS), help="Default: float32; float64 for the reference."
)
@click.option("--steps", type=click.IntRange(1), metavar="N", help="Stop after N steps in all.")
@click.option(
    "--epochs",
    type=click.IntRange(1),
    metavar="N",
    help="Train N epochs instead of the guide's number.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Save traces and images in a folder.",
)
@click.option("--resume", is_flag=True, help="Go on from the last epoch saved in --out.")
@options.threads_option
@options.kernels_option
@options.processor_option
@options.folders_option
@options.json_option
def command(
    ids: tuple[str, ...],
    backend: tuple[str, ...],
    reading: str,
    data: str,
    seed: int,
    randomness: str | None,
    execution: str | None,
    precision: str | None,
    steps: int | None,
    epochs: int | None,
    out: Path | None,
    resume: bool,
    threads: int | None,
    kernels: str,
    processor: str,
    folders: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Run scenarios and print what they did.

    Several sections of a guide run in the guide's order in one process, seeded once.
    """
    catalog = options.catalog(folders)
    selected = catalog.select(ids)
    names = options.backends(backend, (REFERENCE,))
    randomness = _randomness(names, randomness)
    choices = {
        name: RunOptions(seed, randomness, execution, _precision(name, precision), steps, epochs)
        for name in names
    }
    for scenario in selected:
        for choice in choices.values():
            check_promise(scenario, choice)
    if resume and out is None:
        raise UsageError(
            "--resume without --out",
            where="run",
            expected="the folder that an earlier run saved into",
            remedy="name it with --out DIR",
        )
    jobs = _jobs(catalog, selected, names, choices, reading, options.data(data), folders)
    if not jobs:
        raise options.nothing_ran(selected, names)
    options.say_left_out(selected, backend)
    jobs = [attrs.evolve(job, arithmetic=Arithmetic(threads, kernels, processor)) for job in jobs]
    if out is not None:
        jobs = [attrs.evolve(job, out=str(out.resolve()), resume=resume) for job in jobs]
    lock = threading.Lock()

    def keep(_: Job, trace: Trace) -> None:
        if out is not None:
            from tools.cli.saving import announce, save

            with lock:
                announce(save(trace, out))

    if out is not None:
        from tools.cli.saving import prepare_folder

        prepare_folder(out)
    outcomes, interrupted = run_all(jobs, keep)
    traces = [trace for outcome in outcomes for trace in outcome.traces.values()]
    if as_json:
        runs = [run_fields(trace) for trace in traces]
        emit("run", runs[0] if len(runs) == 1 else {"runs": runs}, processor)
    else:
        _print(outcomes)
    code = OK
    for trace in traces:
        for finding in not_finite(trace):
            click.echo(
                f"{finding.severity} {finding.code}: {finding.where}: {finding.message}", err=True
            )
            code = FINDINGS
    for outcome in outcomes:
        if outcome.failure and not interrupted:
            fail(outcome.failure.error)
            code = FINDINGS
    return INTERRUPTED if interrupted else code
