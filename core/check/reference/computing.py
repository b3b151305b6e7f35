"""Computing references: the jobs they need, and what their outcomes give.

First a tour trains each supervised section whole and leaves the states of its stations; then every
station runs from its state, once for each meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import attrs
from attrs import frozen

from core.check.reference.reference import AtStation, Located, needs_state
from core.run.backends.registry import REFERENCE
from core.run.runner.options import RunOptions
from core.run.runner.station import Station, stations_of
from core.run.worker import Job, Outcome, StationJob
from core.spec import Scenario
from core.spec.reading import meanings
from core.trace.station import StationTrace

Run = Callable[[Sequence[Job]], Sequence[Outcome]]


@frozen
class Wanted:
    """Whose reference is wanted, and where its states go.

    Attributes:
        scenarios: sections, each experiment once.
        seed: the seed of weights, batches and draws.
        data: the data set's name or path.
        repository: the folder that holds `scenarios/`.
        folders: further scenario folders.
        states: the folder that takes the states, each as `guide/section/station.npz`.
    """

    scenarios: tuple[Scenario, ...]
    seed: int
    data: str
    repository: Path
    folders: tuple[Path, ...]
    states: Path

    def job(self, name: str, scenarios: Sequence[Scenario]) -> Job:
        """A job of the reference over some scenarios."""
        return Job(
            name=f"{name} (reference, seed {self.seed})",
            backend=REFERENCE,
            scenarios=tuple(scenario.id for scenario in scenarios),
            options=RunOptions(seed=self.seed, randomness="controlled", precision="float64"),
            data=self.data,
            repository=str(self.repository),
            folders=tuple(str(folder) for folder in self.folders),
        )


@frozen
class Computed:
    """References by scenario id, and what failed on the way."""

    found: dict[str, Located]
    failed: tuple[Outcome, ...] = ()


def with_earlier(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Scenarios after those whose training they depend on, each once."""
    found: dict[Scenario, None] = {}
    for scenario in scenarios:
        found.update(dict.fromkeys((*scenario.trains_first, scenario)))
    return tuple(found)


def tours(asked: Wanted) -> Iterator[Job]:
    """A job for each guide that leaves the states of its supervised sections."""
    trained = [scenario for scenario in asked.scenarios if not scenario.step_draws]
    for guide in dict.fromkeys(scenario.guide for scenario in trained):
        mine = with_earlier([scenario for scenario in trained if scenario.guide == guide])
        job = asked.job(f"{guide.id}, a tour", mine)
        yield attrs.evolve(job, tour=str(asked.states))


def runs(asked: Wanted, stations: dict[str, tuple[Station, ...]]) -> Iterator[Job]:
    """The jobs that run the stations of every scenario, one for each guide and meaning."""
    wanted: dict[tuple[str, str], list[Scenario]] = {}
    for scenario in asked.scenarios:
        for meaning in meanings(scenario):
            wanted.setdefault((scenario.guide.id, meaning), []).append(scenario)
    for (guide, meaning), scenarios in wanted.items():
        job = asked.job(f"{guide} as {meaning}", scenarios)
        starts = tuple(
            StationJob(scenario.id, station, str(states / name) if name else "")
            for scenario in scenarios
            for states in [asked.states / scenario.id]
            for station in stations[scenario.id]
            for name in [_state(scenario, station)]
        )
        yield attrs.evolve(job, reading=meaning, stations=starts)


def _state(scenario: Scenario, station: Station) -> str:
    """The file that a tour leaves of a station, where it needs one."""
    return f"{station.name}.npz" if needs_state(scenario, station) else ""


def compute(asked: Wanted, run: Run) -> Computed:
    """Computes references, and leaves the states of their stations.

    Args:
        asked: whose, and where the states go.
        run: runs jobs; answers nothing where it was interrupted.
    """
    planned = list(tours(asked))
    toured = run(planned) if planned else ()
    failed = [outcome for outcome in toured if outcome.failure]
    if failed or len(toured) < len(planned):
        return Computed({}, tuple(failed))
    stations = {name: tuple(found) for o in toured for name, found in o.toured.items()}
    for scenario in asked.scenarios:
        if scenario.step_draws:
            stations[scenario.id] = stations_of(scenario, 0)
    found: dict[tuple[str, str], dict[str, StationTrace]] = {}
    outcomes = run(list(runs(asked, stations)))
    for outcome in outcomes:
        for trace in outcome.stations:
            # What a model is called and how it is laid out only a framework can say.
            numbers = attrs.evolve(trace, models=(), warnings=())
            key = (trace.scenario, trace.station)
            found.setdefault(key, {})[outcome.job.reading] = numbers
    failed = [outcome for outcome in outcomes if outcome.failure]
    if failed or not outcomes:
        return Computed({}, tuple(failed))
    return Computed(
        {
            scenario.id: Located(
                tuple(
                    AtStation(station, found[scenario.id, station.name], _state(scenario, station))
                    for station in stations[scenario.id]
                ),
                asked.states / scenario.id,
            )
            for scenario in asked.scenarios
        }
    )
