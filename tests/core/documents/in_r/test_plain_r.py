"""Documents in R that need no Python, run by R itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.documents.in_r import RState, r_program_of, run_r
from core.documents.reading import read_document
from core.sandbox.guest.events import CellError, FileWritten, Warned
from core.sandbox.host import ExecutionRecord
from core.sandbox.host.record import Ending
from tests.core.documents.in_r.small_r import execute, lines_of, need_r, r_program
from tests.core.sandbox.host.small_documents import statuses

CELLS = (
    """
    x <- 3
    x + 1
    for (i in 1:2) {
      cat("round", i, "\\n")
    }
    message("to you")
    print(data.frame(a = 1:2, é = "ü"))
    invisible(7)
    cat("no end")
    """,
    """
    f <- function(x) {
      if (x > 1)
        stop("no good")
      x
    }
    y <- f(2)
    """,
    "z <- y + 1",
    "log(-1)\nf <- function(n) warning('mine')\nf(1)\nsuppressWarnings(f(2))",
    "x y",
    "system('echo from a shell')\nwriteLines('kept', 'out.txt')\nplot(1:3)",
    "library(nopackage)",
    "layer_dense(2)",
    "quit()\ncat('never')",
    "quit(status = 3)",
    "cat('not this one')",
    "f <- function(n) f(n + 1)\nf(1)",
    "closeAllConnections()\ninvisible(1)",
    "cat('still heard\\n')\nprint <- function(...) stop('mine')\npaste <- c <- 4\n1:3",
    "sample.int(10)",
    "rm(list = ls())\nexists('x')",
)


@pytest.fixture(scope="module")
def record() -> ExecutionRecord:
    """One run of all the cells above."""
    need_r()
    return execute(*CELLS, seed=1, skip={10: "eval=FALSE"})


def error(record: ExecutionRecord, cell: int) -> CellError:
    """A cell's error."""
    found = record.cells[cell].error
    assert found is not None
    return found


def first(record: ExecutionRecord, cell: int) -> int:
    """The document's line of a cell's first row."""
    return record.cells[cell].line


def test_every_cell_has_its_turn_whatever_happened_in_those_before(record: ExecutionRecord) -> None:
    assert Ending.COMPLETED is record.ending
    expected = [
        *("ok", "error", "cascade", "ok", "error", "ok", "error", "cascade"),
        *("ok", "error", "skipped", "error", "ok", "ok", "ok", "ok"),
    ]
    assert expected == statuses(record)


def test_printed_lines_have_the_line_of_the_document_that_printed_them(
    record: ExecutionRecord,
) -> None:
    assert [
        (2, "[1] 4"),
        (4, "round 1 "),
        (4, "round 2 "),
        (7, "  a é"),
        (7, "1 1 ü"),
        (7, "2 2 ü"),
        (9, "no end"),
    ] == lines_of(record, 0)
    assert [(6, "to you")] == lines_of(record, 0, "stderr")


def test_an_error_names_the_innermost_and_the_outermost_line(record: ExecutionRecord) -> None:
    found, line = error(record, 1), first(record, 1)
    assert ("Error", "no good") == (found.kind, found.message)
    # R knows the line of a statement, here of the `if`.
    assert (line + 1, line + 5) == (found.line, found.call_line)
    assert (f"small.Rmd:{line + 1} in f",) == found.trace[-1:]


def test_an_object_that_a_failed_cell_did_not_bind_is_its_fault(record: ExecutionRecord) -> None:
    assert 1 == record.cells[2].cause
    assert "y" == error(record, 2).missing


def test_a_function_that_would_have_come_with_a_missing_package_is_its_fault(
    record: ExecutionRecord,
) -> None:
    assert "nopackage" == error(record, 6).missing
    assert 6 == record.cells[7].cause


