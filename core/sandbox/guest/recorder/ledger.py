"""The account of a run: training steps, optimizer updates, and the losses they came from.

A step is what happens between two batches of the loop's data, if anything is differentiated or
updated in it; where there is no data iterator to tell steps apart, a step ends where something
happens in it for the second time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from .. import events
from .budget import Budget
from .channel import Channel
from .coverage import Coverage
from .matching import Pending, Target
from .places import Places
from .stops import BudgetStop
from .values import leaves_of, number_of

_SERIES = 256  # updates in one event
_REPEATS = 64  # updates within one batch, above which the loop is not driven by its iterator


@dataclass
class Series:
    """Updates at one place that have not been sent yet; without an optimizer lone gradients."""

    cell: int
    line: int
    optimizer: str | None
    function: str | None
    pass_number: int | None
    steps: list[int] = field(default_factory=list)
    values: list[list[object]] = field(default_factory=list)

    def event(self) -> events.Updates | events.Gradients:
        """What is sent of it."""
        losses = tuple(tuple(number_of(value) for value in group) for group in self.values)
        rest = (self.function, self.pass_number, tuple(self.steps), losses)
        if self.optimizer is None:
            return events.Gradients(self.cell, self.line, *rest)
        return events.Updates(self.cell, self.line, self.optimizer, *rest)


class Ledger:
    """Counts steps, keeps them within the budget, and sends what was computed in them.

    Attributes:
        cell: index of the running cell.
        steps: training steps so far.
        updates: optimizer updates so far.
        gradients: differentiated values so far.
        inside: depth of `fit` and its like, which keep their own account.
        cut: how the running cell was cut short; None where it was not.
        batch_allowed: a loop may take its first step although the budget is used up.
        pass_number: number of the pass over data that is under way; None outside one.
    """

    def __init__(self, channel: Channel, places: Places, budget: Budget, cover: Coverage) -> None:
        self._channel = channel
        self._places = places
        self._cover = cover
        self.budget = budget
        self.cell = -1
        self.steps = 0
        self.updates = 0
        self.gradients = 0
        self.inside = 0
        self.cut: events.Cut | None = None
        self.batch_allowed = False
        self.pass_number: int | None = None
        self._updated = False
        self._open: dict[Hashable, int] = {}
        self._pending = Pending()
        self._series: dict[Hashable, Series] = {}
        channel.before_flush = self._settle

    # Steps

    def mark(self, key: Hashable) -> None:
        """Something of a training step happens; begins a step where it is the first.

        Raises:
            BudgetStop: the budget is used up and no iterator could end the loop.
        """
        times = self._open.get(key, 0)
        if times and (self.pass_number is None or times >= _REPEATS):
            self.boundary()
            times = 0
        if not self._open:
            self._begin_step()
        self._open[key] = times + 1

    def _mark_update(self, optimizer: str) -> None:
        """An update happens. From the first one on, updates alone tell steps apart in a cell."""
        if not self._updated:
            self._updated = True
            self.mark(("update", optimizer))
            return
        waiting = self._pending.rest() if self.pass_number is None else []
        self.mark(("update", optimizer))  # where that ends a step, what was just made stays
        for target in waiting:
            self._pending.add(target)

    def _begin_step(self) -> None:
        if self.budget.left == 0 and not self.batch_allowed:
            self.cut_here("stopped")
            raise BudgetStop("the step budget is used up")
        self.batch_allowed = False
        self.steps += 1
        self.budget.used += 1
        self._cover.step()

    def boundary(self) -> None:
        """The step is over: another batch is asked for, or the pass or the cell ends."""
        for target in self._pending.rest():
            self._record(None, target.site, [target.value], None)
        self._open.clear()

    def cut_here(self, how: str) -> None:
        """Notes where the cell was cut short, once.

        Args:
            how: `ended` (a data iterator ended early), `fit` (`fit` was stopped), `stopped`
                (the cell was left at that line).
        """
        if self.cut is None:
            place = self._places.here(2)
            self.cut = events.Cut(
                how=how,
                line=place.line if place else None,
                step=self.steps,
                pass_number=self.pass_number,
                reason="seconds" if self.budget.late else "steps",
            )

    # What eager code does

    def gradient(self, target: Target) -> None:
        """A value was differentiated."""
        if self.inside:
            return
        if self.pass_number is not None or not self._updated:
            self.mark(("gradient", target.site))
        self.gradients += 1
        self._pending.add(target)

    def update(self, optimizer: str, gradients: object, variables: Iterable[object]) -> None:
        """An optimizer was applied."""
        if self.inside:
            return
        self._mark_update(optimizer)
        targets = self._pending.take(leaves_of(gradients), variables)
        site = self._places.here(2)
        values = [target.value for target in targets]
        self._record(optimizer, site.line if site else 0, values, None)

    def compiled(
        self,
        function: str,
        optimizer: str | None,
        line: int,
        values: list[object],
    ) -> None:
        """A compiled function differentiated values and, with an optimizer, applied them."""
        self.gradients += len(values)
        self._record(optimizer, line, values, function)

    def many(self, function: str, optimizer: str, count: int) -> None:
        """A loop inside a compiled function updated this often; its losses cannot be seen."""
        self.steps += max(0, count - 1)
        self.budget.used += max(0, count - 1)
        for _ in range(count):
            self._record(optimizer, 0, [], function)

    def fitted(self, steps: int) -> None:
        """A `fit` call took training steps."""
        self.steps += steps
        self.updates += steps
        self.budget.used += steps

    # Sending

    def _record(
        self, optimizer: str | None, line: int, values: list[object], function: str | None
    ) -> None:
        if optimizer is not None:
            self.updates += 1
        key = (optimizer, line, function, self.pass_number)
        series = self._series.get(key)
        if series is None:
            series = Series(self.cell, line, optimizer, function, self.pass_number)
            self._series[key] = series
        series.steps.append(self.steps)
        series.values.append(values)
        if len(series.steps) >= _SERIES:
            # All of them, oldest first: the rest of an earlier pass must not come after this one.
            self._settle()
        self._channel.tick()

    def _settle(self) -> None:
        waiting, self._series = self._series, {}
        for series in waiting.values():
            self._channel.send(series.event())

    def end_cell(self) -> None:
        """Everything of the cell is sent."""
        self.boundary()
        self.batch_allowed = self._updated = False
        self.pass_number = None
        self.inside = 0
        self._channel.flush()
