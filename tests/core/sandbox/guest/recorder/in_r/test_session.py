"""What R says becomes the recorder's events; no R is needed for that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sandbox.guest.events import CellError, CellResult, Line, Warned, decoded
from core.sandbox.guest.recorder.channel import Channel
from core.sandbox.guest.recorder.in_r.host import fields_of
from core.sandbox.guest.recorder.in_r.session import Session
from core.sandbox.guest.recorder.request import Cell, ExecutionRequest
from core.sandbox.host.record import Seen

JOINT = "\x1f"


def r_cell(index: int, *, skip: str | None = None, may_raise: bool = False) -> Cell:
    """A cell of three rows, on lines 11 to 13 for index 1, and so on."""
    first = 10 * index + 1
    return Cell(index, "a\nb\nc", (first, first + 1, first + 2), "r", skip, may_raise)


class Told:
    """A session of the cells, and what it sends."""

    def __init__(self, cells: tuple[Cell, ...], folder: Path) -> None:
        self._reading, writing = os.pipe()
        os.set_blocking(self._reading, False)
        sources, document = folder / "cells", folder / "document"
        document.mkdir()
        request = ExecutionRequest(
            "small.Rmd", cells, str(document), str(sources), coverage="off", training=()
        )
        self.session = Session(request, Channel(writing))
        self._writing = writing

    def say(self, *fields: str) -> None:
        """R says something."""
        self.session.take(fields)

    def fail(self, cell: int, message: str, *, bound: str = "", read: str = "") -> None:
        """A cell fails in its second row, which its first calls; it binds nothing."""
        self.say("cell", str(cell))
        self.say("names", bound, read)
        rows = (str(cell), "2", str(cell), "1")
        self.say("end", str(cell), "error", f"simpleError{JOINT}error", message, *rows, bound)

    def succeed(self, cell: int, *, bound: str = "", read: str = "") -> None:
        """A cell runs to its end."""
        self.say("cell", str(cell))
        self.say("names", bound, read)
        self.say("end", str(cell), "ok", "", "", str(cell), "1", str(cell), "1", "")

    def events(self, kind: type[Seen]) -> list[Seen]:
        """The events of one kind so far."""
        self.session.recorder.channel.flush()
        lines = os.read(self._reading, 1 << 20).splitlines()
        return [event for event in map(decoded, lines) if isinstance(event, kind)]

    def close(self) -> None:
        """Closes both ends."""
        os.close(self._reading)
        os.close(self._writing)


def error_of(end: CellResult) -> CellError:
    """What a cell raised."""
    assert end.error is not None
    return end.error


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Told]:
    """Three cells that run."""
    told = Told((r_cell(0), r_cell(1), r_cell(2)), tmp_path)
    yield told
    told.close()


def test_a_line_of_r_is_taken_apart_and_its_characters_restored() -> None:
    line = "text\tstdout\t0\t1\ta\\tb\\nc\\\\n\\r"
    assert ["text", "stdout", "0", "1", "a\tb\nc\\n\r"] == fields_of(line)


def test_cells_that_are_not_executed_are_reported_in_their_place(tmp_path: Path) -> None:
    shell = Cell(2, "ls", (21,), "other")
    told = Told((r_cell(0, skip="eval=FALSE"), r_cell(1), shell), tmp_path)
    told.succeed(1)
    told.say("done")
    ends = told.events(CellResult)
    told.close()
    assert [0, 1, 2] == [end.index for end in ends]
    assert ["skipped", "ok", "skipped"] == [end.status for end in ends]
    assert ["eval=FALSE", "", "language other"] == [end.note for end in ends]


def test_what_r_prints_is_cut_into_lines_with_their_places_in_the_document(three: Told) -> None:
    three.say("cell", "1")
    three.say("text", "stdout", "1", "2", "first ")
    three.say("text", "stdout", "1", "3", "half\nnext\n")
    three.say("text", "stderr", "0", "1", "from an earlier cell's function\n")
    found = [(e.stream, e.line, e.text) for e in three.events(Line)]
    assert [
        ("stdout", 13, "first half"),
        ("stdout", 13, "next"),
        ("stderr", 1, "from an earlier cell's function"),
    ] == found


def test_a_line_without_an_end_is_sent_when_the_cell_ends(three: Told) -> None:
    three.say("cell", "0")
    three.say("text", "stdout", "0", "1", "no end")
    three.say("end", "0", "ok", "", "", "0", "1", "0", "1", "")
    assert ["no end"] == [event.text for event in three.events(Line)]


def test_an_error_has_the_innermost_and_the_outermost_line(three: Told) -> None:
    three.fail(1, "no good")
    end = three.events(CellResult)[-1]
    error = error_of(end)
    assert ("error", "Error", "no good") == (end.status, error.kind, error.message)
    assert (12, 11) == (error.line, error.call_line)


def test_an_object_that_a_failed_cell_did_not_bind_makes_a_cascade(three: Told) -> None:
    three.fail(0, "no good", bound="x")
    three.fail(1, "object 'x' not found", bound="y", read="x")
    three.fail(2, "object 'z' not found", read="z")
    ends = three.events(CellResult)
    assert [("error", None), ("cascade", 0), ("error", None)] == [
        (end.status, end.cause) for end in ends
    ]


def test_a_function_of_no_cell_is_missing_because_its_package_is(three: Told) -> None:
    three.fail(0, "there is no package called ‘keras3’", bound="package:keras3")
    three.fail(1, 'could not find function "layer_dense"', read="layer_dense")
    ends = three.events(CellResult)
    assert ("cascade", 0) == (ends[1].status, ends[1].cause)
    assert "keras3" == error_of(ends[0]).missing


def test_a_name_bound_anew_is_in_doubt_no_more(three: Told) -> None:
    three.fail(0, "no good", bound="x")
    three.succeed(1, bound="x")
    three.fail(2, "object 'x' not found", read="x")
    assert "error" == three.events(CellResult)[-1].status


def test_an_error_that_the_document_expects_is_no_failure(tmp_path: Path) -> None:
    told = Told((r_cell(0, may_raise=True),), tmp_path)
    told.fail(0, "meant")
    (end,) = told.events(CellResult)
    told.close()
    assert "ok" == end.status
    assert "meant" == error_of(end).message


def test_the_budgets_own_stop_is_no_failure_of_the_cell(three: Told) -> None:
    three.fail(0, "BudgetStop: the step budget is used up")
    assert "ok" == three.events(CellResult)[0].status


def test_what_a_shortened_loop_leaves_unbound_is_no_failure_in_its_cell(three: Told) -> None:
    three.say("cell", "0")
    three.session.recorder.ledger.cut_here("ended")
    rows = ("0", "2", "0", "1")
    text = "object 'loss' not found"
    three.say("end", "0", "error", f"simpleError{JOINT}error", text, *rows, "")
    (end,) = three.events(CellResult)
    assert ("ok", "after the cut: Error") == (end.status, end.note)


@pytest.mark.parametrize(("status", "expected"), [("0", "ok"), ("3", "error")])
def test_quit_ends_its_cell_alone(three: Told, status: str, expected: str) -> None:
    three.say("cell", "0")
    three.say("end", "0", "quit", "", status, "0", "1", "0", "1", "")
    three.succeed(1)
    assert [expected, "ok"] == [end.status for end in three.events(CellResult)]


def test_code_that_is_no_r_is_refused_at_its_line(three: Told) -> None:
    three.say("cell", "1")
    three.say("refused", "1", "/tmp/x/cells/cell-1.py:3:5: unexpected symbol\n3: x y\n        ^")
    end = three.events(CellResult)[-1]
    error = error_of(end)
    assert ("error", "SyntaxError", 13) == (end.status, error.kind, error.line)
    assert error.message.startswith("unexpected symbol")


def test_a_warning_is_told_once_for_each_line(three: Told) -> None:
    three.say("cell", "0")
    for row in ("1", "1", "2"):
        three.say("warning", "0", row, "simpleWarning", "NaNs produced")
    warnings = three.events(Warned)
    assert [(1, "Warning"), (2, "Warning")] == [(w.line, w.category) for w in warnings]
