"""Operators over sequences: ops left out, done twice, moved, and looked past."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import attrs

from core.spec import layers, ops
from core.spec.kinds import Op
from core.spec.mutation.effects import changes, conflict
from core.spec.mutation.mutant import Draft
from core.spec.mutation.places import Place, moved, places, put, siblings, with_siblings
from core.spec.parts import ModelSpec
from core.spec.scenario import Scenario

INDEPENDENT = "neither op reads or changes what the other changes"
COMMUTES = "the sum of two numbers is the same in either order"


def dropped(scenario: Scenario) -> Iterator[Draft]:
    """An op left out, with whatever else in its phase needs what it makes."""
    for place in places(scenario):
        # A gradient left out with the update that needs it is that update left out.
        if not isinstance(place.op, ops.Return | ops.GradScope | ops.Gradients | ops.Continue):
            yield Draft(
                "dropped",
                place.name,
                f"left out: {place.op.words}",
                partial(_without, scenario, place),
            )


def _without(scenario: Scenario, place: Place) -> Scenario:
    sequence, index = siblings(scenario, place), place.path[-1]
    gone = {name for name, _ in place.op.makes()}
    kept = list(sequence[:index])
    for op in sequence[index + 1 :]:
        if gone & {name for name, _ in op.uses()}:
            gone |= {name for name, _ in op.makes()}
        else:
            kept.append(op)
    return with_siblings(scenario, place, tuple(kept))


def doubled(scenario: Scenario) -> Iterator[Draft]:
    """An op that changes something done twice in a row."""
    for place in places(scenario):
        op = place.op
        idempotent = isinstance(op, ops.ResetMetric)
        acts = any(True for what in changes(scenario, op) if not what.startswith("tracked/"))
        if place.phase != "setup" and acts:
            again = op.renamed(partial(_again, {name for name, _ in op.makes()}))
            yield Draft(
                "doubled",
                place.name,
                f"done twice: {op.words}",
                partial(put, scenario, place, op, again),
                "a metric at zero stays at zero" if idempotent else "",
            )


def _again(made: set[str], name: str) -> str:
    return f"{name}_again" if name in made else name


def later(scenario: Scenario) -> Iterator[Draft]:
    """An op moved behind the next one that its place matters to."""
    for place in places(scenario):
        sequence, index = siblings(scenario, place), place.path[-1]
        for to in range(index + 1, len(sequence)):
            if conflict(scenario, place.op, sequence[to]):
                yield _move("later", scenario, place, to)
                break


def earlier(scenario: Scenario) -> Iterator[Draft]:
    """An op moved before the last one that its place matters to."""
    for place in places(scenario):
        sequence, index = siblings(scenario, place), place.path[-1]
        for to in range(index - 1, -1, -1):
            if conflict(scenario, sequence[to], place.op):
                if index - to > 1:  # one place is the same as the other's move to a later one
                    yield _move("earlier", scenario, place, to)
                break


def swapped(scenario: Scenario) -> Iterator[Draft]:
    """An op and the next one, where the order does not matter."""
    for place in places(scenario):
        sequence, index = siblings(scenario, place), place.path[-1]
        last = index + 1 == len(sequence) or isinstance(sequence[index + 1], ops.Return)
        if not last and not conflict(scenario, place.op, sequence[index + 1]):
            yield _move("swapped", scenario, place, index + 1, INDEPENDENT)


def _move(operator: str, scenario: Scenario, place: Place, to: int, reason: str = "") -> Draft:
    passed = siblings(scenario, place)[to]
    side = "before" if to < place.path[-1] else "behind"
    return Draft(
        operator,
        place.name,
        f"{place.op.words} {side} {passed.words}",
        partial(moved, scenario, place, to),
        reason,
    )


def passed_over(scenario: Scenario) -> Iterator[Draft]:
    """What an op makes replaced by one of the tensors that it makes it from."""
    for place in places(scenario):
        op = place.op
        if not isinstance(op, ops.Affine | ops.AddTracked | ops.Sum):
            continue
        match op:
            case ops.Affine():
                sources: tuple[str, ...] = (op.x, *((op.plus,) if op.plus else ()))
            case ops.AddTracked():
                sources = (op.loss,)
            case _:
                sources = op.parts
        for source in sources:
            yield Draft(
                f"only-{source.replace('_', '-')}",
                place.name,
                f"{source} in place of {op.out}",
                # A scale of one multiplies nothing: a plain copy under the old name.
                partial(put, scenario, place, ops.Affine(op.out, x=source)),
            )


def added_again(scenario: Scenario) -> Iterator[Draft]:
    """A term of a sum added twice."""
    for place in places(scenario):
        op = place.op
        if isinstance(op, ops.AddTracked):
            once = f"{op.out}_once"
            twice = (attrs.evolve(op, out=once), attrs.evolve(op, loss=once))
            words = "the tracked losses added twice"
            yield Draft("added-twice", place.name, words, partial(put, scenario, place, *twice))
        elif isinstance(op, ops.Sum):
            for part in op.parts:
                more = attrs.evolve(op, parts=(*op.parts, part))
                name = f"added-twice-{part.replace('_', '-')}"
                yield Draft(
                    name, place.name, f"{part} added twice", partial(put, scenario, place, more)
                )


def reversed_parts(scenario: Scenario) -> Iterator[Draft]:
    """What is joined or added in the reverse order."""
    for place in places(scenario):
        op = place.op
        if isinstance(op, ops.Concat | ops.Sum):
            other = attrs.evolve(op, parts=op.parts[::-1])
            two_numbers = isinstance(op, ops.Sum) and len(op.parts) == 2
            yield Draft(
                "reversed",
                place.name,
                f"{op.words}: in the reverse order",
                partial(put, scenario, place, other),
                COMMUTES if two_numbers else "",
            )


def of_layers(scenario: Scenario) -> Iterator[Draft]:
    """A layer left out, doubled, or behind the next one; a Dropout or a normalisation put in."""
    for place in places(scenario):
        op = place.op
        if not isinstance(op, ops.BuildModel):
            continue
        stack = op.model.layers
        for index, layer in enumerate(stack):
            kind, site = type(layer).__name__, f"{place.name}[{index}]"
            unnamed: layers.Layer = attrs.evolve(layer, name=None)
            changed: dict[str, tuple[layers.Layer, ...]] = {
                "layer-dropped": (),
                "layer-doubled": (layer, unnamed),
                "dropout-added": (layer, layers.Dropout(0.1)),
                "normalisation-added": (layer, layers.BatchNormalization()),
            }
            for operator, instead in changed.items():
                whole = (*stack[:index], *instead, *stack[index + 1 :])
                words = f"{operator.replace('-', ' ')}: at {kind}"
                yield Draft(operator, site, words, partial(_rebuilt, scenario, place, op, whole))
            if index + 1 < len(stack):
                whole = (*stack[:index], stack[index + 1], layer, *stack[index + 2 :])
                words = f"{kind} behind {type(stack[index + 1]).__name__}"
                make = partial(_rebuilt, scenario, place, op, whole)
                yield Draft("layer-later", site, words, make)


def _rebuilt(
    scenario: Scenario, place: Place, op: ops.BuildModel, stack: tuple[layers.Layer, ...]
) -> Scenario:
    model: ModelSpec = attrs.evolve(op.model, layers=stack)
    rebuilt: Op = attrs.evolve(op, model=model)
    return put(scenario, place, rebuilt)
