from __future__ import annotations

import pytest

from core.sandbox.guest.recorder.budget import Budget, training_cells
from core.sandbox.guest.recorder.request import ExecutionRequest
from tests.core.sandbox.host.small_documents import cells

TRAINS = "for a in data:\n    tape.gradient(loss, weights)"
DEFINES = "def step(a):\n    return outer(a)\ndef outer(a):\n    optimizer.apply(a, b)"


def budget(total: int, *sources: str) -> Budget:
    """The budget of a document."""
    return Budget(ExecutionRequest("d.md", cells(*sources), "", "", max_steps=total))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (TRAINS, True),
        ("model.fit(x, y)", True),
        (DEFINES, False),
        (DEFINES + "\nfor a in data:\n    step(a)", True),
        ("print(1)", False),
        ("this is no Python", False),
    ],
)
def test_which_cells_train(source: str, expected: bool) -> None:
    assert [expected] == training_cells([source])


def test_a_function_of_an_earlier_cell_makes_its_caller_train() -> None:
    assert [False, True] == training_cells([DEFINES, "step(1)"])


def test_a_later_cell_that_trains_keeps_a_reserve() -> None:
    one = budget(1000, TRAINS, "print(1)", TRAINS)
    one.begin_cell(0)
    assert 900 == one.left
    one.used = 900
    one.begin_cell(2)
    assert 100 == one.left


def test_a_small_budget_is_shared_by_half() -> None:
    one = budget(40, TRAINS, TRAINS)
    one.begin_cell(0)
    assert 30 == one.left


def test_what_a_cell_leaves_the_later_ones_have() -> None:
    one = budget(1000, TRAINS, TRAINS)
    one.begin_cell(0)
    one.used = 10
    one.begin_cell(1)
    assert 990 == one.left


def test_every_cell_may_take_one_step() -> None:
    one = budget(5, TRAINS, TRAINS)
    one.used = 100
    one.begin_cell(1)
    assert 1 == one.left


def test_nothing_is_left_when_the_seconds_are_over() -> None:
    one = Budget(ExecutionRequest("d.md", cells(TRAINS), "", "", seconds=-1.0))
    one.begin_cell(0)
    assert one.late
    assert 0 == one.left


def test_a_cell_with_steps_of_its_own_ends_after_them_and_no_other_does() -> None:
    request = ExecutionRequest("d.md", cells(TRAINS, TRAINS), cell_steps=((1, 3),))
    one = Budget(ExecutionRequest.loads(request.dumps()))
    one.begin_cell(0)
    assert 19_900 == one.left
    one.used = 50
    one.begin_cell(1)
    assert 3 == one.left
    one.used += 3
    assert 0 == one.left
