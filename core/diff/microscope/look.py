"""Looking at one step: which results of side B are not what rounding makes of side A's."""

from __future__ import annotations

import math
from collections.abc import Iterator

import attrs
from attrs import define, field, frozen

from core.diff.microscope.alignment import Pair
from core.diff.microscope.difference import EPSILON, coarser, difference
from core.diff.microscope.envelope import Envelopes, rounded_up
from core.diff.microscope.ledger import Leak, Ledger
from core.diff.microscope.result import Seen
from core.diff.microscope.side import STATE, ArrayFile
from core.run.backends.arithmetic_kinds import tap_kinds
from core.run.runner.taps import Tap
from core.spec import Scenario, ops

# Measured over every scenario and pair of backends in both precisions (docs/microscope.md): honest
# differences stay within 4 envelopes.
FACTOR = 8.0
FLOOR = 8.0  # units in the last place: an op that no weight moves still rounds
# In double precision nothing below this is asked about: a constant or an op in single precision
# moves something by 6e-10 or more (golden/leaks.json), another meaning by far more.
DOUBLE_FLOOR = 1e-12
FURTHER, MORE_DRAWS = 4.0, (4, 12)


@frozen
class Compared:
    """What is compared.

    Attributes:
        a: side A's scenario.
        b: side B's.
        backends: of A and B.
        precisions: of A and B.
        ledger: known leaks and meanings.
    """

    a: Scenario
    b: Scenario
    backends: tuple[str, str]
    precisions: tuple[str, str]
    ledger: Ledger = field(factory=Ledger)

    @property
    def unit(self) -> float:
        """One unit in the last place of the coarser precision."""
        return EPSILON[coarser(*self.precisions)]

    @property
    def floor(self) -> float:
        """What is rounding, relative to a tensor's largest value, whatever the envelope says."""
        single = "float32" in self.precisions
        return FLOOR * self.unit if single else max(FLOOR * self.unit, DOUBLE_FLOOR)

    def leaks(self, pair: Pair, part: str) -> tuple[Leak, ...]:
        """The leaks that may account for a difference; in single precision there is none."""
        if "float32" in self.precisions or pair.a is None:
            return ()
        return self.ledger.leaks_of(self.backends, tap_kinds(self.a, pair.a.op, part))


