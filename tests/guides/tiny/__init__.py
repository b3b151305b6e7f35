"""A guide of one section: 41 steps of a small classifier, then its accuracy."""

from core.spec import Guide, Loop, Scenario
from core.spec.layers import Dense, Input
from core.spec.ops import (
    Apply,
    BuildModel,
    Call,
    Gradients,
    GradScope,
    LoadImages,
    Log,
    Loss,
    MakeLoss,
    MakeMetric,
    MakeOptimizer,
    OpenDataset,
    ReadMetric,
    ResetMetric,
    Return,
    UpdateMetric,
)
from core.spec.parts import (
    Adam,
    ModelSpec,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
)

GUIDE = Guide(id="tiny", title="A tiny loop", year=2026)
SCENARIOS = (
    Scenario(
        guide=GUIDE,
        section="loop",
        title="A loop",
        execution="graph",
        setup=(
            BuildModel("model", ModelSpec(Input((784,)), (Dense(16, "relu"), Dense(10)))),
            MakeOptimizer("optimizer", Adam(1e-3)),
            MakeLoss("loss_fn", SparseCategoricalCrossentropy(from_logits=True)),
            MakeMetric("accuracy", SparseCategoricalAccuracy()),
            LoadImages("pool", parts=("train",), layout="flat"),
            OpenDataset("data", source="pool", batch=32, shuffle=256),
        ),
        loop=Loop("data", batch=("x", "y"), epochs=1, log_every=10, break_above=39),
        step=(
            GradScope(
                ("tape",),
                (
                    Call("logits", "model", "x", training=True),
                    Loss("loss", "loss_fn", "y", "logits"),
                ),
            ),
            Gradients("grads", "tape", "loss", "model"),
            Apply("optimizer", "grads", "model"),
            UpdateMetric("accuracy", "y", "logits"),
            Return(("loss",)),
        ),
        on_log=(Log("step {step}: {loss:.4f}"),),
        on_epoch_end=(ReadMetric("train_acc", "accuracy"), ResetMetric("accuracy")),
    ),
)
