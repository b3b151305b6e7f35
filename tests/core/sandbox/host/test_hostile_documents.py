"""Whatever a document does ends in its record: no crash, no hang, nothing left behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import attrs
import psutil
import pytest

from core.sandbox.guest.events import CellResult
from core.sandbox.host import ExecutionRecord, Limits, run
from core.sandbox.host.record import Ending
from tests.core.sandbox.host.small_documents import QUICK, error_of, printed, program, statuses


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After each test no folder of the sandbox is left, and no process that a document started."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = psutil.Process().children(recursive=True)
    yield
    assert [] == list(folder.glob("parity-*"))
    assert [] == [p for p in psutil.Process().children(recursive=True) if p not in before]


def execute(*sources: str, limits: Limits = QUICK) -> ExecutionRecord:
    """Runs a document."""
    return run(program(*sources), limits)


def test_an_endless_loop_is_interrupted_and_the_next_cell_runs() -> None:
    record = execute("while True: pass", "print('after')")
    assert ["timeout", "ok"] == statuses(record)
    assert ("TimeStop", 1) == error_of(record)
    assert ["after"] == printed(record)


def test_a_loop_that_swallows_every_exception_is_interrupted_again() -> None:
    source = """
        while True:
            try:
                while True: pass
            except BaseException: pass
    """
    assert ["timeout", "ok"] == statuses(execute(source, "1"))


def test_a_call_that_heeds_no_interruption_is_ended_with_its_process() -> None:
    source = """
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        while True: pass
    """
    record = execute(source, "print('after')", limits=attrs.evolve(QUICK, seconds=4))
    assert ["timeout", "skipped"] == statuses(record)
    assert Ending.TIMEOUT is record.ending
    assert "longer than 4 seconds" in str(record.cells[0].error)


def test_a_process_that_ends_itself_is_an_error_of_its_cell() -> None:
    record = execute("print('before')\nimport os\nos._exit(3)", "print('after')")
    assert ["error", "skipped"] == statuses(record)
    assert Ending.EXITED is record.ending
    assert 3 == record.exit_code
    assert ["before"] == printed(record)
    assert "exit code 3" in str(record.cells[0].error)
    assert "cell 0" in record.cells[1].note


def test_sys_exit_ends_its_cell_alone() -> None:
    record = execute("import sys\nsys.exit(4)", "import sys\nsys.exit()", "print('after')")
    assert ["error", "ok", "ok"] == statuses(record)
    assert ("SystemExit", 2) == error_of(record)
    assert ["after"] == printed(record)


def test_a_crash_of_the_interpreter_names_the_line() -> None:
    record = execute("x = 1", "import ctypes\n\nctypes.string_at(0)")
    assert ["ok", "error"] == statuses(record)
    assert ("ProcessEnded", 7) == error_of(record, 1)
    assert "SIGSEGV" in str(record.cells[1].error)


def test_children_left_running_are_ended() -> None:
    source = """
        import subprocess, sys
        code = "import time; time.sleep(1000)"
        subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    """
    record = execute(source)
    assert ["ok"] == statuses(record)
    assert 1 == record.left_processes
    assert any("left running" in note for note in record.notes)


def test_a_forked_child_neither_reports_nor_runs_later_cells() -> None:
    record = execute("import os\npid = os.fork()\nprint(pid > 0)", "print('once')")
    assert ["True", "once"] == printed(record)
    assert 2 == len(record.of(CellResult))


def test_a_document_that_writes_to_the_event_channel_does_not_harm_its_record() -> None:
    forge = """
        import gc, os
        (channel,) = [one for one in gc.get_objects() if type(one).__name__ == "Channel"]
        for line in (b"[" * 100_000, b'{"event": "updates", "cell": "x"}', b'{"event": "none"}'):
            os.write(channel._descriptor, line + b"\\n")
    """
    record = execute(forge, "print('after')")
    assert ["ok", "ok"] == statuses(record)
    assert ["after"] == printed(record)
    (note,) = [text for text in record.notes if "event channel" in text]
    assert "3 lines on the event channel were not the recorder's: no JSON" in note


def test_one_allocation_beyond_the_limit_is_refused() -> None:
    record = execute("x = bytearray(4 << 30)", "print('after')")
    assert ["error", "ok"] == statuses(record)
    assert ("MemoryError", 1) == error_of(record)


def test_many_processes_that_allocate_are_ended_together() -> None:
    source = """
        import os, time
        for _ in range(6):
            if not os.fork():
                block = bytearray(b"x") * (150 << 20)
                time.sleep(100)
        time.sleep(100)
    """
    record = execute(source, limits=attrs.evolve(QUICK, cell_seconds=30, memory=256 << 20))
    assert ["error"] == statuses(record)
    assert Ending.MEMORY is record.ending


def test_a_document_that_multiplies_is_ended() -> None:
    # Each child sleeps: what is shown is that they are counted and ended, not that a processor
    # can be kept busy.
    source = "import os, time\nwhile os.fork(): time.sleep(0.01)\ntime.sleep(100)"
    record = execute(source, limits=attrs.evolve(QUICK, processes=32, cell_seconds=30))
    # On a machine that has no time to count them, its own limit of time ends it.
    assert record.ending in (Ending.PROCESSES, Ending.MEMORY, Ending.TIMEOUT)


def test_writing_without_end_is_ended() -> None:
    source = """
        import time
        for number in range(40):
            with open(f"file{number}", "wb") as stream:
                stream.write(b"x" * (4 << 20))
        time.sleep(30)
    """
    record = execute(source, limits=attrs.evolve(QUICK, cell_seconds=40))
    assert Ending.DISK is record.ending


def test_printing_without_end_is_cut() -> None:
    patient = attrs.evolve(QUICK, cell_seconds=300, seconds=600)  # a busy machine prints slowly
    record = execute("while True: print('x' * 50)", "print('after')", limits=patient)
    assert ["error", "ok"] == statuses(record)
    assert "OutputStop" == error_of(record)[0]
    assert 0 < record.cells[0].dropped_lines
    assert 10_000 > sum(len(line) for line in printed(record))


def test_deep_recursion_is_an_error_and_not_a_crash() -> None:
    record = execute("def f(): return f()\nf()", "print('after')")
    assert ["error", "ok"] == statuses(record)
    assert "RecursionError" == error_of(record)[0]


def test_a_document_may_delete_what_is_in_its_directory_and_no_more(tmp_path: Path) -> None:
    kept = tmp_path / "outside" / "kept"
    kept.parent.mkdir()
    kept.touch()
    record = execute(
        f"import shutil\nshutil.rmtree({str(kept.parent)!r})",
        "import shutil, os\nshutil.rmtree(os.getcwd(), ignore_errors=True)",
        "print('after')",
    )
    assert ["error", "ok", "ok"] == statuses(record)
    assert ("PermissionError", 2) == error_of(record)
    assert kept.exists()


def test_nothing_outside_the_directory_is_written(tmp_path: Path) -> None:
    target = tmp_path / "outside.txt"
    source = f"open({str(target)!r}, 'w')"
    record = execute(source, "import os\nopen(os.path.expanduser('~/x'), 'w').write('1')")
    assert ["error", "ok"] == statuses(record)
    assert "PermissionError" == error_of(record)[0]
    assert not target.exists()


def test_the_home_directory_is_not_the_users() -> None:
    record = execute("import os\nprint(os.path.expanduser('~'))")
    assert [str(Path.home())] != printed(record)


def test_the_network_is_off() -> None:
    source = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)"
    record = execute(source, "print('after')")
    assert ["error", "ok"] == statuses(record)
    assert error_of(record)[0] in ("OSError", "PermissionError")
    assert "timed out" not in str(record.cells[0].error)


def test_closing_every_descriptor_ends_the_process_with_a_finding() -> None:
    record = execute("import os\nos.closerange(0, 256)\nprint('x')", "1")
    assert ["error", "skipped"] == statuses(record)


def test_the_users_secrets_are_not_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_TOKEN", "secret")
    record = execute("import os\nprint(os.environ.get('A_TOKEN'))")
    assert ["None"] == printed(record)
    assert "secret" == os.environ["A_TOKEN"]


def test_a_document_without_code_is_completed() -> None:
    record = execute()
    assert Ending.COMPLETED is record.ending
    assert () == record.cells


def test_input_finds_nothing_to_read() -> None:
    assert ("EOFError", 1) == error_of(execute("input()"))