@define(eq=False)
class Look:
    """One comparison under way."""

    compared: Compared
    pairs: tuple[Pair, ...]
    noise: Envelopes
    explained: dict[tuple[str, str], Seen] = field(factory=dict)
    first_bits: Seen | None = None
    largest: Seen | None = None
    share: float = 0.0  # the largest part of what rounding accounts for that was there
    carried: float = 0.0  # what leaks did so far in the present step

    def step(self, index: int, a: ArrayFile, b: ArrayFile) -> Seen | None:
        """The first unexplained difference of a step."""
        self.carried = 0.0
        self.noise.begin_step()
        for pair in self.pairs:
            if pair.structure:
                return self._structure(pair, pair.structure, index)
            if found := self._pair(pair, index, a, b):
                return found
        return None

    def _structure(self, pair: Pair, words: str, index: int) -> Seen:
        op = pair.op
        return Seen(op.position, op.title, index, "", None, structure=words, changed=pair.changed)

    def _pair(self, pair: Pair, index: int, a: ArrayFile, b: ArrayFile) -> Seen | None:
        assert pair.a is not None
        assert pair.b is not None
        worst: Seen | None = None
        parts, others = (_parts(file, op.position) for file, op in ((a, pair.a), (b, pair.b)))
        if lacking := set(parts) ^ set(others):
            one = min(lacking)
            return self._structure(pair, f"{one} only in {'A' if one in parts else 'B'}", index)
        for part in parts:
            tap = Tap(pair.a.position, part).name
            size = difference(a[tap], b[Tap(pair.b.position, part).name])
            if not size:
                continue
            seen = Seen(pair.a.position, pair.a.title, index, part, size, changed=pair.changed)
            self.first_bits = self.first_bits or seen
            if self.largest is None or size > (self.largest.difference or 0.0):
                self.largest = seen
            seen = self._judged(pair, seen, tap)
            self.share = max(self.share, min(1.0, _excess(seen)))
            if seen.allowed < size and (worst is None or _excess(seen) > _excess(worst)):
                worst = seen
                if isinstance(pair.a.op, ops.Call):
                    break  # its later layers only pass the difference on
        return worst

    def _judged(self, pair: Pair, seen: Seen, tap: str) -> Seen:
        """The difference with what is allowed at its place, and the leaks that account for it."""
        size = seen.difference or 0.0
        # From cheap to expensive: what is known of rounding, then leaks, then A moved further,
        # which takes more steps of it.
        for allowed in self._rounding(tap):
            if size <= allowed:
                return _allowed(seen, allowed)
        leaks = self.compared.leaks(pair, seen.tensor)
        allowed = self._leaking(tap, leaks, size)
        if leaks and size <= allowed:
            seen = _allowed(seen, allowed, tuple(leak.id for leak in leaks))
            self.explained.setdefault((seen.position, seen.tensor), seen)
            if _flows_on(pair, seen.tensor):
                self.carried = max(self.carried, size)
            return seen
        for allowed in self._more(tap):
            if size <= allowed:
                return _allowed(seen, allowed)
        return _allowed(seen, allowed)

    def _leaking(self, tap: str, leaks: tuple[Leak, ...], seen: float) -> float:
        """What leaks account for at an op of their kinds.

        A layer, a loss or an optimizer is off by a leak's size. Where that is not enough, sums
        cancel, or gradients pass through everything that was recorded: then by as much as side A
        is moved there when its variables, and what leaks did so far, are moved by that size.
        """
        if not leaks:
            return 0.0
        size = max(leak.size for leak in leaks)
        if seen <= FACTOR * size:
            return FACTOR * size
        moved = rounded_up(max(size, self.carried))
        self.noise.measure(moved)
        return FACTOR * max(size, self.noise.at(moved, tap))

    def _rounding(self, tap: str) -> Iterator[float]:
        """What rounding accounts for: as known so far, then as measured in this step."""
        unit = self.compared.unit
        yield max(self.compared.floor, FACTOR * self.noise.at(unit, tap))
        for size in self._sizes():
            self.noise.measure(size)
            yield max(self.compared.floor, FACTOR * self.noise.at(size, tap))

    def _more(self, tap: str) -> Iterator[float]:
        """The same, moved further and more often: shows a unit that is almost at its kink.

        A result that moves four times as far when its inputs do has no kink near.
        """
        size = self._sizes()[-1]
        if not self.noise.at(size, tap):
            return
        for draws in MORE_DRAWS:
            self.noise.measure(FURTHER * size, draws)
            moved = self.noise.at(FURTHER * size, tap)
            yield FACTOR * moved
            if moved < 2.0 * FURTHER * self.noise.at(size, tap):
                return

    def _sizes(self) -> tuple[float, ...]:
        unit = self.compared.unit
        return (unit, rounded_up(self.carried)) if self.carried > unit else (unit,)


def _allowed(seen: Seen, allowed: float, leaks: tuple[str, ...] = ()) -> Seen:
    return attrs.evolve(seen, allowed=allowed, leaks=leaks)


def _excess(seen: Seen) -> float:
    size = seen.difference or 0.0
    return size / seen.allowed if seen.allowed else math.inf


def _parts(file: ArrayFile, position: str) -> tuple[str, ...]:
    taps = (Tap.named(name) for name in file.names if not name.startswith(STATE))
    return tuple(tap.part for tap in taps if tap.op == position)


def _flows_on(pair: Pair, part: str) -> bool:
    """Whether later ops of the step read a result: slots and metrics are for the next step."""
    op = pair.op.op
    if isinstance(op, ops.Apply):
        return part.startswith("weight ")
    return not isinstance(op, ops.UpdateMetric)
