"""Small documents in R, and what a machine needs to run them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from attrs import evolve

from core.documents.in_r import RProgram, r_available, run_r
from core.run.data import ImageData
from core.sandbox.guest.events import Line
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host import ExecutionRecord, Limits
from tests.core.sandbox.host.small_documents import cells

QUICK = Limits(seconds=120, cell_seconds=5, memory=1 << 30, disk=64 << 20, output=10_000)


def need_r() -> None:
    """Skips where R is not installed."""
    if r_available().rscript is None:
        pytest.skip(f"{r_available().reason}; to run these tests: apt-get install r-base-core")


def need_reticulate() -> None:
    """Skips where R cannot reach Python's Keras on TensorFlow."""
    need_r()
    if "reticulate" not in r_available().packages:
        pytest.skip(
            "R has no package reticulate; to run these tests: apt-get install "
            "r-cran-reticulate, or install.packages('reticulate') in R"
        )
    if find_spec("tensorflow") is None:
        pytest.skip("TensorFlow is not installed; to run these tests: pip install tensorflow")


def need_keras3() -> None:
    """Skips where R has no Keras."""
    need_reticulate()
    wanted = ("keras3", "tensorflow", "tfdatasets")
    missing = r_available().missing(wanted)
    if missing:
        pytest.skip(f"{missing}; to run these tests, in R: install.packages('keras3')")


def r_cells(*sources: str) -> tuple[Cell, ...]:
    """Cells of R as they would stand in a document, the first at line 1."""
    return tuple(
        Cell(c.index, c.source, c.lines, "r", c.skip, c.may_raise) for c in cells(*sources)
    )


def r_program(*sources: str, folder: Path | None = None) -> RProgram:
    """A document of R cells."""
    return RProgram("small.Rmd", r_cells(*sources), folder=folder)


def execute(
    *sources: str,
    limits: Limits = QUICK,
    seed: int = 0,
    data: ImageData | None = None,
    folder: Path | None = None,
    skip: Mapping[int, str] | None = None,
) -> ExecutionRecord:
    """Runs a document of R cells."""
    program = r_program(*sources, folder=folder)
    left_out = dict(skip or {})
    chosen = tuple(
        Cell(c.index, c.source, c.lines, c.language, left_out.get(c.index)) for c in program.cells
    )
    return run_r(evolve(program, cells=chosen), limits, seed=seed, data=data)


def lines_of(record: ExecutionRecord, cell: int, stream: str = "stdout") -> list[tuple[int, str]]:
    """What a cell printed: the document's line and the text."""
    return [
        (int(str(row.line)), row.text)
        for row in record.of(Line)
        if row.cell == cell and row.stream == stream
    ]
