"""A scenario with every kind of op and layer, small enough to run eagerly in a moment."""

from __future__ import annotations

import numpy as np

from core.run.data import ImageData
from core.spec import Guide, Loop, Scenario
from core.spec.layers import (
    ActivityRegularization,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    GlobalMaxPooling2D,
    Input,
    LeakyReLU,
    Reshape,
)
from core.spec.ops import (
    AddTracked,
    Affine,
    Apply,
    Batch,
    BatchOf,
    BuildModel,
    Call,
    Concat,
    Draw,
    Fill,
    Gradients,
    GradScope,
    LoadImages,
    Loss,
    MakeLoss,
    MakeMetric,
    MakeOptimizer,
    Normal,
    OpenDataset,
    Return,
    Sum,
    Uniform,
    UpdateMetric,
)
from core.spec.parts import SGD, Adam, BinaryCrossentropy, ModelSpec, SparseCategoricalAccuracy

CRITIC = ModelSpec(
    Input((28, 28, 1)),
    (
        Conv2D(3, (5, 5), strides=(4, 4), padding="same"),
        LeakyReLU(0.2),
        BatchNormalization(),
        Dropout(0.3),
        GlobalMaxPooling2D(),
        Dense(4, activation="relu"),
        ActivityRegularization(0.01, "mean"),
        Dense(1),
    ),
)
PAINTER = ModelSpec(
    Input((4,)),
    (
        Dense(49, activation="tanh"),
        Reshape((7, 7, 1)),
        Conv2DTranspose(1, (5, 5), strides=(4, 4), padding="same", activation="sigmoid"),
    ),
)
READER = ModelSpec(Input((28, 28, 1)), (Flatten(), Dense(10)))
SETUP = (
    BuildModel("critic", CRITIC),
    BuildModel("painter", PAINTER),
    BuildModel("reader", READER),
    MakeOptimizer("c_optimizer", Adam(1e-3)),
    MakeOptimizer("p_optimizer", SGD(0.1)),
    MakeLoss("loss_fn", BinaryCrossentropy(from_logits=True)),
    MakeMetric("accuracy", SparseCategoricalAccuracy()),
    LoadImages("pool", ("train",), layout="image", dtype="float32", divisor=255.0),
    OpenDataset("data", source="pool", batch=8),
)
STEP = (
    Draw("latent", Normal(), shape=(Batch(), 4)),
    Call("painted", model="painter", x="latent"),
    Concat("both", parts=("painted", "real")),
    Fill("ones", 0.9, shape=(Batch(), 1)),
    Fill("zeros", 0.0, shape=(BatchOf("real"), 1)),
    Concat("clean", parts=("ones", "zeros")),
    Draw("noise", Uniform(0.0, 1.0), shape=(BatchOf("clean"), 1)),
    Affine("labels", x="noise", scale=0.05, plus="clean"),
    GradScope(
        ("tape",),
        (
            Call("predictions", model="critic", x="both", training=True),
            Loss("main", loss="loss_fn", target="labels", prediction="predictions"),
            AddTracked("c_loss", loss="main", model="critic"),
        ),
    ),
    Gradients("c_grads", tape="tape", loss="c_loss", model="critic"),
    Apply("c_optimizer", gradients="c_grads", model="critic"),
    Fill("wished", 0.0, shape=(Batch(), 1)),
    GradScope(
        ("p_tape",),
        (
            Call("fooling", model="painter", x="latent"),
            Call("verdicts", model="critic", x="fooling", training=False),
            Loss("first", loss="loss_fn", target="wished", prediction="verdicts"),
            Loss("second", loss="loss_fn", target="ones", prediction="verdicts"),
            Sum("p_loss", parts=("first", "second")),
        ),
    ),
    Gradients("p_grads", tape="p_tape", loss="p_loss", model="painter"),
    Apply("p_optimizer", gradients="p_grads", model="painter"),
    Call("digits", model="reader", x="real"),
    Call("misread", model="reader", x="painted"),
    UpdateMetric("accuracy", target="y", prediction="digits"),
    Return(losses=("c_loss", "p_loss"), tensors=("painted",)),
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
