"""How far honest runs from a station lie from the reference: envelopes, and limits from them.

An honest run computes in single precision what the reference computes in double precision: on any
backend, with any number of threads, kernels and processor, from weights one unit in the last place
away, with any seed against the reference of that seed. The largest difference seen at each step is
the envelope. Three rules make it a limit:

- It looks ahead: a unit that flips at step t in one run may flip earlier on another machine, so
  step t gets the envelope of step `LOOK_AHEAD · t + LOOK_AHEAD_STEPS`.
- It is widened by `SAFETY`, for only so many machines were measured. How much is needed was
  measured too: each run is judged by the envelope of the others, and the factor it would have
  needed is kept (at most 2.8 of some 40 runs of each section).
- Nothing is allowed less than `FLOOR`: what the order of one sum may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

import numpy as np
from attrs import evolve, field, frozen

from core.check.horizon.measure import FLOOR, envelope
from core.trace.difference import differences
from core.trace.station import StationTrace

SAFETY = 4.0
LARGEST = 3e-4
"""A run is compared as far as its limits stay below this: there chaos begins, where what was not
measured can be many times as large as what was, and a limit sees few defects anyway."""


@frozen
class Envelope:
    """The largest differences from the reference at one station, over honest runs.

    Attributes:
        losses: for each loss the largest relative difference at each step.
        norms: for each variable the largest relative difference of its norm at the end.
        projections: the largest difference of its projection, as a share of its norm.
        margins: for each counter of hits, how close a sample's decision must be to fall out
            otherwise: the margin of the farthest sample that some run can have decided otherwise.
    """

    losses: Mapping[str, tuple[float, ...]] = field(factory=dict)
    norms: Mapping[str, float] = field(factory=dict)
    projections: Mapping[str, float] = field(factory=dict)
    margins: Mapping[str, float] = field(factory=dict)

    def loss_limits(self, name: str) -> Sequence[float]:
        """The largest relative difference allowed at each step, as far as steps are compared."""
        return self._limits(name)[: self.compared_steps]

    def _limits(self, name: str) -> list[float]:
        found = self.losses.get(name, ())
        if not found:
            return []
        ahead = envelope([np.asarray(found)])
        return [max(SAFETY * float(value), FLOOR) for value in ahead]

    @property
    def compared_steps(self) -> int:
        """The first steps whose limits are all small enough to see defects."""
        # An envelope that looks ahead never falls, so that these are the first ones.
        counts = [sum(v <= LARGEST for v in self._limits(name)) for name in self.losses]
        return min(counts, default=0)

    @property
    def whole(self) -> bool:
        """Whether the numbers of the whole run are compared, and so what it ends with."""
        return all(self.compared_steps == len(values) for values in self.losses.values())

    def norm_limit(self, variable: str) -> float:
        """The largest relative difference allowed of a variable's norm."""
        return max(SAFETY * self.norms.get(variable, 0.0), FLOOR)

    def projection_limit(self, variable: str) -> float:
        """The largest difference allowed of a variable's projection, as a share of its norm."""
        return max(SAFETY * self.projections.get(variable, 0.0), FLOOR)

    def hits_limit(self, counter: str, margins: Sequence[float]) -> int:
        """How many hits a counter may be off: as many as samples whose decision is that close."""
        near = max(SAFETY * self.margins.get(counter, 0.0), FLOOR)
        return sum(margin <= near for margin in margins)


def apart(run: StationTrace, reference: StationTrace) -> Envelope:
    """How far one run lies from its reference."""
    variables = {n: v for n, v in reference.variables.items() if n in run.variables}
    return Envelope(
        losses={
            name: tuple(differences(run.losses.get(name, ()), wanted))
            for name, wanted in reference.losses.items()
        },
        norms={
            name: _share(run.variables[name].norm - wanted.norm, wanted.norm)
            for name, wanted in variables.items()
        },
        projections={
            name: _share(run.variables[name].projection - wanted.projection, wanted.norm)
            for name, wanted in variables.items()
        },
        margins={
            name: max(map(_needed_margin, run.counters[name], reference.counters[name], margins))
            for name, margins in reference.margins.items()
            if margins and run.counters.get(name)
        },
    )


def _share(difference: float, norm: float) -> float:
    """A difference as a share of a norm; a norm of 0 allows none."""
    return abs(difference) / norm if norm else float(difference != 0)


def _needed_margin(found: int, wanted: int, margins: Sequence[float]) -> float:
    """The margin of the farthest of as many samples as hits differ."""
    different = abs(found - wanted)
    return margins[min(different, len(margins)) - 1] if different and margins else 0.0


def pooled(parts: Sequence[Envelope]) -> Envelope:
    """The envelope of all runs whose envelopes are given; some may have stopped earlier."""
    names = dict.fromkeys(name for part in parts for name in part.losses)
    return Envelope(
        losses={
            name: tuple(
                max(column)
                for column in zip_longest(*(p.losses.get(name, ()) for p in parts), fillvalue=0.0)
            )
            for name in names
        },
        norms=_largest(part.norms for part in parts),
        projections=_largest(part.projections for part in parts),
        margins=_largest(part.margins for part in parts),
    )


def _largest(tables: Iterable[Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for table in tables:
        for name, value in table.items():
            found[name] = max(found.get(name, 0.0), value)
    return found


def largest_of_variables(envelope: Envelope) -> float:
    """The largest difference of any variable, of its norm or its projection."""
    return max((*envelope.norms.values(), *envelope.projections.values()), default=0.0)


def levelled(envelope: Envelope, least: float) -> Envelope:
    """An envelope that allows to every variable what was seen of any.

    In the first steps of a GAN now and then a unit flips on one machine and moves a variable or
    two by some thousandths. Which ones differs from run to run, so that no variable's own envelope
    foretells it.

    Args:
        envelope: what was measured of a section.
        least: the largest difference of a variable in other sections of that kind.
    """
    most = max(least, largest_of_variables(envelope))
    norms, projections = (dict.fromkeys(t, most) for t in (envelope.norms, envelope.projections))
    return evolve(envelope, norms=norms, projections=projections)


def factor_needed(one: Envelope, others: Envelope) -> float:
    """The least safety factor with which the others' envelope lets a run pass.

    What the floor lets pass anyway needs none.
    """
    factors = [0.0]
    steps = others.compared_steps
    for name, values in one.losses.items():
        if others.losses.get(name):
            ahead = envelope([np.asarray(others.losses[name])])
            factors += map(_factor, values[:steps], map(float, ahead[:steps]))
    if others.whole:
        for mine, theirs in (
            (one.norms, others.norms),
            (one.projections, others.projections),
            (one.margins, others.margins),
        ):
            factors += [_factor(value, theirs.get(name, 0.0)) for name, value in mine.items()]
    return max(factors)


def _factor(value: float, allowed: float) -> float:
    return value / max(allowed, FLOOR / SAFETY) if value > FLOOR else 0.0
