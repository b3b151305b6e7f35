"""Collects what a run does into a trace."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from core.run.backends.protocol import Array
from core.run.machine import machine, vectors
from core.run.randomness.addressed import Addressed
from core.run.runner.session import Session
from core.run.runner.station import Station
from core.spec import Scenario
from core.spec.kinds import Kind
from core.trace import Image, LogLine, ModelSummary, Replay, Trace, WeightNorm
from core.trace.station import StationTrace, Variable

DIRECTIONS = Addressed(0, "projection")


@define(eq=False)
class Recorder:
    """The growing record of one scenario's run.

    `counters` holds what metrics had counted whenever they were read, and the samples of each
    segment, `margins` how close a decision of those was; a trace has no place for them, a
    station's has.
    """

    losses: dict[str, list[NDArray[np.float64]]]
    metrics: dict[str, list[float]] = field(factory=dict)
    counters: dict[str, list[int]] = field(factory=dict)
    margins: dict[str, list[tuple[float, ...]]] = field(factory=dict)
    log: list[LogLine] = field(factory=list)
    images: list[Image] = field(factory=list)
    steps_per_epoch: int = 0
    replay: Replay | None = None

    def keep(self, losses: Mapping[str, NDArray[np.float64]]) -> None:
        """Adds a segment's losses."""
        for name, values in losses.items():
            self.losses[name].append(values)

    def count(self, name: str, value: float) -> None:
        """Adds a whole number to a series."""
        self.counters.setdefault(name, []).append(round(value))

    def flat_losses(self) -> dict[str, tuple[float, ...]]:
        """One number per step for each loss."""
        return {
            name: tuple(float(value) for part in parts for value in part)
            for name, parts in self.losses.items()
        }


def summaries(session: Session, scenario: Scenario) -> tuple[ModelSummary, ...]:
    """Summaries of the scenario's models, in the order its setup names them."""
    return tuple(
        session.backend.summary(session.handle(scenario, name), name)
        for name in session.names(scenario, Kind.MODEL)
    )


def all_weights(session: Session, scenario: Scenario) -> dict[str, Array]:
    """Every weight of the scenario's models by `model/layer/weight`."""
    found: dict[str, Array] = {}
    for name in session.names(scenario, Kind.MODEL):
        handle = session.handle(scenario, name)
        for (layer, weight), value in session.backend.weights(handle, session.state).items():
            found[f"{name}/{layer}/{weight}"] = value
    return found


def digest(weights: Mapping[str, Array]) -> str:
    """SHA-256 over names, shapes and bytes of weights."""
    total = hashlib.sha256()
    for name, value in weights.items():
        total.update(f"{name}{value.shape}{value.dtype}".encode())
        total.update(np.ascontiguousarray(value).tobytes())
    return total.hexdigest()


def norms(weights: Mapping[str, Array]) -> tuple[WeightNorm, ...]:
    """The Euclidean norm of each weight, summed in double precision."""
    return tuple(
        WeightNorm(
            name=name,
            shape=tuple(value.shape),
            norm=float(np.linalg.norm(np.asarray(value, dtype=np.float64))),
        )
        for name, value in weights.items()
    )


def at_the_end(variables: Mapping[str, Array]) -> dict[str, Variable]:
    """Norm and projection of each variable, summed in double precision."""
    found = {}
    for name, value in variables.items():
        numbers = np.asarray(value, dtype=np.float64)
        signs = DIRECTIONS.generator(name).integers(0, 2, size=numbers.shape) * 2.0 - 1.0
        found[name] = Variable(
            norm=float(np.linalg.norm(numbers)),
            projection=float(np.sum(numbers * signs)) / math.sqrt(max(numbers.size, 1)),
        )
    return found


def station_trace(
    session: Session,
    scenario: Scenario,
    station: Station,
    recorder: Recorder,
    warned: tuple[str, ...],
) -> StationTrace:
    """The trace of a finished run from a station."""
    margins = {name: tuple(values) for name, values in recorder.margins.items()}
    for name in session.names(scenario, Kind.METRIC):
        closest = session.margins(session.handle(scenario, name))
        if closest is not None:
            margins[f"{name}/total"] = (closest,)
    variables = session.variables(scenario)
    whole = {name: value for name, value in variables.items() if value.ndim == 0}
    samples = recorder.counters.pop("samples", [])
    counters = {name: tuple(values) for name, values in recorder.counters.items()}
    counters |= {name: (round(float(value)),) for name, value in whole.items()}
    losses = recorder.flat_losses()
    counters["steps"] = (max((len(values) for values in losses.values()), default=0),)
    counters["samples"] = (sum(samples),)
    return StationTrace(
        scenario=scenario.id,
        backend=session.backend.name,
        station=station.name,
        seed=session.options.seed,
        data_sha256=session.data.sha256,
        losses=losses,
        metrics={name: tuple(values) for name, values in recorder.metrics.items()},
        counters=counters,
        variables=at_the_end({n: v for n, v in variables.items() if n not in whole}),
        margins=margins,
        models=summaries(session, scenario),
        warnings=warned,
    )


def finish(
    session: Session,
    scenario: Scenario,
    recorder: Recorder,
    *,
    execution: str,
    before: str,
    seconds: float,
    warned: tuple[str, ...],
) -> Trace:
    """The trace of a finished run."""
    options = session.options
    after = all_weights(session, scenario)
    return Trace(
        scenario=scenario.id,
        backend=session.backend.name,
        randomness=options.randomness,
        execution=execution,
        precision=options.precision,
        seed=options.seed,
        data_name=session.data.name,
        data_sha256=session.data.sha256,
        sequence=(*session.trained, scenario.id),
        models=summaries(session, scenario),
        losses=recorder.flat_losses(),
        metrics={name: tuple(values) for name, values in recorder.metrics.items()},
        steps_per_epoch=recorder.steps_per_epoch,
        log=tuple(recorder.log),
        warnings=warned,
        images=tuple(recorder.images),
        seconds=seconds,
        initial_weights=before,
        final_weights=norms(after),
        final_digest=digest(after),
        replay=recorder.replay,
        environment=machine() | {"vectors": vectors()} | session.backend.environment(),
    )
