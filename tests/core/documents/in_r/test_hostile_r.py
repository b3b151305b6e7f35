"""Whatever a document in R does ends in its record: no crash, no hang, nothing left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import attrs
import psutil
import pytest

from core.sandbox.host.record import Ending
from tests.core.documents.in_r.small_r import QUICK, execute, lines_of, need_r
from tests.core.sandbox.host.small_documents import statuses

SLOW = attrs.evolve(QUICK, cell_seconds=2)


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After each test no folder of the sandbox is left, and no process that a document started."""
    need_r()
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = psutil.Process().children(recursive=True)
    yield
    assert [] == list(folder.glob("parity-*"))
    assert [] == [p for p in psutil.Process().children(recursive=True) if p not in before]


def test_endless_cells_are_interrupted_and_the_next_one_runs() -> None:
    sources = ("while (TRUE) {}", "Sys.sleep(100)", "cat('after\\n')")
    record = execute(*sources, limits=SLOW)
    assert ["timeout", "timeout", "ok"] == statuses(record)
    error = record.cells[0].error
    assert error is not None
    assert ("TimeStop", "the cell took longer than 2 seconds") == (error.kind, error.message)
    assert ["after"] == [text for _, text in lines_of(record, 2)]


def test_a_cell_that_swallows_every_interruption_is_ended_with_its_process() -> None:
    source = "repeat tryCatch(repeat {}, error = identity, interrupt = identity)"
    record = execute(source, "1", limits=attrs.evolve(SLOW, seconds=12))
    assert ["timeout", "skipped"] == statuses(record)
    assert Ending.TIMEOUT is record.ending


def test_printing_without_end_is_cut() -> None:
    source = "repeat cat(strrep('x', 5000), '\\n')"
    record = execute(source, "cat('after\\n')", limits=attrs.evolve(QUICK, cell_seconds=60))
    assert ["error", "ok"] == statuses(record)
    error = record.cells[0].error
    assert error is not None
    assert "OutputStop" == error.kind
    assert 0 < record.cells[0].dropped_lines
    assert 10_000 > sum(len(text) for _, text in lines_of(record, 0))


def test_an_allocation_beyond_the_limit_is_an_error_of_its_cell() -> None:
    record = execute("x <- numeric(1e9)", "cat('after\\n')")
    assert ["error", "ok"] == statuses(record)
    assert "cannot allocate" in str(record.cells[0].error)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (".Internal(quit('no', 5, FALSE))", "exit code 5"),
        ("tools::pskill(Sys.getpid(), 9)", "SIGKILL"),
    ],
)
def test_a_process_that_ends_itself_is_an_error_of_its_cell(source: str, said: str) -> None:
    record = execute(f"cat('before\\n')\n{source}", "cat('after\\n')")
    assert ["error", "skipped"] == statuses(record)
    assert Ending.EXITED is record.ending
    assert said in str(record.cells[0].error)
    assert ["before"] == [text for _, text in lines_of(record, 0)]


def test_children_left_running_are_ended_and_counted() -> None:
    record = execute("system('sleep 1000 &')\nsystem('sleep 1000 &')")
    assert ["ok"] == statuses(record)
    assert 2 == record.left_processes


def test_a_deleted_folder_is_no_trouble() -> None:
    source = "invisible(unlink(c(getwd(), tempdir()), recursive = TRUE))"
    record = execute(source, "cat('after\\n')")
    assert ["ok", "ok"] == statuses(record)
    assert ["after"] == [text for _, text in lines_of(record, 1)]


def test_the_network_is_off() -> None:
    record = execute("con <- url('http://192.0.2.1/', open = 'r')")
    assert ["error"] == statuses(record)


def test_bytes_that_are_no_text_are_printed_and_refused_without_harm() -> None:
    record = execute("cat('\\xff\\xfe\\n')", 'x <- "\udcff"', "cat('after\\n')")
    assert ["after"] == [text for _, text in lines_of(record, 2)]
