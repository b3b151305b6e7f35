"""One change in one op of the scenario with every op, and the op where it must be found."""

from __future__ import annotations

from collections.abc import Callable

import attrs
from attrs import frozen

from core.spec import Scenario, layers, ops
from core.spec.kinds import Op
from core.spec.parts import SGD, Adam, BinaryCrossentropy, ModelSpec
from tests.core.diff.microscope.every_op import CRITIC, EVERY, PAINTER

Change = Callable[[Op], Op | None]


@frozen
class Mutation:
    """A planted difference.

    Attributes:
        kind: of op that is changed.
        what: how.
        scenario: with the change.
        op: the title of the op where it shows first; of two that changed places, either.
        part: what its tensor's name begins with.
    """

    kind: str
    what: str
    scenario: Scenario
    op: str
    part: str = ""


def _steps(sequence: tuple[Op, ...], where: str, change: Change) -> tuple[Op, ...]:
    made: list[Op] = []
    for op in sequence:
        here: Op | None = op
        if isinstance(op, ops.GradScope):
            here = attrs.evolve(op, body=_steps(op.body, where, change))
        elif where in (getattr(op, name, None) for name in ("out", "metric", "optimizer")):
            here = change(op)
        made += [] if here is None else [here]
    return tuple(made)


def _step(where: str, **fields: object) -> Scenario:
    """The op that makes `where`, with other fields."""
    changed = _steps(EVERY.step, where, lambda op: attrs.evolve(op, **fields))
    return attrs.evolve(EVERY, step=changed)


def _without(where: str) -> Scenario:
    return attrs.evolve(EVERY, step=_steps(EVERY.step, where, lambda _: None))


def _swapped(first: int, second: int) -> Scenario:
    step = list(EVERY.step)
    step[first], step[second] = step[second], step[first]
    return attrs.evolve(EVERY, step=tuple(step))


def _setup(name: str, op: Op) -> Scenario:
    setup = tuple(op if getattr(old, "out", "") == name else old for old in EVERY.setup)
    return attrs.evolve(EVERY, setup=setup)


def _layer(name: str, spec: ModelSpec, at: int, layer: layers.Layer) -> Scenario:
    stack = (*spec.layers[:at], layer, *spec.layers[at + 1 :])
    return _setup(name, ops.BuildModel(name, attrs.evolve(spec, layers=stack)))


def _returning(*losses: str) -> Scenario:
    last = attrs.evolve(EVERY.returned, losses=losses)
    return attrs.evolve(EVERY, step=(*EVERY.step[:-1], last))


LOUD = layers.Conv2DTranspose(1, (5, 5), strides=(4, 4), padding="same", activation="tanh")
MUTATIONS = (
    Mutation("Draw", "spread", _step("latent", distribution=ops.Normal(0.0, 1.001)), "Draw latent"),
    Mutation("Fill", "value", _step("ones", value=0.901), "Fill ones"),
    Mutation("Concat", "order", _step("both", parts=("real", "painted")), "Concat both"),
    Mutation("Affine", "scale", _step("labels", scale=0.06), "Affine labels"),
    Mutation("Call", "training", _step("predictions", training=False), "Call predictions"),
    Mutation("Call", "input", _step("digits", x="painted"), "Call digits"),
    Mutation(
        "Call",
        "slope",
        _layer("critic", CRITIC, 1, layers.LeakyReLU(0.21)),
        "Call predictions",
        "layer 1",
    ),
    Mutation(
        "Call",
        "padding",
        _layer("critic", CRITIC, 0, layers.Conv2D(3, (5, 5), strides=(4, 4))),
        "Call predictions",
        "layer 0",
    ),
    Mutation(
        "Call",
        "activation",
        _layer("critic", CRITIC, 5, layers.Dense(4, activation="tanh")),
        "Call predictions",
        "layer 5",
    ),
    Mutation(
        "Call",
        "epsilon",
        _layer("critic", CRITIC, 2, layers.BatchNormalization(epsilon=1.1e-3)),
        "Call predictions",
        "layer 2",
    ),
    Mutation(
        "Call",
        "rate",
        _layer("critic", CRITIC, 3, layers.Dropout(0.31)),
        "Call predictions",
        "layer 3",
    ),
    Mutation(
        "Call",
        "momentum",
        _layer("critic", CRITIC, 2, layers.BatchNormalization(momentum=0.98)),
        "Call predictions",
        "state 2",
    ),
    Mutation("Call", "output", _layer("painter", PAINTER, 2, LOUD), "Call painted"),
    Mutation(
        "Loss",
        "reading",
        _setup("loss_fn", ops.MakeLoss("loss_fn", BinaryCrossentropy())),
        "Loss main",
    ),
    Mutation("Loss", "target", _step("second", target="wished"), "Loss second"),
    Mutation(
        "AddTracked",
        "factor",
        _layer("critic", CRITIC, 6, layers.ActivityRegularization(0.011, "mean")),
        "AddTracked c_loss",
    ),
    Mutation("Sum", "parts", _step("p_loss", parts=("first", "first")), "Sum p_loss"),
    Mutation("Gradients", "loss", _step("p_grads", loss="first"), "Gradients p_grads"),
    Mutation(
        "Apply",
        "beta",
        _setup("c_optimizer", ops.MakeOptimizer("c_optimizer", Adam(1e-3, beta_1=0.91))),
        "Apply c_optimizer to critic",
    ),
    Mutation(
        "Apply",
        "rate",
        _setup("p_optimizer", ops.MakeOptimizer("p_optimizer", SGD(0.101))),
        "Apply p_optimizer to painter",
    ),
    Mutation("Apply", "dropped", _without("p_optimizer"), "Apply p_optimizer to painter"),
    Mutation("UpdateMetric", "dropped", _without("accuracy"), "UpdateMetric accuracy"),
    Mutation(
        "UpdateMetric", "input", _step("accuracy", prediction="misread"), "UpdateMetric accuracy"
    ),
    Mutation("Fill", "order", _swapped(3, 4), "Fill ones, Fill zeros"),
    Mutation("Apply", "order", _swapped(10, 11), "Apply c_optimizer to critic, Fill wished"),
    Mutation("Return", "losses", _returning("c_loss"), "Return"),
)
