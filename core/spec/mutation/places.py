"""Where an op stands in a section, and sections with other ops in its place."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from attrs import frozen

from core.spec import ops
from core.spec.kinds import Kind, Op
from core.spec.scenario import PHASES, Scenario


@frozen
class Place:
    """An op of a phase, or of the body of a scope.

    Attributes:
        phase: `setup`, `step`, ….
        path: the op's index in its phase, or its scope's index there and its own in the scope.
        op: what stands there.
    """

    phase: str
    path: tuple[int, ...]
    op: Op

    @property
    def name(self) -> str:
        """`step[0.1]`, as departures name ops; in the setup, what the op makes."""
        made = [name for name, _ in self.op.makes()]
        if self.phase == "setup" and made and not isinstance(self.op, ops.Continue):
            return made[0]
        return f"{self.phase}[{'.'.join(map(str, self.path))}]"


def places(scenario: Scenario) -> Iterator[Place]:
    """Every op of every phase in order, a scope before its body."""
    for phase in PHASES:
        for index, op in enumerate(scenario.phase(phase)):
            yield Place(phase, (index,), op)
            if isinstance(op, ops.GradScope):
                for inner, within in enumerate(op.body):
                    yield Place(phase, (index, inner), within)


def siblings(scenario: Scenario, place: Place) -> tuple[Op, ...]:
    """The ops of the phase, or of the scope's body, that a place is in."""
    outer = scenario.phase(place.phase)
    if len(place.path) == 1:
        return outer
    scope = outer[place.path[0]]
    assert isinstance(scope, ops.GradScope)
    return scope.body


def with_siblings(scenario: Scenario, place: Place, sequence: tuple[Op, ...]) -> Scenario:
    """The section with another sequence where a place is.

    Raises:
        SpecError: the section would break a rule of specs.
    """
    if len(place.path) == 2:
        outer = scenario.phase(place.phase)
        index = place.path[0]
        scope = outer[index]
        assert isinstance(scope, ops.GradScope)
        inside = attrs.evolve(scope, body=sequence)
        sequence = (*outer[:index], inside, *outer[index + 1 :])
    match place.phase:
        case "setup":
            return attrs.evolve(scenario, setup=sequence)
        case "step":
            return attrs.evolve(scenario, step=sequence)
        case "evaluate":
            return attrs.evolve(scenario, evaluate=sequence)
        case "on_log":
            return attrs.evolve(scenario, on_log=sequence)
        case _:
            return attrs.evolve(scenario, on_epoch_end=sequence)


def put(scenario: Scenario, place: Place, *instead: Op) -> Scenario:
    """The section with other ops, or none, in place of one.

    Raises:
        SpecError: the section would break a rule of specs.
    """
    sequence, index = siblings(scenario, place), place.path[-1]
    return with_siblings(scenario, place, (*sequence[:index], *instead, *sequence[index + 1 :]))


def moved(scenario: Scenario, place: Place, to: int) -> Scenario:
    """The section with an op at another index among its siblings.

    Raises:
        SpecError: the section would break a rule of specs.
    """
    sequence, index = siblings(scenario, place), place.path[-1]
    rest = (*sequence[:index], *sequence[index + 1 :])
    return with_siblings(scenario, place, (*rest[:to], place.op, *rest[to:]))


def known_before(scenario: Scenario, place: Place) -> dict[str, Kind]:
    """The names that exist where an op stands, with their kinds."""
    known: dict[str, Kind] = {}
    if place.phase != "setup":
        known |= scenario.setup_names
    if place.phase == "step":
        known |= dict.fromkeys(scenario.loop.batch, Kind.TENSOR)
    if place.phase == "evaluate":
        for op in scenario.on_epoch_end:
            if isinstance(op, ops.Validate):
                known |= dict.fromkeys(op.batch, Kind.TENSOR)
    if place.phase == "on_log":
        known |= dict.fromkeys(scenario.returned.losses, Kind.NUMBER)
        known |= dict.fromkeys(scenario.returned.tensors, Kind.TENSOR)
    for other in places(scenario):
        if other.phase == place.phase and other.path == place.path:
            break
        if other.phase == place.phase:
            inside = len(place.path) == 2 and other.path == place.path[:1]
            known |= {} if inside else dict(other.op.makes())
    return known


def remade(scenario: Scenario, name: str, op: Op) -> Scenario:
    """The section with an object of its setup made by another op.

    What it continues from an earlier section it then makes itself, where it continued it; the
    arrays that a data set is opened on are continued instead.

    Args:
        scenario: the section.
        name: an object of its setup.
        op: makes it.

    Raises:
        SpecError: the section would break a rule of specs.
    """
    setup: list[Op] = []
    for each in scenario.setup:
        if name not in {made for made, _ in each.makes()}:
            setup.append(each)
        elif not isinstance(each, ops.Continue):
            setup.append(op)
        else:
            kept = tuple(other for other in each.names if other != name)
            setup += [attrs.evolve(each, names=kept)] if kept else []
            owner = each.section.origin(name).section
            needed = tuple(n for n, _ in op.uses() if n not in scenario.setup_names)
            setup += [ops.Continue(owner, needed)] if needed else []
            setup.append(op)
    return attrs.evolve(scenario, setup=tuple(setup))
