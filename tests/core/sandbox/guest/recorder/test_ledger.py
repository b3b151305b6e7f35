"""Steps are told apart by batches, or where there are none by what happens twice."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from core.sandbox.guest.events import Event, Gradients, Updates, decoded
from core.sandbox.guest.recorder.budget import Budget
from core.sandbox.guest.recorder.channel import Channel
from core.sandbox.guest.recorder.coverage import Coverage
from core.sandbox.guest.recorder.ledger import Ledger
from core.sandbox.guest.recorder.matching import Target
from core.sandbox.guest.recorder.places import Places
from core.sandbox.guest.recorder.request import ExecutionRequest
from core.sandbox.guest.recorder.stops import BudgetStop
from tests.core.sandbox.host.small_documents import cells

SOURCES = cells("optimizer.apply()")


class Account:
    """A ledger and what it sent."""

    def __init__(self, reading: int, writing: int, steps: int) -> None:
        self._reading = reading
        channel = Channel(writing)
        places = Places("d.md", SOURCES, "cells", "document")
        request = ExecutionRequest("d.md", SOURCES, "", "", max_steps=steps)
        self.ledger = Ledger(channel, places, Budget(request), Coverage(channel, places, "off"))
        self.ledger.budget.begin_cell(0)

    def sent(self) -> list[Event]:
        """Everything sent so far."""
        self.ledger.end_cell()
        return [decoded(line) for line in os.read(self._reading, 1 << 16).splitlines()]


@pytest.fixture
def account() -> Iterator[Account]:
    """A ledger with ten steps."""
    reading, writing = os.pipe()
    yield Account(reading, writing, 10)
    os.close(reading)
    os.close(writing)


def target(value: float, source: object = None, site: int = 1) -> Target:
    """A value that was differentiated for one variable."""
    return Target(value, site, frozenset() if source is None else frozenset([id(source)]))


def test_two_optimizers_in_turn_make_one_step(account: Account) -> None:
    ledger = account.ledger
    for value in (1.0, 2.0, 3.0):
        for name in ("d", "g"):
            ledger.gradient(target(value))
            ledger.update(name, [], [])
    assert (3, 6) == (ledger.steps, ledger.updates)
    losses = [e.losses for e in account.sent() if isinstance(e, Updates)]
    assert [((1.0,), (2.0,), (3.0,))] * 2 == losses


def test_several_updates_within_one_batch_are_one_step(account: Account) -> None:
    ledger = account.ledger
    for number in (1, 2):
        ledger.pass_number = number
        ledger.boundary()
        for _ in range(3):
            ledger.update("critic", [], [])
    assert (2, 6) == (ledger.steps, ledger.updates)


def test_an_update_takes_the_losses_of_its_own_variables(account: Account) -> None:
    d, g = object(), object()
    account.ledger.gradient(target(1.0, d, site=1))
    account.ledger.gradient(target(2.0, g, site=2))
    account.ledger.update("g", [], [g])
    account.ledger.update("d", [], [d])
    losses = {e.optimizer: e.losses for e in account.sent() if isinstance(e, Updates)}
    assert {"d": ((1.0,),), "g": ((2.0,),)} == losses


def test_gradients_are_found_by_the_very_objects_given(account: Account) -> None:
    first, second = object(), object()
    account.ledger.gradient(Target(1.0, 1, results=(first,)))
    account.ledger.gradient(Target(2.0, 1, results=(second,)))
    account.ledger.update("o", [second], [])
    (event,) = [e for e in account.sent() if isinstance(e, Updates)]
    assert ((2.0,),) == event.losses


def test_accumulated_gradients_belong_to_one_update(account: Account) -> None:
    account.ledger.pass_number = 1
    account.ledger.gradient(target(1.0))
    account.ledger.gradient(target(2.0))
    account.ledger.update("o", [], [])
    (event,) = account.sent()
    assert isinstance(event, Updates)
    assert ((1.0, 2.0),) == event.losses


def test_a_gradient_that_no_optimizer_uses_is_sent_by_itself(account: Account) -> None:
    account.ledger.gradient(target(1.5))
    (event,) = account.sent()
    assert isinstance(event, Gradients)
    assert ((1.5,),) == event.losses


def test_beyond_the_budget_a_loop_is_stopped(account: Account) -> None:
    for _ in range(10):
        account.ledger.update("o", [], [])
    with pytest.raises(BudgetStop):
        account.ledger.update("o", [], [])
    assert account.ledger.cut is not None
    assert "stopped" == account.ledger.cut.how


def test_updates_are_sent_in_order_over_several_passes(account: Account) -> None:
    for number in (1, 2):
        account.ledger.pass_number = number
        for _ in range(300):
            account.ledger.compiled("train_step", "o", 1, [])
            account.ledger.steps += 1
    updates = [e for e in account.sent() if isinstance(e, Updates)]
    steps = [step for event in updates for step in event.steps]
    assert list(range(600)) == steps


def test_what_happens_inside_fit_is_not_counted_twice(account: Account) -> None:
    account.ledger.inside = 1
    account.ledger.update("o", [], [])
    assert 0 == account.ledger.steps
