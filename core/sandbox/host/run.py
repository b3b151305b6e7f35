"""Runs a program in the sandbox and collects what the recorder sends."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
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
from core.sandbox.host.guest import PACKAGE
from core.sandbox.host.limits import Limits
from core.sandbox.host.program import Program
from core.sandbox.host.record import ExecutionRecord
from core.sandbox.host.workspace import Workspace, data_file, make_workspace

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
    request = ExecutionRequest(
        name=program.name,
        cells=program.cells,
        seed=seed,
        imports=program.frameworks(),
        precision=precision,
        display=not program.script,
        script=program.script,
        coverage=coverage,
        exercise=exercise,
    )
    return execute(
        request,
        lambda workspace, events: started(python, "recorder", workspace, events),
        folder=program.folder,
        backend=program.chosen_backend(),
        limits=limits,
        data=data,
        allow_network=allow_network,
        arithmetic=arithmetic,
        environment=environment,
        on_event=on_event,
        guards=guards,
    )


def started(python: str, program: str, workspace: Workspace, events: int) -> list[str]:
    """The command that starts a recorder of the guest, which sends events on a descriptor."""
    return [python, "-P", "-m", f"{PACKAGE}.{program}", str(workspace.request), str(events)]


def execute(
    request: ExecutionRequest,
    command: Callable[[Workspace, int], Sequence[str]],
    *,
    folder: Path | None,
    backend: str,
    limits: Limits | None,
    data: ImageData | Path | None,
    allow_network: bool,
    arithmetic: Arithmetic | None,
    environment: Mapping[str, str] | None,
    on_event: OnEvent | None,
    guards: Guards | None,
) -> ExecutionRecord:
    """Executes what a request says, in whichever language: in a throw-away folder, behind guards.

    Args:
        request: what to execute; folders, data, limits and guards are filled in here.
        command: what starts the recorder, from the folders and the descriptor for events.
        folder: the document's folder; None for an empty one.
        backend: Keras's backend.
        limits: how far it may go; the defaults where None.
        data: what stands in for MNIST; None for nothing.
        allow_network: leave the network on.
        arithmetic: threads and kernels; the pinned ones where None.
        environment: more environment variables.
        on_event: told of every event as it comes.
        guards: the guards to use; those of this machine where None.

    Raises:
        OSError: the throw-away folder cannot be made.
    """
    limits = limits or Limits()
    guards = guards or available()
    workspace = make_workspace(folder, request.cells, limits.copied)
    try:
        whole = replace(
            request,
            folder=str(workspace.document),
            sources=str(workspace.sources),
            data=data_file(workspace, data),
            max_steps=limits.max_steps,
            seconds=limits.budget,
            cell_seconds=limits.cell_seconds,
            output=limits.output,
            guard_network=not allow_network and not guards.own_network,
            guard_writes=() if guards.landlock else tuple(writable(workspace)),
        )
        workspace.request.write_text(whole.dumps(), encoding="utf-8", errors="surrogateescape")
        variables = environment_of(workspace, backend, arithmetic or PINNED, extra=environment)
        execution = Execution(workspace, limits, Collector(request.cells, on_event))
        argv = partial(command, workspace)
        guarded = behind_guards(argv, workspace, limits, guards, network=allow_network)
        return execution.finish(guards, allow_network, guarded, variables)
    finally:
        shutil.rmtree(workspace.root, ignore_errors=True)
