"""Programs of ours in processes of their own: lines in, JSON out, and an end in every case."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.processes import Child, program
from tests.conftest import REPOSITORY

ECHO = """
import json, os, sys, time
sys.path.insert(0, os.environ["REPOSITORY"])
from core.processes import answers
stream = answers()
for line in sys.stdin:
    asked = line.strip()
    if asked == "sleep":
        time.sleep(600)
    if asked == "die":
        sys.stderr.write("first\\n\\nsegmentation fault\\n")
        sys.exit(7)
    if asked == "print":
        print("a stray print")
        os.write(stream.fileno(), b"no JSON\\n")
    stream.write(json.dumps({"asked": asked}) + "\\n")
    stream.flush()
"""


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    made = Child(
        [sys.executable, "-c", ECHO], dict(os.environ) | {"REPOSITORY": str(REPOSITORY)}, tmp_path
    )
    yield made
    made.close(kill=True)


def test_a_module_runs_with_what_it_is_given() -> None:
    command = program("json.tool", "--compact")
    done = subprocess.run(
        command, input='{"a": 1}', cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert '{"a":1}\n' == done.stdout


def test_each_line_has_its_answer(child: Child) -> None:
    for line in ("one", "über"):
        child.tell(line)
        assert {"asked": line} == child.answer()
    assert child.running
    child.close()
    assert not child.running


def test_what_is_no_answer_is_passed_over(child: Child) -> None:
    child.tell("print")
    assert {"asked": "print"} == child.answer()
    child.close()
    assert {"no JSON", "a stray print"} == set(child.last_words(9, "\n").split("\n"))


def test_a_process_that_dies_leaves_its_code_and_last_words(child: Child) -> None:
    child.tell("die")
    assert child.answer() is None
    assert child.answer() is None
    assert 7 == child.ended()
    assert "first | segmentation fault" == child.last_words()
    assert "segmentation fault" == child.last_words(1)
    child.tell("to nobody")
    assert child.answer() is None


def test_an_answer_that_takes_too_long_is_not_waited_for(child: Child) -> None:
    child.tell("sleep")
    with pytest.raises(TimeoutError):
        child.answer(time.monotonic() + 0.3)
    assert child.running


def test_a_stop_ends_the_waiting_at_once(child: Child) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    child.tell("sleep")
    with pytest.raises(KeyboardInterrupt):
        child.answer(stop=stop)


def test_a_kill_from_another_thread_ends_the_waiting(child: Child) -> None:
    child.tell("sleep")
    threading.Timer(0.3, child.kill).start()
    assert child.answer() is None
    assert -signal.SIGKILL == child.ended()


def test_a_process_that_does_not_end_by_itself_is_ended(tmp_path: Path) -> None:
    code = "import sys, time; sys.stdin.read(); time.sleep(600)"
    child = Child([sys.executable, "-c", code], folder=tmp_path, patience=0.3)
    child.close()
    assert -signal.SIGKILL == child.ended()
