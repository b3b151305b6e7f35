"""What ops do to each other: whether two of them may change places unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.spec import layers, ops
from core.spec.kinds import Op
from core.spec.scenario import Scenario

STATEFUL = (layers.BatchNormalization, layers.Dropout)


def differs_in_training(scenario: Scenario, model: str) -> bool:
    """Whether a model computes something else in training than in inference."""
    return any(isinstance(layer, STATEFUL) for layer in scenario.model_spec(model).layers)


def moves_statistics(scenario: Scenario, op: Op) -> bool:
    """Whether an op moves the moving statistics of a model."""
    return (
        isinstance(op, ops.Call)
        and op.training is True
        and any(
            isinstance(layer, layers.BatchNormalization)
            for layer in scenario.model_spec(op.model).layers
        )
    )


def changes(scenario: Scenario, op: Op) -> Iterator[str]:
    """What an op changes besides the names that it makes."""
    match op:
        case ops.Call():
            yield f"tracked/{op.model}"
            if moves_statistics(scenario, op):
                yield f"statistics/{op.model}"
        case ops.Apply():
            yield from (f"weights/{op.model}", f"slots/{op.optimizer}")
        case ops.UpdateMetric() | ops.ResetMetric():
            yield f"metric/{op.metric}"
        case ops.Validate():
            for inner in scenario.evaluate:
                yield from changes(scenario, inner)
        case ops.Log():
            yield "log"
        case ops.SaveImage() | ops.Sheet():
            yield "images"
        case ops.BuildModel():
            yield "automatic names"


def reads(scenario: Scenario, op: Op) -> Iterator[str]:
    """What an op reads besides the names that it uses."""
    match op:
        case ops.Call():
            yield f"weights/{op.model}"
            if op.training is not True:
                yield f"statistics/{op.model}"
        case ops.AddTracked():
            yield f"tracked/{op.model}"
        case ops.ReadMetric():
            yield f"metric/{op.metric}"
        case ops.SaveModel():
            yield from (f"weights/{op.model}", f"statistics/{op.model}")
        case ops.Validate():
            for inner in scenario.evaluate:
                yield from reads(scenario, inner)
        case ops.GradScope():
            for inner in op.body:
                yield from reads(scenario, inner)


def _all_changes(scenario: Scenario, op: Op) -> set[str]:
    inner: Iterable[Op] = op.body if isinstance(op, ops.GradScope) else ()
    return {what for each in (op, *inner) for what in changes(scenario, each)}


def _names(op: Op) -> tuple[set[str], set[str]]:
    inner: Iterable[Op] = op.body if isinstance(op, ops.GradScope) else ()
    used = {name for each in (op, *inner) for name, _ in each.uses()}
    made = {name for each in (op, *inner) for name, _ in each.makes()}
    return used - made, made


def conflict(scenario: Scenario, first: Op, second: Op) -> bool:
    """Whether the order of two ops matters: one reads or changes what the other changes."""
    used, made = _names(first)
    used_too, made_too = _names(second)
    if used & made_too or used_too & made:
        return True
    changed, changed_too = _all_changes(scenario, first), _all_changes(scenario, second)
    read, read_too = set(reads(scenario, first)), set(reads(scenario, second))
    tracked = {what for what in changed & changed_too if what.startswith("tracked/")}
    both = (changed & changed_too) - tracked  # the last call's losses count, whoever reads them
    return bool(both or changed & read_too or changed_too & read)
