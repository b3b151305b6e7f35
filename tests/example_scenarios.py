"""Small scenarios that break no rule: a classifier, its continuation, and a step that draws."""

from __future__ import annotations

import attrs

from core.spec import Guide, Loop, Scenario, layers, ops
from core.spec.parts import (
    Adam,
    BinaryCrossentropy,
    ModelSpec,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
)

GUIDE = Guide(id="toy", title="A toy guide", year=2024)
MODEL = ModelSpec(
    layers.Input((784,)), (layers.Dense(8, activation="relu"), layers.Dense(10, name="predictions"))
)
GRADIENTS = ops.Gradients("grads", tape="tape", loss="loss", model="model")
APPLY = ops.Apply("optimizer", gradients="grads", model="model")
RETURN = ops.Return(losses=("loss",))
FORWARD = ops.GradScope(
    tapes=("tape",),
    body=(
        ops.Call("logits", model="model", x="x", training=True),
        ops.Loss("loss", loss="loss_fn", target="y", prediction="logits"),
    ),
)
LOG = ops.Log("loss at {step}: {loss:.4f}")

CLASSIFIER = Scenario(
    guide=GUIDE,
    section="first",
    title="A classifier",
    execution="eager",
    setup=(
        ops.BuildModel("model", MODEL),
        ops.MakeOptimizer("optimizer", Adam(learning_rate=1e-3)),
        ops.MakeLoss("loss_fn", SparseCategoricalCrossentropy(from_logits=True)),
        ops.MakeMetric("accuracy", SparseCategoricalAccuracy()),
        ops.LoadImages("pool", parts=("train",), layout="flat"),
        ops.SplitData("train", validation="val", source="pool", reserve=100),
        ops.OpenDataset("train_set", source="train", batch=32, shuffle=1024),
        ops.OpenDataset("val_set", source="val", batch=32),
    ),
    loop=Loop(dataset="train_set", batch=("x", "y"), epochs=2, log_every=5),
    step=(
        FORWARD,
        GRADIENTS,
        APPLY,
        ops.UpdateMetric("accuracy", target="y", prediction="logits"),
        RETURN,
    ),
    evaluate=(
        ops.Call("val_logits", model="model", x="x_val", training=False),
        ops.UpdateMetric("accuracy", target="y_val", prediction="val_logits"),
    ),
    on_log=(LOG,),
    on_epoch_end=(
        ops.ReadMetric("train_acc", metric="accuracy"),
        ops.ResetMetric("accuracy"),
        ops.Validate("val_set", batch=("x_val", "y_val")),
        ops.ReadMetric("val_acc", metric="accuracy"),
        ops.ResetMetric("accuracy"),
        ops.Log("accuracy {train_acc:.4f} {val_acc:.4f} in {seconds:.2f}s"),
    ),
)

CONTINUED = attrs.evolve(
    CLASSIFIER,
    section="second",
    title="The classifier goes on",
    execution="graph",
    after=(CLASSIFIER,),
    setup=(
        ops.Continue(
            CLASSIFIER,
            names=("model", "optimizer", "loss_fn", "accuracy", "train_set", "val_set"),
        ),
    ),
)

_NOISY = ModelSpec(
    layers.Input((28, 28, 1)), (layers.Dense(4), layers.Dropout(0.5), layers.Dense(1))
)
DRAWING_STEP = (
    ops.Draw("latent", ops.Normal(), shape=(ops.Batch(), 4)),
    ops.Fill("ones", 1.0, shape=(ops.BatchOf("real"), 1)),
    ops.Concat("both", parts=("latent", "ones")),
    ops.Draw("noise", ops.Uniform(0.0, 1.0), shape=(ops.BatchOf("both"), 1)),
    ops.Affine("labels", x="noise", scale=0.05, plus="both"),
    ops.GradScope(
        tapes=("tape",),
        body=(
            ops.Call("verdicts", model="model", x="labels", training=True),
            ops.Loss("loss", loss="loss_fn", target="labels", prediction="verdicts"),
        ),
    ),
    GRADIENTS,
    APPLY,
    ops.Return(losses=("loss",), tensors=("verdicts",)),
)
DRAWING = Scenario(
    guide=GUIDE,
    section="drawing",
    title="A step that draws",
    execution="graph",
    setup=(
        ops.BuildModel("model", _NOISY),
        ops.MakeOptimizer("optimizer", Adam(learning_rate=1e-3)),
        ops.MakeLoss("loss_fn", BinaryCrossentropy()),
        ops.LoadImages("pool", parts=("train", "test"), layout="image"),
        ops.OpenDataset("train_set", source="pool", batch=16),
    ),
    loop=Loop(dataset="train_set", batch=("real",), epochs=1, log_every=10, break_above=10),
    step=DRAWING_STEP,
    on_log=(LOG, ops.SaveImage("verdicts", file="image_{step}.png")),
)
