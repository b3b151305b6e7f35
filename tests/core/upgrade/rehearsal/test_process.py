from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.run.backends.registry import process_environment
from core.run.worker.job import Job
from core.upgrade.rehearsal.process import WorkerProcess, clean_variables
from core.upgrade.rehearsal.run import Limits, RunResult, RunStatus
from tests.core.upgrade.rehearsal.fake_worker import fake_code
from tests.core.upgrade.rehearsal.runs import CONTROLLED, LOSSES


@pytest.fixture
def process(tmp_path: Path) -> Iterator[WorkerProcess]:
    own = {"PYTHONPATH": "/elsewhere", "PYTHONSAFEPATH": "1"}
    variables = clean_variables(dict(os.environ) | own, {})
    made = WorkerProcess(
        Path(sys.executable), fake_code(tmp_path), variables, Limits(30.0, 1 << 30)
    )
    yield made
    made.close(kill=True)


def job(name: str) -> Job:
    return Job(name, "tensorflow", (f"toy/{name}",), CONTROLLED, "digits", "/nowhere")


def told(result: RunResult) -> str:
    assert result.trouble is not None
    return result.trouble.what


def test_runs_one_after_the_other_share_a_process(process: WorkerProcess) -> None:
    first, second = process.run(job("works")), process.run(job("works"))
    assert [RunStatus.RAN, RunStatus.RAN] == [first.status, second.status]
    assert first.trace is not None
    assert second.trace is not None
    assert {"loss": LOSSES} == first.trace.losses
    assert first.trace.seconds == second.trace.seconds  # the process's number


def test_the_process_gets_the_memory_limit_and_no_foreign_path(process: WorkerProcess) -> None:
    result = process.run(job("works"))
    assert result.trace is not None
    assert (str(1 << 30), "none") == result.trace.warnings


def test_what_a_run_raises_is_told_with_its_line(process: WorkerProcess) -> None:
    result = process.run(job("raises"))
    assert RunStatus.FAILED == result.status
    assert result.trouble is not None
    assert ("AttributeError", "line 3") == (result.trouble.kind, result.trouble.where)


def test_a_run_that_takes_too_long_is_ended_and_the_next_one_starts_afresh(tmp_path: Path) -> None:
    variables = clean_variables(os.environ, {})
    process = WorkerProcess(Path(sys.executable), fake_code(tmp_path), variables, Limits(2.0, 0))
    late = process.run(job("sleeps"))
    assert (RunStatus.TIMEOUT, 2.0) == (late.status, late.limit)
    process.limits = Limits(120.0, 0)
    assert RunStatus.RAN == process.run(job("works")).status
    process.close()


def test_a_process_that_dies_tells_its_last_words_and_is_replaced(process: WorkerProcess) -> None:
    died = process.run(job("crashes"))
    assert RunStatus.FAILED == died.status
    assert "139" in told(died)
    assert "segmentation fault" in told(died)
    assert RunStatus.RAN == process.run(job("works")).status


def test_a_process_killed_from_outside_decides_nothing(process: WorkerProcess) -> None:
    assert RunStatus.KILLED == process.run(job("killed")).status


@pytest.mark.parametrize("name", ["starves", "aborts"])
def test_a_lack_of_memory_is_told_from_other_ends(process: WorkerProcess, name: str) -> None:
    result = process.run(job(name))
    assert (RunStatus.MEMORY, float(1 << 30)) == (result.status, result.limit)


def test_a_stray_print_does_not_break_the_protocol(process: WorkerProcess) -> None:
    assert RunStatus.RAN == process.run(job("chatters")).status


def test_progress_is_passed_on(process: WorkerProcess) -> None:
    seen: list[tuple[int, int]] = []
    process.run(job("works"), lambda done, total: seen.append((done, total)))
    assert [(1, 2)] == seen


def test_a_stop_ends_the_run_at_once(process: WorkerProcess) -> None:
    threading.Timer(0.5, process.stop.set).start()
    with pytest.raises(KeyboardInterrupt):
        process.run(job("sleeps"))


def test_a_process_of_another_environment_gets_none_of_this_ones_paths() -> None:
    base = {"PYTHONPATH": "x", "VIRTUAL_ENV": "y", "KERAS_HOME": "z", "PATH": "p"}
    variables = clean_variables(base, {"KERAS_HOME": "own"})
    assert {"PATH": "p", "KERAS_HOME": "own", "PYTHONNOUSERSITE": "1"}.items() <= variables.items()
    assert not {"PYTHONPATH", "VIRTUAL_ENV"} & variables.keys()
    assert "KERAS_BACKEND" in process_environment("jax")
