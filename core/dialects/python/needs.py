"""What a program must import or define, from what it is going to print."""

from __future__ import annotations

from core.dialects.plan import Event, SetUp, Train
from core.spec import Scenario, ops
from core.spec.scenario import flat


def needs_time(events: tuple[Event, ...]) -> bool:
    """Whether some line that is printed holds a time."""
    for event in events:
        if isinstance(event, Train):
            ends = (*event.scenario.on_epoch_end, *event.scenario.loop.closing)
            if any(isinstance(op, ops.Log) and op.timed for op in ends):
                return True
    return False


def needs_numpy(events: tuple[Event, ...]) -> bool:
    """Whether arrays are loaded from a file, reshaped or joined."""
    return any(
        isinstance(event.scenario.setup[position], ops.LoadImages)
        for event in events
        if isinstance(event, SetUp)
        for position in event.positions
    )


def saves_sheets(scenario: Scenario) -> str | None:
    """The id of the op that saves a sheet of images, where there is one."""
    for index, op in enumerate(scenario.on_log):
        if isinstance(op, ops.Sheet):
            return f"on_log[{index}]"
    return None


def draws(scenario: Scenario) -> bool:
    """Whether a section's loop draws random numbers of its own."""
    return any(isinstance(op, ops.Draw) for op in (*flat(scenario.step), *scenario.on_log))
