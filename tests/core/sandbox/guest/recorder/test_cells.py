"""Cells run as a reader would run them: in order, in one namespace, from real files."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from core.sandbox.guest.events import Coverage, FileWritten, FunctionSeen, Line
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host import Program, run
from tests.core.sandbox.host.small_documents import QUICK, error_of, printed, program, statuses


def test_cells_share_one_namespace_called_main() -> None:
    record = run(program("x = 1", "print(x + 1, __name__)"), QUICK)
    assert ["2 __main__"] == printed(record)


def test_the_last_expression_of_a_notebook_cell_is_shown() -> None:
    record = run(program("x = 3\nx * 2", "None", "x;"), QUICK)
    assert ["6", "3"] == printed(record)


def test_a_script_shows_no_expression_and_knows_its_file() -> None:
    record = run(program("3 * 2\nprint(__file__.endswith('small.md'))", script=True), QUICK)
    assert ["True"] == printed(record)


def test_printed_lines_carry_the_line_that_printed_them() -> None:
    record = run(program("print('a')\nprint('b\\nc')", "def f():\n    print('d')\nf()"), QUICK)
    lines = record.of(Line)
    assert [("a", 1), ("b", 2), ("c", 2), ("d", 7)] == [(one.text, one.line) for one in lines]


def test_a_progress_bar_leaves_its_last_state() -> None:
    source = "for i in range(3): print(f'\\r{i}/3', end='')\nprint()\nprint('ab\\b\\b\\rcd')"
    assert ["2/3", "cd"] == printed(run(program(source), QUICK))


def test_source_can_be_read_back() -> None:
    source = "import inspect\ndef f():\n    return 1  # one\nprint(inspect.getsource(f))"
    assert "    return 1  # one" in printed(run(program(source), QUICK))


def test_cells_that_are_not_to_run_are_skipped_with_their_reason() -> None:
    made = (Cell(0, "1 / 0", (1,), skip="magic"), Cell(1, "x <- 1", (3,), language="r"))
    record = run(Program("d.md", made), QUICK)
    assert ["skipped", "skipped"] == statuses(record)
    assert ["magic", "language r"] == [cell.note for cell in record.cells]


def test_an_error_that_the_document_means_is_no_error() -> None:
    record = run(Program("d.md", (Cell(0, "1 / 0", (7,), may_raise=True),)), QUICK)
    assert ["ok"] == statuses(record)
    assert ("ZeroDivisionError", 7) == error_of(record)


def test_a_syntax_error_names_its_line() -> None:
    record = run(program("x = 1", "y = 2\ndef f(:\n    pass"), QUICK)
    assert ("SyntaxError", 6) == error_of(record, 1)


def test_an_error_names_the_innermost_and_the_outermost_line() -> None:
    record = run(program("def f():\n    return 1 / 0", "x = 1\nf()"), QUICK)
    error = record.cells[1].error
    assert error is not None
    assert (2, 7) == (error.line, error.call_line)


def test_a_future_import_holds_for_later_cells() -> None:
    sources = ("from __future__ import annotations", "def f(x: undefined): return 1\nprint(f(0))")
    assert ["1"] == printed(run(program(*sources), QUICK))


def test_modules_and_files_beside_the_document_work(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def half(x):\n    return x / 2\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "data.txt").write_text("8")
    source = "from helper import half\nprint(half(int(open('deep/data.txt').read())))"
    record = run(program(source, folder=tmp_path), QUICK)
    assert ["4.0"] == printed(record)
    assert {"helper.py", "deep"} == {path.name for path in tmp_path.iterdir()}


def test_a_written_file_is_not_written_to_the_documents_folder(tmp_path: Path) -> None:
    record = run(program("open('new.txt', 'w').write('x');", folder=tmp_path), QUICK)
    (file,) = record.of(FileWritten)
    assert ("new.txt", 1, "new") == (file.path, file.bytes, file.change)
    assert [] == list(tmp_path.iterdir())


def test_functions_and_lines_that_ran() -> None:
    source = """
        def used():
            return 1
        def unused():
            return 2
        if used() > 1:
            print("never")
    """
    record = run(program(source), QUICK)
    (coverage,) = record.of(Coverage)
    assert coverage.exact
    assert (1, 2, 3, 5) == coverage.lines
    called = {f.name: f.called for f in record.of(FunctionSeen)}
    assert {"used": True, "unused": False} == called


def test_coverage_can_be_switched_off() -> None:
    record = run(program("def f(): pass\nf()"), QUICK, coverage="off")
    assert () == record.of(Coverage)
    assert [None] == [f.called for f in record.of(FunctionSeen)]


def test_seeds_are_set_once_before_the_first_cell() -> None:
    source = "import random\nimport numpy as np\nprint(random.random(), np.random.rand())"
    first, second = (run(program(source, source), QUICK, seed=5) for _ in range(2))
    assert printed(first) == printed(second)
    assert printed(first)[0] != printed(first)[1]


@pytest.mark.parametrize("seconds", [0.5, 1.0])
def test_a_time_limit_is_named_in_the_error(seconds: float) -> None:
    limits = attrs.evolve(QUICK, cell_seconds=seconds)
    record = run(program("import time\ntime.sleep(30)"), limits)
    assert f"longer than {seconds:g} seconds" in str(record.cells[0].error)
