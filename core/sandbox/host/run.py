"""Runs a program in the sandbox and collects what the recorder sends."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

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


class Conditions(TypedDict, total=False):
    """Under which conditions a document is executed, whichever its language.

    Attributes:
        data: what stands in for Keras's MNIST; None leaves Keras alone.
        allow_network: leave the network on.
        arithmetic: threads and kernels; the pinned ones where None.
        environment: more environment variables.
        on_event: called with every event as it comes.
        guards: the guards to use; those of this machine where None.
    """

    data: ImageData | Path | None
    allow_network: bool
    arithmetic: Arithmetic | None
    environment: Mapping[str, str] | None
    on_event: OnEvent | None
    guards: Guards | None


def run(
    program: Program,
    limits: Limits | None = None,
    *,
    seed: int = 0,
    python: str = sys.executable,
    precision: str = "float32",
    coverage: str = "sampled",
    exercise: tuple[tuple[int, str], ...] = (),
    **conditions: Unpack[Conditions],
) -> ExecutionRecord:
    """Executes a document's Python cells in order, in one namespace, in a process of its own.

    Whatever the document does ends in the record, never in an exception; nothing of the run is left
    when this returns or is interrupted.

    Args:
        program: what to execute.
        limits: how far it may go; the defaults where None.
        seed: seeds Keras, NumPy, Python and the framework once, as the project's own runs do.
        python: the interpreter; NumPy and the document's packages have to be installed there.
        precision: Keras's float type.
        coverage: `off`, `sampled` or `full` (exact, and half as slow again before Python 3.12).
        exercise: (cell, function) pairs to call once, at the end of the cell.
        conditions: see `Conditions`.

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
        **conditions,
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
    **conditions: Unpack[Conditions],
) -> ExecutionRecord:
    """Executes what a request says, in whichever language: in a throw-away folder, behind guards.

    Args:
        request: what to execute; folders, data, limits and guards are filled in here.
        command: what starts the recorder, from the folders and the descriptor for events.
        folder: the document's folder; None for an empty one.
        backend: Keras's backend.
        limits: how far it may go; the defaults where None.
        conditions: see `Conditions`.

    Raises:
        OSError: the throw-away folder cannot be made.
    """
    limits = limits or Limits()
    guards = conditions.get("guards") or available()
    allow_network = conditions.get("allow_network", False)
    workspace = make_workspace(folder, request.cells, limits.copied)
    try:
        whole = replace(
            request,
            folder=str(workspace.document),
            sources=str(workspace.sources),
            data=data_file(workspace, conditions.get("data")),
            max_steps=limits.max_steps,
            cell_steps=tuple(limits.cell_steps.items()),
            seconds=limits.budget,
            cell_seconds=limits.cell_seconds,
            output=limits.output,
            guard_network=not allow_network and not guards.own_network,
            guard_writes=() if guards.landlock else tuple(writable(workspace)),
        )
        workspace.request.write_text(whole.dumps(), encoding="utf-8", errors="surrogateescape")
        arithmetic = conditions.get("arithmetic") or PINNED
        extra = conditions.get("environment")
        variables = environment_of(workspace, backend, arithmetic, extra=extra)
        execution = Execution(
            workspace, limits, Collector(request.cells, conditions.get("on_event"))
        )
        argv = partial(command, workspace)
        guarded = behind_guards(argv, workspace, limits, guards, network=allow_network)
        return execution.finish(guards, allow_network, guarded, variables)
    finally:
        shutil.rmtree(workspace.root, ignore_errors=True)
