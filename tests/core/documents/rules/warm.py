"""Validates documents in children of one process that has imported their framework.

Run as a program, `python -m tests.core.documents.rules.warm BACKEND RESULT DOCUMENT…`, it writes
the findings and the cells' statuses of each document as JSON. Importing a framework takes most of
the time that a small document takes; here it is imported once, and each document runs in a child
that was forked before anything was computed. What the sandbox adds, guards and limits, has tests of
its own.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from core.documents.rules import liveness
from core.documents.validation import Declared, DocumentReport, Settings, validate
from core.run.data import ImageData, load_data
from core.run.worker import Job, Outcome
from core.sandbox.guest.recorder.request import ExecutionRequest
from core.sandbox.host import ExecutionRecord, Limits, Program
from core.sandbox.host.collect import Collector
from core.sandbox.host.environment import environment_of
from core.sandbox.host.workspace import Workspace, data_file, make_workspace
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY

LIMITS = Limits(seconds=240, cell_seconds=240)


def run(
    program: Program,
    limits: Limits,
    *,
    seed: int,
    data: ImageData,
    exercise: tuple[tuple[int, str], ...],
    **_: object,
) -> ExecutionRecord:
    """What `core.sandbox.host.run` does, in a child of this process."""
    started = time.monotonic()
    reads_images = any("mnist" in cell.source for cell in program.cells)
    workspace = make_workspace(program.folder, program.cells, limits.copied)
    collector = Collector(program.cells, None)
    try:
        request = ExecutionRequest(
            name=program.name,
            cells=program.cells,
            folder=str(workspace.document),
            sources=str(workspace.sources),
            seed=seed,
            imports=program.frameworks(),
            data=data_file(workspace, data) if reads_images else None,
            max_steps=limits.max_steps,
            cell_seconds=limits.cell_seconds,
            output=limits.output,
            display=not program.script,
            script=program.script,
            exercise=exercise,
        )
        workspace.request.write_text(request.dumps(), encoding="utf-8")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _record(workspace, program.chosen_backend(), writing)
        os.close(writing)
        while part := os.read(reading, 1 << 20):
            collector.feed(part)
        os.close(reading)
        os.waitpid(child, 0)
    finally:
        raw = workspace.root / "raw.txt"
        text = raw.read_text(errors="replace") if raw.exists() else ""
        shutil.rmtree(workspace.root, ignore_errors=True)
    answer = {"reason": "", "raw": text}
    seconds = time.monotonic() - started
    return collector.record(answer, stopped="", seconds=seconds, guards=(), notes=())


def _record(workspace: Workspace, backend: str, events: int) -> None:
    """The recorder's own program; never returns."""
    os.setsid()
    with (workspace.root / "raw.txt").open("wb") as raw:
        os.dup2(raw.fileno(), 1)
        os.dup2(raw.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment_of(workspace, backend))
    sys.argv = ["recorder", str(workspace.request), str(events)]
    import_module("core.sandbox.guest.recorder.program").main()


def _nothing(jobs: Sequence[Job]) -> list[Outcome]:
    raise AssertionError(f"no document here is a known guide's: {jobs}")


def _fields(report: DocumentReport) -> dict[str, object]:
    return {
        "findings": [(finding.where, finding.code) for finding in report.findings],
        "statuses": [cell.status.value for cell in report.cells],
    }


def main(backend: str, result: str, documents: Sequence[str]) -> None:
    """Validates the documents as `parity validate --exercise` does."""
    os.environ["KERAS_BACKEND"] = backend
    import_module("keras")
    import_module(backend if backend != "torch" else "torch._dynamo")
    sys.modules["core.documents.validation.validate"].__dict__["run"] = run
    settings = Settings(
        known=(),
        declared=Declared(Catalog.load(REPOSITORY), "digits", 0, REPOSITORY, (), _nothing),
        images=load_data("digits"),
        limits=LIMITS,
        rules=(liveness,),
        exercise=True,
    )
    reports = {Path(path).name: _fields(validate(Path(path), settings)) for path in documents}
    Path(result).write_text(json.dumps(reports), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
