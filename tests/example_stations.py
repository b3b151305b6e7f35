"""Runs from stations with something in every field, their reference and their horizon."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from core.check.horizon import pooled
from core.check.horizon.envelope import SAFETY, Envelope
from core.check.horizon.pooled import SectionHorizon, StationSample
from core.check.reference import reference
from core.check.reference.reference import AtStation, Located, Reference, needs_state
from core.run.runner.station import Station
from core.spec import Scenario
from core.spec.experiment import numbers_digest
from core.spec.reading import meanings
from core.trace.station import StationTrace, Variable
from tests.example_traces import TRACE

STEPS = 64
STATIONS = (Station("start", 0, 0, STEPS), Station("late", 0, 93, STEPS))
LIMIT = 1e-4
"""What the example's horizon allows of each loss and variable."""

REFERENCE_TRACE = StationTrace(
    scenario="toy/first",
    backend="reference",
    station="start",
    seed=1,
    data_sha256=TRACE.data_sha256,
    losses={
        "loss": tuple(100.0 / (1 + step) for step in range(STEPS)),
        "penalty": tuple(1.0 + 0.001 * step for step in range(STEPS)),
    },
    metrics={"train_acc": (0.75,), "val_acc": (0.5,)},
    counters={
        "steps": (STEPS,),
        "samples": (STEPS * 32,),
        "optimizer/iteration": (STEPS,),
        "train_acc hits": (75,),
        "train_acc samples": (100,),
        "val_acc hits": (50,),
        "val_acc samples": (100,),
    },
    variables={
        "model/0/kernel": Variable(norm=5.5, projection=0.25),
        "model/0/bias": Variable(norm=0.25, projection=-0.1),
    },
    margins={"train_acc hits": ((1e-5, 2e-5, 0.3),), "val_acc hits": ((0.2, 0.3, 0.4),)},
)
STATION_TRACE = evolve(
    REFERENCE_TRACE,
    backend="tensorflow",
    margins={},
    models=TRACE.models,
    warnings=TRACE.warnings,
)
ENVELOPE = Envelope(
    losses=dict.fromkeys(REFERENCE_TRACE.losses, (LIMIT / SAFETY,) * STEPS),
    norms=dict.fromkeys(REFERENCE_TRACE.variables, LIMIT / SAFETY),
    projections=dict.fromkeys(REFERENCE_TRACE.variables, LIMIT / SAFETY),
    margins=dict.fromkeys(REFERENCE_TRACE.margins, LIMIT / SAFETY),
)
SAMPLE = StationSample("tensorflow: another machine", 12, "a quick one, AVX2", 1e-6, 0.25)


def station_trace(scenario: str, station: str, backend: str = "tensorflow") -> StationTrace:
    """What a backend did from a station of a section."""
    return evolve(STATION_TRACE, scenario=scenario, station=station, backend=backend)


def located(scenario: Scenario, folder: Path = Path("states")) -> Located:
    """The reference of a section, whose meanings all compute the same."""
    return Located(
        tuple(
            AtStation(
                station,
                {
                    meaning: evolve(REFERENCE_TRACE, scenario=scenario.id, station=station.name)
                    for meaning in meanings(scenario)
                },
                f"{station.name}.npz" if needs_state(scenario, station) else "",
            )
            for station in STATIONS
        ),
        folder,
    )


def reference_of(scenario: Scenario) -> Reference:
    """A recording of the reference of a section."""
    return Reference(
        format=reference.FORMAT,
        command="parity record --new",
        recorded="2026-02-03",
        reason="the first recording, “quoted”",
        experiment=numbers_digest(scenario),
        seed=REFERENCE_TRACE.seed,
        data_sha256=REFERENCE_TRACE.data_sha256,
        environment={"numpy": "2.1"},
        stations=located(scenario).stations,
    )


def horizon_of(scenario: Scenario) -> SectionHorizon:
    """What was measured of a section."""
    return SectionHorizon(
        format=pooled.FORMAT,
        command="parity horizon toy",
        recorded="2026-02-03",
        experiment=numbers_digest(scenario),
        data_sha256=REFERENCE_TRACE.data_sha256,
        stations=dict.fromkeys((station.name for station in STATIONS), ENVELOPE),
        samples=(SAMPLE,),
    )
