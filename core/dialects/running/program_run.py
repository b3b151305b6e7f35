"""Runs a printed program in the sandbox, as any document, and says what the recorder saw."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from attrs import evolve, field, frozen

from core.dialects.program import Program, Watch
from core.dialects.running.recorded import OWN, Batch, fitted, losses, printed, readings, reports
from core.errors import ExecutionError
from core.run.backends.registry import legacy_switch
from core.sandbox.guest.events import CellResult, CellStatus
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host import ExecutionRecord, Limits, run
from core.sandbox.host import Program as Executed

LEGACY = "tf_keras"
_ROOT = Path(__file__).resolve().parents[3]
_BEFORE, _EARLIER, _AFTER = 0, 1, 3
_FAST = """
import jax
from core.run.backends.jax.convolution import speed_up_transposed_convolution
speed_up_transposed_convolution(jax)
"""
_AFTERWARDS = Path(__file__).with_name("afterwards.py")
_STEPS, _SECONDS, _CHARACTERS = 1 << 40, 30.0 * 86_400, 1 << 30
_LIMITS = Limits(  # a program of ours ends by itself
    max_steps=_STEPS, seconds=_SECONDS, cell_seconds=_SECONDS, output=_CHARACTERS, copied=0
)


@frozen
class Ran:
    """What a program did.

    Attributes:
        losses: one number per step for each loss.
        metrics: one number per epoch for each reading.
        log: the lines it printed in its own section.
        finished: whether it ran to its end.
        digest: SHA-256 over the trained weights, empty where it did not finish.
        means: what `fit` reported after each batch; empty of a loop.
        images: pixels of the images it saved, as a trace holds them, by file name.
    """

    losses: Mapping[str, tuple[float, ...]]
    metrics: Mapping[str, tuple[float, ...]]
    log: tuple[str, ...]
    finished: bool
    digest: str
    means: tuple[Batch, ...] = ()
    images: Mapping[str, str] = field(factory=dict)


def run_program(
    program: Program,
    backend: str,
    data: Path,
    *,
    steps: int | None = None,
    fast_convolution: bool = False,
) -> Ran:
    """Runs a program as it is printed.

    Args:
        program: a Python program whose data come from Keras's own loader, or from a file.
        backend: what runs it; threads and kernels are those that the runner pins.
        data: an npz in Keras's MNIST layout, which Keras's loader hands out.
        steps: end after this many training steps of its own section; of `fit` always all are run.
        fast_convolution: on JAX, the kernel gradient of transposed convolutions that the runner
            uses, which rounds differently from JAX's own.

    Raises:
        ExecutionError: the program cannot be run here, or ended with an error.
    """
    watch = _watched(program)
    legacy, fit = program.dialect == "legacy", program.dialect == "fit"
    paths = [str(_ROOT) if fast_convolution else "", os.environ.get("PYTHONPATH", "")]
    variables = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    record = run(
        Executed(
            "program.py",
            _cells(program, watch, fast_convolution),
            script=True,
            backend=backend,
            imports=("tensorflow", LEGACY) if legacy else None,
        ),
        _limits(None if fit else steps),
        data=data,
        environment=variables | legacy_switch(LEGACY if legacy else ""),
        coverage="off",
    )
    own = _checked(program, record)
    told: dict[str, str] = {}
    for line in printed(record, _AFTER):
        name, piece = json.loads(line)
        told[name] = told.get(name, "") + piece
    digest = told.pop("")
    finished = own.cut is None
    means, epochs = fitted(record) if fit else ((), ())
    return Ran(
        losses=losses(record, watch),
        metrics=reports(epochs, watch) if fit else readings(record, program, watch),
        log=tuple(printed(record, OWN)),
        finished=finished,
        digest=digest if finished else "",
        means=means,
        images=told,
    )


def _watched(program: Program) -> Watch:
    """What is to be seen of a program that can be run here.

    Raises:
        ExecutionError: no Python, or Keras 2 without Keras 2.
    """
    if program.watch is None:
        raise ExecutionError(
            f"the {program.dialect} program shows no step",
            where=program.scenario,
            expected="a program in Python",
            remedy="run one of the Python dialects",
        )
    if program.dialect == "legacy" and find_spec(LEGACY) is None:
        raise ExecutionError(
            "Keras 2 is not here",
            where=f"{program.scenario}@legacy",
            expected=f"the package {LEGACY}, which is Keras 2 for today's TensorFlow",
            remedy="python -m pip install tf-keras, in an environment of its own",
        )
    return program.watch


def _limits(steps: int | None) -> Limits:
    return _LIMITS if steps is None else evolve(_LIMITS, cell_steps={OWN: steps})


def _cells(program: Program, watch: Watch, fast_convolution: bool) -> tuple[Cell, ...]:
    """The program, cut before its own section, and what comes before and after it."""
    rows = program.source.split("\n")
    begin = program.spans[watch.begin][0]
    models = ", ".join(f"{name!r}: {variable}" for name, variable in watch.models.items())
    after = f"{_AFTERWARDS.read_text(encoding='utf-8')}\n\ntell({{{models}}})\n"
    sources = {
        _BEFORE: (_FAST if fast_convolution else "", 0),
        _EARLIER: ("\n".join(rows[: begin - 1]), 1),
        OWN: ("\n".join(rows[begin - 1 :]), begin),
        _AFTER: (after, 0),
    }
    return tuple(
        Cell(index, source, tuple(range(first, first + source.count("\n") + 1)))
        for index, (source, first) in sources.items()
    )


def _checked(program: Program, record: ExecutionRecord) -> CellResult:
    """How the program's own section ended.

    Raises:
        ExecutionError: something of the program failed.
    """
    for cell in record.cells:
        if cell.status is not CellStatus.OK:
            said = f"{error.kind}: {error.message}" if (error := cell.error) else cell.note
            where = "; ".join(error.trace) if error else f"line {cell.line}"
            raise ExecutionError(
                f"the printed program failed: {said} ({where})",
                where=f"{program.scenario}@{program.dialect}",
                expected="a program that runs",
                remedy="report it, with `parity show` of this program",
            )
    return record.cells[OWN]
