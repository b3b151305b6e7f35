"""Through a section's training, from station to station."""

from __future__ import annotations

from collections.abc import Iterator

from core.run.backends.protocol import Array
from core.run.runner.runner import Runner
from core.run.runner.station import Station, stations_of
from core.spec import Scenario


def tour(runner: Runner, scenario: Scenario) -> Iterator[tuple[Station, dict[str, Array]]]:
    """Trains a section whole, and stops at each of its stations.

    Sections that it continues must have been toured before, over the same session.

    Args:
        runner: over the session.
        scenario: the section; its training needs no random numbers in the step, for what draws
            has a start alone.

    Yields:
        Each station, with the variables before its first step.
    """
    steps = runner.steps_per_epoch(scenario)
    done = 0
    for station in stations_of(scenario, steps):
        at = station.epoch * steps + station.step
        _go(runner, scenario, done, at, steps)
        done = at
        yield station, runner.session.variables(scenario)
    _go(runner, scenario, done, steps * scenario.loop.epochs, steps)


def _go(runner: Runner, scenario: Scenario, first: int, last: int, steps: int) -> None:
    """Takes the steps from `first` up to `last`, counted over all epochs."""
    if last > first:
        epoch, step = divmod(first, steps)
        runner.run_station(scenario, Station("between", epoch, step, last - first), {})