def test_warnings_are_recorded_and_printed_but_those_that_are_suppressed(
    record: ExecutionRecord,
) -> None:
    line = first(record, 3)
    found = [(w.line, w.text) for w in record.of(Warned) if w.cell == 3]
    assert [(line, "NaNs produced"), (line + 1, "mine")] == found
    assert (line + 1, "Warning in f(1): mine") == lines_of(record, 3, "stderr")[-1]


def test_code_that_is_no_r_is_refused_as_a_whole(record: ExecutionRecord) -> None:
    assert ("SyntaxError", first(record, 4)) == (error(record, 4).kind, error(record, 4).line)


def test_what_other_programs_print_belongs_to_its_cell(record: ExecutionRecord) -> None:
    assert (5, "from a shell") in record.raw_lines


def test_files_are_found_in_their_cell_and_a_plot_leaves_none(record: ExecutionRecord) -> None:
    files = [(written.cell, written.path) for written in record.of(FileWritten)]
    assert [(5, "out.txt")] == files


def test_quit_ends_its_cell_alone(record: ExecutionRecord) -> None:
    assert [] == lines_of(record, 8)
    assert "quit()" in record.cells[8].note
    assert "quit(status = 3)" == error(record, 9).message


def test_a_cell_marked_as_not_evaluated_is_not(record: ExecutionRecord) -> None:
    assert "eval=FALSE" == record.cells[10].note
    assert [] == lines_of(record, 10)


def test_endless_recursion_is_an_error_of_its_cell(record: ExecutionRecord) -> None:
    assert "StackOverflowError" in error(record, 11).kind


def test_a_document_that_closes_connections_and_replaces_functions_is_still_heard(
    record: ExecutionRecord,
) -> None:
    line = first(record, 13)
    assert [(line, "still heard"), (line + 3, "[1] 1 2 3")] == lines_of(record, 13)


def test_r_draws_what_it_draws_for_any_reader_with_that_seed(record: ExecutionRecord) -> None:
    # R 3.6.0 and later: set.seed(1); sample.int(10)
    assert [" [1]  9  4  7  1  2  5  3 10  6  8"] == [t for _, t in lines_of(record, 14)]


def test_files_beside_the_document_are_there_and_those_outside_stay_as_they_are(
    tmp_path: Path,
) -> None:
    need_r()
    beside, outside = tmp_path / "beside", tmp_path / "outside.txt"
    beside.mkdir()
    (beside / "table.csv").write_text("a\n7\n")
    outside.write_text("mine")
    program = (
        "read.csv('table.csv')$a\nwriteLines('changed', 'table.csv')",
        f"writeLines('changed', '{outside}')",
    )
    record = execute(*program, folder=beside)
    assert [(1, "[1] 7")] == lines_of(record, 0)
    assert ["ok", "error"] == statuses(record)
    assert ("a\n7\n", "mine") == ((beside / "table.csv").read_text(), outside.read_text())


def test_a_chunk_of_an_r_markdown_document_runs_and_one_with_eval_false_does_not(
    tmp_path: Path,
) -> None:
    need_r()
    path = tmp_path / "small.Rmd"
    path.write_text(
        "# Title\n\n```{r}\nx <- 2\nprint(x)\n```\n\n```{r, eval=FALSE}\nstop('no')\n```\n\n"
        "```{python}\n1 / 0\n```\n\n```{r}\nx * 21\n```\n"
    )
    record = run_r(r_program_of(read_document(path)))
    assert ["ok", "skipped", "skipped", "ok"] == statuses(record)
    assert [(5, "[1] 2")] == lines_of(record, 0)
    assert [(17, "[1] 42")] == lines_of(record, 3)


def test_without_r_nothing_runs_and_the_record_says_why() -> None:
    record = run_r(r_program("1 + 1"), state=RState(None, reason="no Rscript on this machine"))
    assert Ending.FAILED is record.ending
    assert ["skipped"] == statuses(record)
    assert ("no Rscript on this machine",) == record.notes
