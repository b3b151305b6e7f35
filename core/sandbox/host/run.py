"""Runs a program in the sandbox and collects what the recorder sends."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from core.run.backends.arithmetic import Arithmetic
from core.run.backends.registry import PINNED
from core.run.data import ImageData
from core.sandbox.guest.events import Event
from core.sandbox.guest.recorder.request import ExecutionRequest
from core.sandbox.host.collect import Collector
from core.sandbox.host.environment import environment_of
from core.sandbox.host.execution import Execution, behind_guards, writable
from core.sandbox.host.guards import Guards, available
from core.sandbox.host.limits import Limits
from core.sandbox.host.program import Program
from core.sandbox.host.record import ExecutionRecord
from core.sandbox.host.workspace import PACKAGE, data_file, make_workspace

OnEvent = Callable[[Event], None]


def run(
    program: Program,
    limits: Limits | None = None,
    *,
    seed: int = 0,
    data: ImageData | Path | None = None,
    allow_network: bool = False,
    python: str = sys.executable,
    arithmetic: Arithmetic | None = None,
    precision: str = "float32",
    environment: Mapping[str, str] | None = None,
    coverage: str = "sampled",
    exercise: tuple[tuple[int, str], ...] = (),
    on_event: OnEvent | None = None,
    guards: Guards | None = None,
) -> ExecutionRecord:
    """Executes a document's Python cells in order, in one namespace, in a process of its own.

    Whatever the document does ends in the record, never in an exception; nothing of the run is left
    when this returns or is interrupted.

    Args:
        program: what to execute.
        limits: how far it may go; the defaults where None.
        seed: seeds Keras, NumPy, Python and the framework once, as the project's own runs do.
        data: what `keras.datasets.mnist.load_data` returns; None leaves Keras alone.
        allow_network: leave the network on.
        python: the interpreter; NumPy and the document's packages have to be installed there.
        arithmetic: threads and kernels; the pinned ones where None.
        precision: Keras's float type.
        environment: more environment variables.
        coverage: `off`, `sampled` or `full` (exact, and half as slow again before Python 3.12).
        exercise: (cell, function) pairs to call once, at the end of the cell.
        on_event: told of every event as it comes.
        guards: the guards to use; those of this machine where None.

    Raises:
        OSError: the throw-away folder cannot be made.
    """
    limits = limits or Limits()
    guards = guards or available()
    backend = program.chosen_backend()
    workspace = make_workspace(program.folder, program.cells, limits.copied)
    try:
        audit = not guards.landlock
        request = ExecutionRequest(
            name=program.name,
            cells=program.cells,
            folder=str(workspace.document),
            sources=str(workspace.sources),
            seed=seed,
            imports=program.frameworks(),
            data=data_file(workspace, data),
            precision=precision,
            max_steps=limits.max_steps,
            seconds=limits.budget,
            cell_seconds=limits.cell_seconds,
            output=limits.output,
            display=not program.script,
            script=program.script,
            coverage=coverage,
            exercise=exercise,
            guard_network=not allow_network and not guards.own_network,
            guard_writes=tuple(writable(workspace)) if audit else (),
        )
        workspace.request.write_text(request.dumps(), encoding="utf-8", errors="surrogateescape")
        variables = environment_of(workspace, backend, arithmetic or PINNED, extra=environment)
        execution = Execution(workspace, limits, Collector(program, on_event))
        return execution.finish(
            guards,
            allow_network,
            behind_guards(
                lambda events: [
                    python,
                    "-P",
                    "-m",
                    f"{PACKAGE}.recorder",
                    str(workspace.request),
                    str(events),
                ],
                workspace,
                limits,
                guards,
                network=allow_network,
            ),
            variables,
        )
    finally:
        shutil.rmtree(workspace.root, ignore_errors=True)
