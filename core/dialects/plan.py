"""What a program of one section holds of the earlier ones, in the order the runner takes them.

Initial weights and shuffles are drawn as things are constructed, so a section's program constructs
what the sections before it construct, and trains those that it continues.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from core.spec import Scenario, ops
from core.spec.kinds import Op

Object = tuple[str, str]  # the scenario that made it, and its name there


@frozen
class SetUp:
    """A section's setup: the positions of the ops to print."""

    scenario: Scenario
    positions: tuple[int, ...]


@frozen
class Train:
    """A section's loop."""

    scenario: Scenario


Event = SetUp | Train


def origin(scenario: Scenario, name: str) -> Object:
    """The section that made what a name stands for: this one, where its setup does not make it."""
    made = name in scenario.setup_names
    return (scenario.origin(name).section if made else scenario).id, name


def draws_weights(op: Op) -> bool:
    """Whether an op draws from what Keras draws initial weights from."""
    return isinstance(op, ops.BuildModel)


def draws_in_tensorflow(op: Op) -> bool:
    """Whether an op draws on TensorFlow, where an opened shuffle takes a seed."""
    shuffled = isinstance(op, ops.OpenDataset) and op.shuffle is not None
    return shuffled or isinstance(op, ops.BuildModel | ops.SeedFramework)


def plan(scenario: Scenario, draws: Callable[[Op], bool]) -> tuple[Event, ...]:
    """The events of a section's program.

    Args:
        scenario: the section.
        draws: whether constructing something draws, so that leaving it out would shift what is
            drawn later.

    Returns:
        Setups and loops in the runner's order; of an earlier section that is not trained, only
        the ops that draw or that something printed needs.
    """
    events = _order(scenario)
    trained = {event.scenario.id for event in events if isinstance(event, Train)}
    needed: set[Object] = set()
    kept: list[Event] = []
    for event in reversed(events):
        if isinstance(event, SetUp):
            positions = _kept(event.scenario, event.scenario.id in trained, draws, needed)
            event = SetUp(event.scenario, positions)
        kept.append(event)
    return tuple(
        event for event in reversed(kept) if isinstance(event, Train) or _says(event, scenario)
    )


def _says(event: SetUp, scenario: Scenario) -> bool:
    return bool(event.positions) or event.scenario is scenario


def _kept(
    scenario: Scenario, whole: bool, draws: Callable[[Op], bool], needed: set[Object]
) -> tuple[int, ...]:
    """Positions of the ops to print, their needs added to `needed`."""
    positions = []
    for position in reversed(range(len(scenario.setup))):
        op = scenario.setup[position]
        if isinstance(op, ops.Continue):
            if whole:
                needed.update(origin(scenario, name) for name in op.names)
            continue
        made = {(scenario.id, name) for name, _ in op.makes()}
        said = isinstance(op, ops.Log)  # what an earlier section prints is no part of this one
        if whole or (not said and (draws(op) or made & needed)):
            positions.append(position)
            needed.update(origin(scenario, name) for name, _ in op.uses())
    return tuple(reversed(positions))


def _order(scenario: Scenario) -> list[Event]:
    """Every setup and loop of a run of this section alone, as `core.run.runner` takes them."""
    events: list[Event] = []
    done: set[str] = set()

    def set_up(section: Scenario) -> None:
        if section.id in done:
            return
        done.add(section.id)
        for earlier in (*section.after, *section.continues):
            set_up(earlier)
        events.append(SetUp(section, tuple(range(len(section.setup)))))

    for section in (*scenario.trains_first, scenario):
        set_up(section)
        events.append(Train(section))
    return events


def identifiers(events: tuple[Event, ...]) -> dict[Object, str]:
    """The variable that holds each object, its own name unless that was taken in between.

    A name is made again in a later section (each builds its `model`); where the older object is
    needed after that, its variable also names its section.
    """
    made: dict[Object, int] = {}
    last: dict[Object, int] = {}
    for index, event in enumerate(events):
        scenario = event.scenario
        if isinstance(event, Train):
            used = [origin(scenario, name) for name in scenario.setup_names]
        else:
            sequence = [scenario.setup[position] for position in event.positions]
            made.update(
                {
                    (scenario.id, n): index
                    for op in sequence
                    if not isinstance(op, ops.Continue)
                    for n, _ in op.makes()
                }
            )
            used = [origin(scenario, name) for op in sequence for name, _ in op.uses()]
        last.update(dict.fromkeys(used, index))
    names = {}
    for thing, born in made.items():
        dies = last.get(thing, born)
        taken = any(
            other[1] == thing[1] and other != thing and born < when <= dies
            for other, when in made.items()
        )
        section = thing[0].partition("/")[2].replace("~", "_")
        names[thing] = f"{thing[1]}_{section}" if taken else thing[1]
    return names
