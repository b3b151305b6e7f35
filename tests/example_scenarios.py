"""Small scenarios that break no rule: a classifier, its continuation, and a step that draws."""

from __future__ import annotations

import attrs

from core.spec import Guide, Loop, Scenario
from core.spec.layers import Dense, Dropout, Input
from core.spec.ops import (
    Affine,
    Apply,
    Batch,
    BatchOf,
    BuildModel,
    Call,
    Concat,
    Continue,
    Draw,
    Fill,
    Gradients,
    GradScope,
    LoadImages,
    Log,
    Loss,
    MakeLoss,
    MakeMetric,
    MakeOptimizer,
    Normal,
    OpenDataset,
    ReadMetric,
    ResetMetric,
    Return,
    SaveImage,
    SplitData,
    Uniform,
    UpdateMetric,
    Validate,
)
from core.spec.parts import (
    Adam,
    BinaryCrossentropy,
    ModelSpec,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
)

GUIDE = Guide(id="toy", title="A toy guide", year=2024)
MODEL = ModelSpec(Input((784,)), (Dense(8, activation="relu"), Dense(10, name="predictions")))
GRADIENTS = Gradients("grads", tape="tape", loss="loss", model="model")
APPLY = Apply("optimizer", gradients="grads", model="model")
RETURN = Return(losses=("loss",))
FORWARD = GradScope(
    tapes=("tape",),
    body=(
        Call("logits", model="model", x="x", training=True),
        Loss("loss", loss="loss_fn", target="y", prediction="logits"),
    ),
)
LOG = Log("loss at {step}: {loss:.4f}")

CLASSIFIER = Scenario(
    guide=GUIDE,
    section="first",
    title="A classifier",
    execution="eager",
    setup=(
        BuildModel("model", MODEL),
        MakeOptimizer("optimizer", Adam(learning_rate=1e-3)),
        MakeLoss("loss_fn", SparseCategoricalCrossentropy(from_logits=True)),
        MakeMetric("accuracy", SparseCategoricalAccuracy()),
        LoadImages("pool", parts=("train",), layout="flat"),
        SplitData("train", validation="val", source="pool", reserve=100),
        OpenDataset("train_set", source="train", batch=32, shuffle=1024),
        OpenDataset("val_set", source="val", batch=32),
    ),
    loop=Loop(dataset="train_set", batch=("x", "y"), epochs=2, log_every=5),
    step=(
        FORWARD,
        GRADIENTS,
        APPLY,
        UpdateMetric("accuracy", target="y", prediction="logits"),
        RETURN,
    ),
    evaluate=(
        Call("val_logits", model="model", x="x_val", training=False),
        UpdateMetric("accuracy", target="y_val", prediction="val_logits"),
    ),
    on_log=(LOG,),
    on_epoch_end=(
        ReadMetric("train_acc", metric="accuracy"),
        ResetMetric("accuracy"),
        Validate("val_set", batch=("x_val", "y_val")),
        ReadMetric("val_acc", metric="accuracy"),
        ResetMetric("accuracy"),
        Log("accuracy {train_acc:.4f} {val_acc:.4f} in {seconds:.2f}s"),
    ),
)

CONTINUED = attrs.evolve(
    CLASSIFIER,
    section="second",
    title="The classifier goes on",
    execution="graph",
    after=(CLASSIFIER,),
    setup=(
        Continue(
            CLASSIFIER,
            names=("model", "optimizer", "loss_fn", "accuracy", "train_set", "val_set"),
        ),
    ),
)

_NOISY = ModelSpec(Input((28, 28, 1)), (Dense(4), Dropout(0.5), Dense(1)))
DRAWING_STEP = (
    Draw("latent", Normal(), shape=(Batch(), 4)),
    Fill("ones", 1.0, shape=(BatchOf("real"), 1)),
    Concat("both", parts=("latent", "ones")),
    Draw("noise", Uniform(0.0, 1.0), shape=(BatchOf("both"), 1)),
    Affine("labels", x="noise", scale=0.05, plus="both"),
    GradScope(
        tapes=("tape",),
        body=(
            Call("verdicts", model="model", x="labels", training=True),
            Loss("loss", loss="loss_fn", target="labels", prediction="verdicts"),
        ),
    ),
    GRADIENTS,
    APPLY,
    Return(losses=("loss",), tensors=("verdicts",)),
)
DRAWING = Scenario(
    guide=GUIDE,
    section="drawing",
    title="A step that draws",
    execution="graph",
    setup=(
        BuildModel("model", _NOISY),
        MakeOptimizer("optimizer", Adam(learning_rate=1e-3)),
        MakeLoss("loss_fn", BinaryCrossentropy()),
        LoadImages("pool", parts=("train", "test"), layout="image"),
        OpenDataset("train_set", source="pool", batch=16),
    ),
    loop=Loop(dataset="train_set", batch=("real",), epochs=1, log_every=10, break_above=10),
    step=DRAWING_STEP,
    on_log=(LOG, SaveImage("verdicts", file="image_{step}.png")),
)
