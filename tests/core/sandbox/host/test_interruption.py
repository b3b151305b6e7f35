"""Ctrl-C, and a parent that is killed, leave nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.conftest import REPOSITORY

PROGRAM = """
import sys
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host import Program, run
from core.sandbox.host.guards import Guards, available
source = "print('running')\\nimport time\\ntime.sleep(1000)"
guards = available() if sys.argv[1] == "guarded" else Guards()
run(
    Program("sleeping.md", (Cell(0, source, (1, 2, 3)),)),
    guards=guards,
    on_event=lambda event: print(event.event, flush=True),
)
"""


def begin(kind: str, folder: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A parent whose document is running, and all processes below it."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, kind],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert parent.stdout is not None
    assert any(line.startswith("line") for line in parent.stdout)
    below = psutil.Process(parent.pid).children(recursive=True)
    assert 3 <= len(below)
    assert 1 == len(list(folder.iterdir()))
    return parent, below


def wait_for_nothing(below: list[psutil.Process], folder: Path) -> None:
    """Waits until every process is gone, and the folder empty."""
    _, alive = psutil.wait_procs(below, timeout=20)
    assert [] == alive
    deadline = time.monotonic() + 20
    while list(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [] == list(folder.iterdir())


@pytest.mark.parametrize("kind", ["guarded", "unguarded"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_when_the_parent_is_stopped(
    kind: str, number: signal.Signals, tmp_path: Path
) -> None:
    parent, below = begin(kind, tmp_path)
    parent.send_signal(number)
    parent.wait(timeout=30)
    wait_for_nothing(below, tmp_path)
    if parent.stdout:
        parent.stdout.close()
