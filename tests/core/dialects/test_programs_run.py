"""A printed program, executed, gives a trace bit-identical to the runner's on its backend.

A few steps of one section here, on two backends, because each needs half a minute; what was
compared of all sections, on torch too, stands in `docs/dialects.md`.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from core.dialects import DIALECTS, Printing
from core.dialects.running.comparing import compare
from core.dialects.running.program_run import LEGACY, run_program
from core.errors import ExecutionError
from core.extras import install_command
from core.run.backends.registry import installed
from core.run.runner.options import RunOptions
from core.run.worker import Job, run_jobs
from core.spec.catalog import Catalog
from tests.conftest import REPOSITORY

SECTION = "keras_io_tf/first_loop"
STEPS, SEED = 6, 12
(SCENARIO,) = Catalog.load(REPOSITORY).select([SECTION])


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_a_printed_program_gives_the_runner_s_trace(backend: str, small_npz: Path) -> None:
    if backend not in installed():
        pytest.skip(f"{backend} is not here; {install_command(backend)}")
    job = Job(
        name=SECTION,
        backend=backend,
        scenarios=(SECTION,),
        options=RunOptions(seed=SEED, steps=STEPS),
        data=str(small_npz),
        repository=str(REPOSITORY),
    )
    (outcome,) = run_jobs([job], workers=1)
    assert outcome.failure is None
    program = DIALECTS[backend].program(SCENARIO, Printing(seed=SEED))
    ran = run_program(program, backend, small_npz, steps=STEPS, fast_convolution=backend == "jax")
    found = compare(ran, outcome.traces[SECTION])
    assert () == found.differences
    assert (STEPS, STEPS) == (found.steps, found.same_steps)


def test_a_program_that_cannot_be_watched_is_refused(tmp_path: Path) -> None:
    program = DIALECTS["r"].program(SCENARIO, Printing())
    with pytest.raises(ExecutionError, match="shows no step"):
        run_program(program, "tensorflow", tmp_path)


@pytest.mark.skipif(find_spec(LEGACY) is not None, reason="tf_keras is here; uninstall it to see")
def test_a_program_for_keras_2_needs_keras_2(tmp_path: Path) -> None:
    program = DIALECTS["legacy"].program(SCENARIO, Printing())
    with pytest.raises(ExecutionError, match="tf_keras"):
        run_program(program, "tensorflow", tmp_path)
