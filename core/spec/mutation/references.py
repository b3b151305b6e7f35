"""Operators over names: another object or tensor of the same sort where an op names one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import attrs

from core.spec import ops
from core.spec.kinds import Kind, Op
from core.spec.mutation.mutant import Draft
from core.spec.mutation.places import Place, known_before, places, put, remade
from core.spec.scenario import Scenario

_KINDS = frozenset(Kind) - {Kind.TAPE, Kind.NUMBER}
Sort = tuple[object, ...]


def other_names(scenario: Scenario) -> Iterator[Draft]:
    """An op that names another model, optimizer, metric, data set, …, or tensor of its shape."""
    sorts = _sorts(scenario)
    for place in places(scenario):
        if isinstance(place.op, ops.GradScope | ops.Continue | ops.Return):
            continue
        known = known_before(scenario, place)
        for used, kind in dict.fromkeys(place.op.uses()):
            for name, found in known.items():
                fits = kind is not Kind.TENSOR or (name in sorts and sorts[name] == sorts.get(used))
                if found is kind and kind in _KINDS and name != used and fits:
                    yield Draft(
                        f"{used}-is-{name}".replace("_", "-"),
                        place.name,
                        f"{place.op.words}: {name} in place of {used}",
                        partial(_named, scenario, place, used, name),
                    )


def _named(scenario: Scenario, place: Place, used: str, name: str) -> Scenario:
    return put(scenario, place, place.op.renamed(lambda each: name if each == used else each))


def _sorts(scenario: Scenario) -> dict[str, Sort]:
    """What each tensor of the step is: how many batches long, and of what shape behind that.

    Shapes of models' outputs are left unsaid: two outputs are of one sort where one model made
    them of as many samples.
    """
    images, labels = (*scenario.loop.batch, "")[:2]
    found: dict[str, Sort] = {images: (1, "image"), labels: (1, "label")}

    def rows(dim: ops.Dim) -> object:
        match dim:
            case ops.Batch():
                return 1
            case ops.BatchOf():
                return found.get(dim.tensor, (dim,))[0]
            case _:
                return f"{dim} samples"

    for place in places(scenario):
        op = place.op
        if place.phase != "step":
            continue
        match op:
            case ops.Draw() | ops.Fill():
                found[op.out] = (rows(op.shape[0]), *op.shape[1:])
            case ops.Concat():
                lengths = [found.get(part, (None,))[0] for part in op.parts]
                whole = [n for n in lengths if isinstance(n, int)]
                found[op.out] = (
                    sum(whole) if len(whole) == len(lengths) else None,
                    *_rest(op, found),
                )
            case ops.Affine():
                found[op.out] = found.get(op.x, (None,))
            case ops.Call():
                found[op.out] = (found.get(op.x, (None,))[0], op.model)
            case ops.Loss() | ops.AddTracked() | ops.Sum():
                found[op.out] = ("scalar",)
    return found


def _rest(op: ops.Concat, found: dict[str, Sort]) -> Sort:
    first: Sort = found.get(op.parts[0], (None,))
    return first[1:]


def another_loss(scenario: Scenario) -> Iterator[Draft]:
    """What is returned and logged as a loss is another number than the one that is trained on."""
    scalars = [name for name, sort in _sorts(scenario).items() if sort == ("scalar",)]
    for returned in scenario.returned.losses:
        for name in scalars:
            if name != returned:
                yield Draft(
                    f"reported-{name}".replace("_", "-"),
                    returned,
                    f"{name} is returned as {returned}, and trained on as before",
                    partial(_reported, scenario, returned, name),
                )


def _reported(scenario: Scenario, returned: str, other: str) -> Scenario:
    names = {returned: other, other: returned}

    def renamed(op: Op) -> Op:
        if isinstance(op, ops.Return):
            return op
        if isinstance(op, ops.GradScope):
            op = attrs.evolve(op, body=tuple(map(renamed, op.body)))
        return op.renamed(lambda each: names.get(each, each))

    return attrs.evolve(scenario, step=tuple(map(renamed, scenario.step)))


def fresh(scenario: Scenario) -> Iterator[Draft]:
    """An object made anew where the section goes on with the one of an earlier section."""
    for each in scenario.setup:
        for name in each.names if isinstance(each, ops.Continue) else ():
            op = scenario.origin(name).op
            if isinstance(op, ops.MakeOptimizer | ops.MakeMetric | ops.BuildModel):
                yield Draft(
                    "made-anew", name, f"{name} made anew", partial(remade, scenario, name, op)
                )
