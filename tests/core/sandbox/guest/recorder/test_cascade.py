"""Errors that follow from an earlier one are told from those that do not."""

from __future__ import annotations

import pytest

from core.sandbox.host import ExecutionRecord, run
from tests.core.sandbox.host.small_documents import QUICK, program, statuses


def executed(*sources: str) -> ExecutionRecord:
    """A document, run."""
    return run(program(*sources), QUICK)


@pytest.mark.parametrize(
    ("later", "status"),
    [
        ("print(model)", "cascade"),
        ("print(other_thing)", "error"),
        ("1 / 0", "error"),
        ("def use():\n    return model\nuse()", "cascade"),
        ("model = 1\nmodel.fit()", "error"),
        ("from math import nothing", "error"),
    ],
)
def test_a_later_failure(later: str, status: str) -> None:
    record = executed("1 / 0\nmodel = 1", later)
    assert ["error", status] == statuses(record)
    assert (0 if status == "cascade" else None) == record.cells[1].cause


def test_an_object_that_a_failed_cell_would_have_replaced_is_stale() -> None:
    record = executed("model = 'old'", "1 / 0\nmodel = [1]", "model.append(2)")
    assert ["ok", "error", "cascade"] == statuses(record)


def test_what_is_made_of_a_stale_object_is_in_doubt_too() -> None:
    sources = ("model = 'old'", "1 / 0\nmodel = [1]", "view = model", "view.append(2)")
    record = executed(*sources)
    assert ["ok", "error", "ok", "cascade"] == statuses(record)
    assert 1 == record.cells[3].cause


def test_a_name_bound_anew_ends_the_doubt() -> None:
    record = executed("1 / 0\nmodel = 1", "model = 2", "print(model)\n1 / 0")
    assert ["error", "ok", "error"] == statuses(record)


def test_the_cause_is_the_first_of_a_chain() -> None:
    record = executed("1 / 0\na = 1", "b = a", "c = b")
    assert [None, 0, 0] == [cell.cause for cell in record.cells]


def test_two_removed_calls_are_two_errors() -> None:
    loop = "for row in range(3):\n    value = row\n''.{}()\nlast = 1"
    record = executed("last = 0", loop.format("gone"), loop.format("gone"))
    assert ["ok", "error", "error"] == statuses(record)
