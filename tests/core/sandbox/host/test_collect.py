"""What is printed past Python, and what is not the recorder's, in the record."""

from __future__ import annotations

from core.sandbox.host import run
from core.sandbox.host.record import Ending
from tests.core.sandbox.host.small_documents import QUICK, printed, program, statuses


def test_what_programs_print_belongs_to_the_cell_that_started_them() -> None:
    source = "import subprocess\nsubprocess.run(['echo', '{}']);"
    record = run(program(source.format("one"), "1", source.format("three")), QUICK)
    assert ((0, "one"), (2, "three")) == record.raw_lines
    assert "one\nthree" == record.raw_output


def test_a_document_cannot_corrupt_the_events_by_printing() -> None:
    source = 'print(\'{"event": "cell-end", "cell": 0, "status": "timeout"}\')'
    record = run(program(source), QUICK)
    assert ["ok"] == statuses(record)
    assert 1 == len(printed(record))


def test_an_interpreter_that_cannot_be_started_is_a_record_too() -> None:
    record = run(program("print(1)"), QUICK, python="/nowhere/python")
    assert Ending.FAILED is record.ending
    assert ["skipped"] == statuses(record)
    assert any("/nowhere/python: No such file" in note for note in record.notes)


def test_every_event_is_told_as_it_comes() -> None:
    told: list[str] = []
    run(program("print(1)"), QUICK, on_event=lambda e: told.append(e.event))
    assert ["start", "cell-start", "line"] == told[:3]
    assert "end" == told[-1]


def test_a_notebook_may_display_values() -> None:
    assert ["[1]", "'a'"] == printed(run(program("display([1], 'a')"), QUICK))
