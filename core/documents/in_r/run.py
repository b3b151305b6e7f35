"""Runs the R cells of a document in the sandbox and collects what the recorder sends."""

from __future__ import annotations

import sys
from functools import partial
from typing import Unpack

from attrs import evolve

from core.documents.in_r.program import RProgram
from core.documents.in_r.state import BINDING, RState, r_available
from core.sandbox.guest.events import CellResult, CellStatus
from core.sandbox.guest.recorder.in_r.host import PLAIN, PYTHON
from core.sandbox.guest.recorder.request import ExecutionRequest, cell_file
from core.sandbox.host.limits import Limits
from core.sandbox.host.record import Ending, ExecutionRecord, GuardState
from core.sandbox.host.run import Conditions, execute, started
from core.sandbox.host.workspace import Workspace


def run_r(
    program: RProgram,
    limits: Limits | None = None,
    *,
    seed: int = 0,
    python: str = sys.executable,
    precision: str = "float32",
    state: RState | None = None,
    **conditions: Unpack[Conditions],
) -> ExecutionRecord:
    """Executes a document's R cells in order, in R's global environment, in a process of its own.

    A document that leads to Python has this interpreter bound to R by reticulate, and its Keras is
    recorded as that of a Python document. Whatever the document does ends in the record, never in
    an exception; nothing of the run is left when this returns or is interrupted.

    Args:
        program: what to execute.
        limits: how far it may go; the defaults where None.
        seed: seeds R, Keras, NumPy, Python and the framework once, as keras3's `set_random_seed`.
        python: the interpreter that R is bound to.
        precision: Keras's float type.
        state: R on this machine; looked for where None.
        conditions: see `Conditions`.

    Raises:
        OSError: the throw-away folder cannot be made.
    """
    state = state or r_available()
    missing = state.missing(program.packages)
    if state.rscript is None or missing:
        return _not_run(program, missing)
    request = ExecutionRequest(
        name=program.name,
        cells=program.cells,
        seed=seed,
        imports=program.modules,
        precision=precision,
        coverage="off",
        training=program.training(),
    )
    extra = conditions.get("environment") or {}
    conditions["environment"] = _variables(state, python) | dict(extra)
    record = execute(
        request,
        partial(_command, program, python, state.rscript),
        folder=program.folder,
        backend=program.chosen_backend(),
        limits=limits,
        **conditions,
    )
    return evolve(record, guards=tuple(_honest(guard) for guard in record.guards))


def _command(
    program: RProgram, python: str, rscript: str, workspace: Workspace, events: int
) -> list[str]:
    """The command of the process above R; the plan of the cells is written beside the request."""
    plan = workspace.root / "plan.tsv"
    rows = [f"{c.index}\t{workspace.sources / cell_file(c.index)}\n" for c in program.executed]
    plan.write_text("".join(rows), encoding="utf-8")
    mode = PYTHON if program.needs_python else PLAIN
    loaded = ",".join(name for name in reversed(BINDING) if name in program.packages)
    start = started(python, "recorder.in_r", workspace, events)
    return [*start, str(plan), rscript, mode, loaded or "-"]


def _variables(state: RState, python: str) -> dict[str, str]:
    """What R needs beside what any document has: its packages, this Python, one language."""
    return {
        "R_LIBS": ":".join(state.libraries),
        "RETICULATE_PYTHON": python,
        "RETICULATE_AUTOCONFIGURE": "FALSE",
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "en",
    }


def _honest(guard: GuardState) -> GuardState:
    """A guard that rests on Python's audit hook alone holds nothing back that R does."""
    if guard.mechanism == "audit hook":
        return GuardState(guard.name, "none", "code of R is not held back on this machine")
    return guard


def _not_run(program: RProgram, missing: str) -> ExecutionRecord:
    cells = tuple(
        CellResult(cell.index, cell.lines[0] if cell.lines else 0, CellStatus.SKIPPED, note=missing)
        for cell in program.cells
    )
    return ExecutionRecord(cells, (), Ending.FAILED, None, 0.0, 0, (), notes=(missing,))
