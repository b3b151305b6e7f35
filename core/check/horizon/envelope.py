"""How far honest runs from a station lie from the reference: envelopes, and limits from them.

An honest run computes in single precision what the reference computes in double precision: on any
backend, with any number of threads, kernels and processor, from weights one unit in the last place
away, with any seed against the reference of that seed. The largest difference seen at each step is
the envelope. Three rules make it a limit:

- It looks ahead: a unit that flips at step t in one run may flip earlier on another machine, so
  step t gets the envelope of step `LOOK_AHEAD · t + LOOK_AHEAD_STEPS`.
- It is widened by `SAFETY`, for only so many machines were measured. How much is needed was
  measured too: each run is judged by the envelope of the others, and the factor it would have
  needed is kept.
- Nothing is allowed less than `FLOOR`: what the order of one sum may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import field, frozen

from core.check.horizon.measure import FLOOR, SAFETY, envelope
from core.trace.difference import differences
from core.trace.station import StationTrace

LARGEST = 0.01
"""A limit above this sees few defects: from there on steps do not count as compared."""


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
        """The largest relative difference allowed at each step."""
        found = self.losses.get(name, ())
        if not found:
            return ()
        ahead = envelope([np.asarray(found)])
        return [max(SAFETY * float(value), FLOOR) for value in ahead]

    @property
    def compared_steps(self) -> int:
        """The first steps whose limits are all small enough to see defects."""
        counts = [sum(v <= LARGEST for v in self.loss_limits(name)) for name in self.losses]
        return min(counts, default=0)

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
    return Envelope(
        losses={
            name: tuple(float(v) for v in differences(run.losses.get(name, ()), wanted))
            for name, wanted in reference.losses.items()
        },
        norms={
            name: _share(run.variables[name].norm - wanted.norm, wanted.norm)
            for name, wanted in reference.variables.items()
            if name in run.variables
        },
        projections={
            name: _share(run.variables[name].projection - wanted.projection, wanted.norm)
            for name, wanted in reference.variables.items()
            if name in run.variables
        },
        margins={
            name: max(
                (
                    _needed_margin(found - wanted, margins)
                    for found, wanted, margins in zip(
                        run.counters.get(name, ()), reference.counters[name], all_margins,
                        strict=False,
                    )
                ),
                default=0.0,
            )
            for name, all_margins in reference.margins.items()
        },
    )  # fmt: skip


def _share(difference: float, norm: float) -> float:
    """A difference as a share of a norm; a norm of 0 allows none."""
    return abs(difference) / norm if norm else float(difference != 0)


def _needed_margin(difference: int, margins: Sequence[float]) -> float:
    """The margin of the farthest of as many samples as hits differ."""
    if not difference:
        return 0.0
    return margins[min(abs(difference), len(margins)) - 1] if margins else 0.0


def pooled(parts: Iterable[Envelope]) -> Envelope:
    """The envelope of all runs whose envelopes are given."""
    all_parts = list(parts)
    return Envelope(
        losses={
            name: tuple(
                float(v)
                for v in np.max([part.losses[name] for part in all_parts if name in part.losses], 0)
            )
            for name in dict.fromkeys(name for part in all_parts for name in part.losses)
        },
        norms=_largest(part.norms for part in all_parts),
        projections=_largest(part.projections for part in all_parts),
        margins=_largest(part.margins for part in all_parts),
    )


def _largest(tables: Iterable[Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for table in tables:
        for name, value in table.items():
            found[name] = max(found.get(name, 0.0), value)
    return found


def factor_needed(one: Envelope, others: Envelope) -> float:
    """The least safety factor with which the others' envelope lets a run pass.

    What the floor lets pass anyway needs none.
    """
    worst = 0.0
    for name, values in one.losses.items():
        if others.losses.get(name):
            ahead = envelope([np.asarray(others.losses[name])])
            worst = max(worst, *map(_factor, values, ahead)) if values else worst
    for mine, theirs in ((one.norms, others.norms), (one.projections, others.projections),
                         (one.margins, others.margins)):  # fmt: skip
        for name, value in mine.items():
            worst = max(worst, _factor(value, theirs.get(name, 0.0)))
    return worst


def _factor(value: float, allowed: float) -> float:
    return value / max(allowed, FLOOR / SAFETY) if value > FLOOR else 0.0
