"""Kinds of arithmetic: what an op, or a layer within it, computes.

A backend's habits, such as computing something in single precision, belong to a kind and not to a
scenario.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.spec import Scenario, layers, ops
from core.spec.kinds import Op
from core.spec.parts import LossSpec
from core.spec.scenario import flat


def layer_kinds(layer: layers.Layer) -> tuple[str, ...]:
    """A layer's own kind, then that of its activation."""
    own = type(layer).__name__
    if (
        isinstance(layer, layers.Dense | layers.Conv2D | layers.Conv2DTranspose)
        and layer.activation
    ):
        return (own, layer.activation)
    return (own,)


def loss_kind(spec: LossSpec) -> str:
    """A loss function and what it takes: `BinaryCrossentropy of logits`."""
    return f"{type(spec).__name__} of {'logits' if spec.from_logits else 'probabilities'}"


def tap_kinds(scenario: Scenario, op: Op, part: str) -> tuple[str, ...]:
    """The kinds that a tap's value comes from, by the op that made it.

    Args:
        scenario: whose step it is.
        op: the op.
        part: which of its results (`core.run.runner.taps.Tap`).

    Returns:
        For a layer's output the layer's kinds; for gradients, the kinds of all that was recorded.
    """
    match op:
        case ops.Call():
            stack = scenario.model_spec(op.model).layers
            if part.startswith("layer "):
                return layer_kinds(stack[int(part.removeprefix("layer "))])
            if part.startswith("state "):
                return layer_kinds(stack[int(part.removeprefix("state ").partition("/")[0])])
            return layer_kinds(stack[-1])
        case ops.Gradients():
            scope = next(
                inner
                for inner in scenario.step
                if isinstance(inner, ops.GradScope) and op.tape in inner.tapes
            )
            found = (kind for inner in scope.body for kind in _all_kinds(scenario, inner))
            return tuple(dict.fromkeys(found))
        case _:
            return tuple(_all_kinds(scenario, op))


def _all_kinds(scenario: Scenario, op: Op) -> Iterator[str]:
    match op:
        case ops.Call():
            for layer in scenario.model_spec(op.model).layers:
                yield from layer_kinds(layer)
        case ops.Loss():
            kind = loss_kind(scenario.maker(op.loss, ops.MakeLoss).loss)
            yield kind
            if after_sigmoid(scenario, op.prediction):
                yield f"{kind} after sigmoid"
        case ops.AddTracked():
            yield "ActivityRegularization"
        case ops.Apply():
            yield type(scenario.maker(op.optimizer, ops.MakeOptimizer).optimizer).__name__
        case _:
            yield type(op).__name__


def after_sigmoid(scenario: Scenario, tensor: str) -> bool:
    """Whether a tensor of the step is the output of a model that ends in a sigmoid."""
    for op in flat(scenario.step):
        if isinstance(op, ops.Call) and op.out == tensor:
            return layer_kinds(scenario.model_spec(op.model).layers[-1])[-1] == "sigmoid"
    return False
