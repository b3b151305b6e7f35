"""A scenario with every kind of op and layer, small enough to run eagerly in a moment."""

from __future__ import annotations

import numpy as np

from core.run.data import ImageData
from core.spec import Guide, Loop, Scenario, layers, ops
from core.spec.parts import SGD, Adam, BinaryCrossentropy, ModelSpec, SparseCategoricalAccuracy

CRITIC = ModelSpec(
    layers.Input((28, 28, 1)),
    (
        layers.Conv2D(3, (5, 5), strides=(4, 4), padding="same"),
        layers.LeakyReLU(0.2),
        layers.BatchNormalization(),
        layers.Dropout(0.3),
        layers.GlobalMaxPooling2D(),
        layers.Dense(4, activation="relu"),
        layers.ActivityRegularization(0.01, "mean"),
        layers.Dense(1),
    ),
)
PAINTER = ModelSpec(
    layers.Input((4,)),
    (
        layers.Dense(49, activation="tanh"),
        layers.Reshape((7, 7, 1)),
        layers.Conv2DTranspose(1, (5, 5), strides=(4, 4), padding="same", activation="sigmoid"),
    ),
)
READER = ModelSpec(layers.Input((28, 28, 1)), (layers.Flatten(), layers.Dense(10)))
SETUP = (
    ops.BuildModel("critic", CRITIC),
    ops.BuildModel("painter", PAINTER),
    ops.BuildModel("reader", READER),
    ops.MakeOptimizer("c_optimizer", Adam(1e-3)),
    ops.MakeOptimizer("p_optimizer", SGD(0.1)),
    ops.MakeLoss("loss_fn", BinaryCrossentropy(from_logits=True)),
    ops.MakeMetric("accuracy", SparseCategoricalAccuracy()),
    ops.LoadImages("pool", ("train",), layout="image", dtype="float32", divisor=255.0),
    ops.OpenDataset("data", source="pool", batch=8),
)
STEP = (
    ops.Draw("latent", ops.Normal(), shape=(ops.Batch(), 4)),
    ops.Call("painted", model="painter", x="latent"),
    ops.Concat("both", parts=("painted", "real")),
    ops.Fill("ones", 0.9, shape=(ops.Batch(), 1)),
    ops.Fill("zeros", 0.0, shape=(ops.BatchOf("real"), 1)),
    ops.Concat("clean", parts=("ones", "zeros")),
    ops.Draw("noise", ops.Uniform(0.0, 1.0), shape=(ops.BatchOf("clean"), 1)),
    ops.Affine("labels", x="noise", scale=0.05, plus="clean"),
    ops.GradScope(
        ("tape",),
        (
            ops.Call("predictions", model="critic", x="both", training=True),
            ops.Loss("main", loss="loss_fn", target="labels", prediction="predictions"),
            ops.AddTracked("c_loss", loss="main", model="critic"),
        ),
    ),
    ops.Gradients("c_grads", tape="tape", loss="c_loss", model="critic"),
    ops.Apply("c_optimizer", gradients="c_grads", model="critic"),
    ops.Fill("wished", 0.0, shape=(ops.Batch(), 1)),
    ops.GradScope(
        ("p_tape",),
        (
            ops.Call("fooling", model="painter", x="latent"),
            ops.Call("verdicts", model="critic", x="fooling", training=False),
            ops.Loss("first", loss="loss_fn", target="wished", prediction="verdicts"),
            ops.Loss("second", loss="loss_fn", target="ones", prediction="verdicts"),
            ops.Sum("p_loss", parts=("first", "second")),
        ),
    ),
    ops.Gradients("p_grads", tape="p_tape", loss="p_loss", model="painter"),
    ops.Apply("p_optimizer", gradients="p_grads", model="painter"),
    ops.Call("digits", model="reader", x="real"),
    ops.Call("misread", model="reader", x="painted"),
    ops.UpdateMetric("accuracy", target="y", prediction="digits"),
    ops.Return(losses=("c_loss", "p_loss"), tensors=("painted",)),
)
EVERY = Scenario(
    guide=Guide(id="every", title="Every op", year=2026),
    section="op",
    title="Every op",
    execution="graph",
    backends=("tensorflow", "jax", "torch"),
    setup=SETUP,
    loop=Loop("data", batch=("real", "y"), epochs=1, log_every=100),
    step=STEP,
)


def images(count: int = 40) -> ImageData:
    """Noise without a black pixel: nothing in the first step is exactly zero."""
    drawn = np.random.default_rng(3).integers(1, 256, size=(count, 28, 28), dtype=np.uint8)
    labels = (np.arange(count) % 10).astype(np.uint8)
    return ImageData.from_arrays("noise", drawn, labels, drawn[:1], labels[:1])
