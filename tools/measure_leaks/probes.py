"""Probes: the smallest steps that show one kind of arithmetic each.

A probe's objective is a sum without rounding habits (the guides' activity loss) unless a loss is
what it looks at. Its gradients go through the kind, and its variables are random doubles that no
single-precision number equals.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from core.run.backends.protocol import Array
from core.run.data import ImageData
from core.run.randomness.addressed import Addressed
from core.spec import Guide, Loop, Scenario, layers, ops
from core.spec.kinds import Op
from core.spec.parts import (
    SGD,
    Adam,
    BinaryCrossentropy,
    LossSpec,
    ModelSpec,
    OptimizerSpec,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
)

GUIDE = Guide(id="probe", title="Kinds of arithmetic", year=2026)
BATCH = 8
SLOPE = 0.2  # no single-precision number, as in the guides
PLAIN = layers.ActivityRegularization(0.37, "sum")


@frozen
class Probe:
    """A scenario that shows a kind.

    Attributes:
        kind: of arithmetic (`core.run.backends.arithmetic_kinds`).
        scenario: one step of it.
        op: what makes the kind's own results; gradients count besides.
    """

    kind: str
    scenario: Scenario
    op: type[Op]


_BY_LOGITS = BinaryCrossentropy(from_logits=True)
# The activity loss alone: what a loss function makes counts nothing.
_TRACKED = (
    ops.Loss("loss", loss="loss_fn", target="labels", prediction="out"),
    ops.Affine("nothing", x="loss", scale=0.0),
    ops.AddTracked("objective", loss="nothing", model="model"),
)


def _probe(
    kind: str,
    op: type[Op],
    stack: tuple[layers.Layer, ...],
    *,
    objective: tuple[Op, ...] = _TRACKED,
    optimizer: OptimizerSpec | None = None,
    loss: LossSpec = _BY_LOGITS,
    before: tuple[Op, ...] = (),
    after: tuple[Op, ...] = (),
) -> Probe:
    units = next(layer.units for layer in reversed(stack) if isinstance(layer, layers.Dense))
    scenario = Scenario(
        guide=GUIDE,
        section=kind.lower().replace(" ", "_"),
        title=kind,
        execution="eager",
        backends=("tensorflow", "jax", "torch"),
        setup=(
            ops.BuildModel("model", ModelSpec(layers.Input((28, 28, 1)), stack)),
            ops.MakeOptimizer("optimizer", optimizer or SGD(0.1)),
            ops.MakeLoss("loss_fn", loss),
            ops.MakeMetric("metric", SparseCategoricalAccuracy()),
            ops.LoadImages("pool", ("train",), layout="image", dtype="float32", divisor=255.0),
            ops.OpenDataset("data", source="pool", batch=BATCH),
        ),
        loop=Loop("data", batch=("x", "y"), epochs=1, log_every=1),
        step=(
            ops.Draw("labels", ops.Uniform(0.0, 1.0), shape=(ops.Batch(), units)),
            *before,
            ops.GradScope(
                ("tape",), (ops.Call("out", model="model", x="x", training=True), *objective)
            ),
            ops.Gradients("grads", tape="tape", loss="objective", model="model"),
            ops.Apply("optimizer", gradients="grads", model="model"),
            *after,
            ops.Return(("objective",)),
        ),
    )
    return Probe(kind, scenario, op)


def _layers(kind: str, *stack: layers.Layer) -> Probe:
    return _probe(kind, ops.Call, (*stack, layers.Flatten(), layers.Dense(3), PLAIN))


def _loss(kind: str, loss: LossSpec, last: layers.Dense, target: str = "labels") -> Probe:
    objective = (ops.Loss("objective", loss="loss_fn", target=target, prediction="out"),)
    return _probe(kind, ops.Loss, (layers.Flatten(), last), objective=objective, loss=loss)


def _op(kind: str, op: type[Op], *sequence: Op) -> Probe:
    drawn = ops.Draw("drawn", ops.Uniform(0.0, 1.0), shape=(ops.Batch(), 3))
    return _probe(kind, op, (layers.Flatten(), layers.Dense(3), PLAIN), before=(drawn, *sequence))


_SMALL = layers.Conv2D(4, (5, 5), strides=(4, 4))
_FILLED = ops.Fill("filled", SLOPE, shape=(ops.Batch(), 3))
PROBES = (
    _op("Fill", ops.Fill, _FILLED),
    _op("Affine", ops.Affine, _FILLED, ops.Affine("moved", x="drawn", scale=0.05, plus="filled")),
    _op("Concat", ops.Concat, _FILLED, ops.Concat("joined", parts=("drawn", "filled"))),
    _op("Sum", ops.Sum, _FILLED, ops.Sum("summed", parts=("drawn", "filled"))),
    _layers("Dense", layers.Flatten(), layers.Dense(6)),
    _layers("relu", layers.Conv2D(4, (5, 5), strides=(4, 4), activation="relu")),
    _layers("tanh", layers.Conv2D(4, (5, 5), strides=(4, 4), activation="tanh")),
    _layers("sigmoid", layers.Conv2D(4, (5, 5), strides=(4, 4), activation="sigmoid")),
    _layers(
        "Conv2D", layers.Conv2D(4, (5, 5), strides=(2, 2), padding="same"), layers.Conv2D(3, (3, 3))
    ),
    _layers(
        "Conv2DTranspose",
        _SMALL,
        layers.Conv2DTranspose(3, (4, 4), strides=(2, 2), padding="same"),
        layers.Conv2DTranspose(2, (5, 5)),
    ),
    _layers("LeakyReLU", _SMALL, layers.LeakyReLU(SLOPE)),
    # a shift before it would have no gradient, and rounding would be all there is of one
    _layers(
        "BatchNormalization",
        layers.Conv2D(4, (5, 5), strides=(4, 4), use_bias=False),
        layers.BatchNormalization(),
    ),
    _layers("Dropout", _SMALL, layers.Dropout(0.3)),
    _layers("GlobalMaxPooling2D", _SMALL, layers.GlobalMaxPooling2D()),
    _layers("Flatten", _SMALL),
    _layers("Reshape", _SMALL, layers.Reshape((4, 36))),
    _probe(
        "ActivityRegularization",
        ops.AddTracked,
        (layers.Flatten(), layers.Dense(3), layers.ActivityRegularization(0.37, "mean")),
    ),
    _loss("BinaryCrossentropy of logits", _BY_LOGITS, layers.Dense(1)),
    _loss("BinaryCrossentropy of logits after sigmoid", _BY_LOGITS, layers.Dense(1, "sigmoid")),
    _loss("BinaryCrossentropy of probabilities", BinaryCrossentropy(), layers.Dense(1, "sigmoid")),
    _loss(
        "SparseCategoricalCrossentropy of logits",
        SparseCategoricalCrossentropy(from_logits=True),
        layers.Dense(10),
        target="y",
    ),
    _probe("SGD", ops.Apply, (layers.Flatten(), layers.Dense(3), PLAIN), optimizer=SGD(0.1)),
    _probe("Adam", ops.Apply, (layers.Flatten(), layers.Dense(3), PLAIN), optimizer=Adam(1e-3)),
    _probe(
        "UpdateMetric",
        ops.UpdateMetric,
        (layers.Flatten(), layers.Dense(10), PLAIN),
        after=(ops.UpdateMetric("metric", target="y", prediction="out"),),
    ),
)


def images() -> ImageData:
    """A batch of noise: no pixel is zero, so that no result is exactly zero."""
    drawn = np.random.default_rng(5).integers(1, 256, size=(BATCH, 28, 28), dtype=np.uint8)
    labels = np.arange(BATCH, dtype=np.uint8) % 10
    return ImageData.from_arrays("noise", drawn, labels, drawn[:1], labels[:1])


def variables(like: Mapping[str, Array], *, fresh: bool) -> dict[str, Array]:
    """Variables to begin a probe with, random doubles.

    Args:
        like: the probe's own, for names, shapes and types.
        fresh: as at the start of a training: shifts, slots and counters are zero.
    """
    draws = Addressed(5, f"probes/{fresh}")
    return {name: _variable(draws.generator(name), name, own, fresh) for name, own in like.items()}


def _variable(rng: np.random.Generator, name: str, own: Array, fresh: bool) -> Array:
    last = name.rpartition("/")[2]
    if own.dtype.kind != "f":
        return np.asarray(0 if fresh else 9, dtype=own.dtype)
    if last == "kernel":
        return rng.normal(0.0, 0.1, own.shape)
    if last in ("gamma", "moving_variance"):
        return rng.uniform(0.5, 1.5, own.shape)
    if fresh or last in ("total", "count"):
        return np.zeros(own.shape)
    return rng.uniform(0.01, 0.1, own.shape) * (1.0 if "velocity" in name else rng.choice([-1, 1]))
