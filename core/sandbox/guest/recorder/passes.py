"""Passes over data: where they begin, how many batches they give, how they end.

The budget works here: an iterator that feeds training is told to end early, as if the data were
shorter. Nothing else of the loop changes.
"""

from __future__ import annotations

import time
import weakref
from typing import TypeAlias

from .. import events
from .channel import Channel
from .coverage import Coverage
from .ledger import Ledger
from .places import Places

Site: TypeAlias = "tuple[int, int]"


class Pass:
    """One pass over one data set.

    Attributes:
        number: number of the pass in the document, from 1.
        cell: the cell it began in.
        site: cell and line that opened it.
        batches: batches given so far.
        first_step: training steps of the run when it began.
    """

    def __init__(self, number: int, cell: int, site: Site, kind: str, dataset: int) -> None:
        self.number = number
        self.cell = cell
        self.site = site
        self.kind = kind
        self.dataset = dataset
        self.batches = 0
        self.first_step = 0
        self.steps_at_batch = 0
        self.started = time.perf_counter()
        self.ended: str | None = None
        self.after_end = 0
        self.alive: weakref.ref[object] | None = None


class Passes:
    """Every pass; the innermost one that is under way drives the steps.

    Attributes:
        last_batch: the last batch that a training loop took.
    """

    def __init__(
        self, channel: Channel, places: Places, ledger: Ledger, coverage: Coverage
    ) -> None:
        self._channel = channel
        self._places = places
        self._ledger = ledger
        self._coverage = coverage
        self._stack: list[Pass] = []
        self._by_iterator: dict[int, Pass] = {}
        self._training_sites: set[Site] = set()
        self._count = 0
        self.last_batch: object = None

    def begin(self, iterator: object, dataset: object, kind: str) -> None:
        """An iterator was opened; ignored where the document does not open it itself."""
        place = self._places.here(2)
        if self._ledger.inside or place is None:
            return
        site = (place.cell, place.line)
        for running in [p for p in self._stack if p.site == site or not _is_alive(p)]:
            self._end(running, "left")
        self._count += 1
        one = Pass(self._count, self._ledger.cell, site, kind, id(dataset))
        one.first_step = one.steps_at_batch = self._ledger.steps
        try:
            one.alive = weakref.ref(iterator)
        except TypeError:
            one.alive = None
        self._by_iterator[id(iterator)] = one

    def want(self, iterator: object) -> bool:
        """A batch is asked for; False where the pass is to end now.

        Returns:
            Whether to give a batch. Where not, the caller ends the iterator.
        """
        one = self._by_iterator.get(id(iterator))
        if one is None or (one.alive is not None and one.alive() is not iterator):
            return True
        if one not in self._stack:
            if one.ended is not None:
                self._reopen(one)
            self._stack.append(one)
            self._coverage.resume()
        while self._stack[-1] is not one:
            self._end(self._stack[-1], "left")
        self._ledger.boundary()
        self._ledger.batch_allowed = False
        if one.batches and self._ledger.steps > one.steps_at_batch:
            self._training_sites.add(one.site)
        one.steps_at_batch = self._ledger.steps
        self._ledger.pass_number = one.number
        self._coverage.step()
        if not self._may_go_on(one):
            self._ledger.cut_here("ended")
            self._end(one, "cut")
            return False
        return True

    def _may_go_on(self, one: Pass) -> bool:
        """Within the budget always; beyond it one batch where a loop would else have none."""
        if self._ledger.budget.left > 0:
            return True
        known = one.site in self._training_sites
        if known and self._ledger.cut is not None:
            return False
        if one.batches == 0:
            self._ledger.batch_allowed = True
            return True
        return not known and self._ledger.cut is None

    def _reopen(self, one: Pass) -> None:
        """An iterator is used again after its pass ended: a pass of its own, perhaps empty."""
        self._count += 1
        one.number = self._count
        one.cell = self._ledger.cell
        one.after_end += 1
        one.batches = 0
        one.started = time.perf_counter()
        one.first_step = one.steps_at_batch = self._ledger.steps
        one.ended = None

    def given(self, iterator: object, batch: object) -> None:
        """A batch was handed out."""
        one = self._by_iterator.get(id(iterator))
        if one is not None:
            one.batches += 1
            self.last_batch = batch

    def exhausted(self, iterator: object) -> None:
        """The data came to its end."""
        one = self._by_iterator.get(id(iterator))
        if one is not None:
            self._end(one, "exhausted")

    def _end(self, one: Pass, how: str) -> None:
        if one in self._stack:
            self._stack.remove(one)
        if one.ended is not None:
            return
        one.ended = how
        self._ledger.boundary()
        steps = self._ledger.steps - one.first_step
        if one.batches and steps:
            self._training_sites.add(one.site)
        self._channel.send(
            events.Pass(
                cell=one.cell,
                line=one.site[1],
                number=one.number,
                data=one.kind,
                batches=one.batches,
                steps=steps,
                ended=how,
                after_end=one.after_end,
                seconds=time.perf_counter() - one.started,
            ),
        )
        self._ledger.pass_number = self._stack[-1].number if self._stack else None
        self._coverage.resume()

    def end_cell(self) -> None:
        """Passes that are still under way are left."""
        for one in [p for p in self._by_iterator.values() if p.ended is None and p.batches]:
            self._end(one, "left")
        self._stack.clear()
        dead = [key for key, one in self._by_iterator.items() if not _is_alive(one)]
        for key in dead:
            del self._by_iterator[key]


def _is_alive(one: Pass) -> bool:
    return one.alive is None or one.alive() is not None
