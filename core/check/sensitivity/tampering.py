"""What may go wrong around the training: a trace of a sound run with one defect in it.

A run may report stale losses, leave a metric out or count a batch twice; a number of the reference
may be edited. Both are the same change, of the one side or of the other.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import attrs
from attrs import frozen

from core.check.horizon.envelope import Envelope
from core.trace.station import StationTrace, Variable

BEYOND = 2.0  # how many times its limit an edited number lies away from the sound one
Series = tuple[float, ...]
T = TypeVar("T")


@frozen
class Tampered:
    """A trace with one defect.

    Attributes:
        operator: what was done; the same word for every trace.
        site: the loss, metric, counter or variable.
        trace: what came of it.
    """

    operator: str
    site: str
    trace: StationTrace


def tampered(sound: StationTrace, envelope: Envelope) -> Iterator[Tampered]:
    """Defects of a trace beyond what honest runs show, each operator at every site.

    Args:
        sound: a run from a station.
        envelope: how far honest runs may lie from the reference there.
    """
    yield from _losses(sound, envelope)
    yield from _metrics(sound)
    yield from _counters(sound, envelope)
    # Where a run goes farther than its numbers are compared, its end is not compared either.
    if all(len(envelope.loss_limits(n)) == len(values) for n, values in sound.losses.items()):
        yield from _variables(sound, envelope)


def one_of_each(found: Sequence[Tampered]) -> list[Tampered]:
    """One site for each operator, drawn by fixed lots."""

    def lot(one: Tampered) -> str:
        return hashlib.sha256(
            f"{one.trace.scenario} {one.operator} {one.site}".encode()
        ).hexdigest()

    return list({one.operator: one for one in sorted(found, key=lot)}.values())


def _losses(sound: StationTrace, envelope: Envelope) -> Iterator[Tampered]:
    for name, values in sound.losses.items():
        limits = envelope.loss_limits(name)[: len(values)]
        changed: dict[str, Series | None] = {"loss-missing": None}
        if len(values) > 1:
            changed |= {
                "loss-a-step-short": values[:-1],
                "loss-a-step-long": (*values, values[-1]),
            }
        if len(limits) > 1:
            changed |= {
                "loss-of-step-before": (values[0], *values[:-1]),
                "loss-of-next-step": (*values[1:], values[-1]),
                "loss-of-first-step": (values[0],) * len(values),
            }
        for word, step in _some(len(limits)):
            edited = values[step] * (1.0 + BEYOND * limits[step])
            changed[f"loss-edited-{word}"] = _with(values, step, edited)
            changed[f"loss-nan-{word}"] = _with(values, step, math.nan)
        for operator, series in changed.items():
            losses = _put(sound.losses, name, series)
            yield Tampered(operator, name, attrs.evolve(sound, losses=losses))
        losses = {**sound.losses, f"{name}_more": values}
        yield Tampered("loss-added", name, attrs.evolve(sound, losses=losses))


def _metrics(sound: StationTrace) -> Iterator[Tampered]:
    for name, values in sound.metrics.items():
        changed: dict[str, Series | None] = {
            "metric-missing": None,
            "metric-read-again": (*values, values[-1]),
            "metric-edited": _with(values, 0, values[0] - 0.01),
            "metric-nan": _with(values, 0, math.nan),
        }
        for operator, series in changed.items():
            metrics = _put(sound.metrics, name, series)
            yield Tampered(operator, name, attrs.evolve(sound, metrics=metrics))


def _counters(sound: StationTrace, envelope: Envelope) -> Iterator[Tampered]:
    for name, values in sound.counters.items():
        # As many hits may be off as samples whose decision is that close.
        margins = sound.margins.get(name, ())
        off = 1 + (envelope.hits_limit(name, margins[-1]) if margins else 0)
        changed: dict[str, tuple[int, ...] | None] = {
            "counter-missing": None,
            "counter-more": (*values[:-1], values[-1] + off),
            "counter-less": (*values[:-1], values[-1] - off),
            "counter-again": (*values, values[-1]),
        }
        for operator, series in changed.items():
            counters = _put(sound.counters, name, series)
            yield Tampered(operator, name, attrs.evolve(sound, counters=counters))


def _variables(sound: StationTrace, envelope: Envelope) -> Iterator[Tampered]:
    for name, value in sound.variables.items():
        changed: dict[str, Variable | None] = {"variable-missing": None}
        if value.norm and value.projection:
            norm = value.norm * (1.0 + BEYOND * envelope.norm_limit(name))
            along = BEYOND * envelope.projection_limit(name) * value.norm
            changed |= {
                "variable-longer": Variable(norm, value.projection),
                "variable-turned": Variable(value.norm, value.projection + along),
                "variable-zero": Variable(0.0, 0.0),
                "variable-nan": Variable(math.nan, math.nan),
            }
        for operator, other in changed.items():
            variables = _put(sound.variables, name, other)
            yield Tampered(operator, name, attrs.evolve(sound, variables=variables))


def _some(count: int) -> Iterator[tuple[str, int]]:
    """The first, the middle and the last of some steps, each once."""
    named = {0: "first", count // 2: "middle", count - 1: "last"} if count else {}
    yield from ((word, step) for step, word in named.items())


def _with(values: Series, index: int, value: float) -> Series:
    return (*values[:index], value, *values[index + 1 :])


def _put(table: Mapping[str, T], name: str, value: T | None) -> dict[str, T]:
    changed = {key: held for key, held in table.items() if key != name}
    return changed if value is None else {**table, name: value}
