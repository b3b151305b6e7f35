"""A guide of one section: 41 steps of a small classifier, then its accuracy."""

from core.spec import Guide, Loop, Scenario, layers, ops
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
            ops.BuildModel(
                "model",
                ModelSpec(layers.Input((784,)), (layers.Dense(16, "relu"), layers.Dense(10))),
            ),
            ops.MakeOptimizer("optimizer", Adam(1e-3)),
            ops.MakeLoss("loss_fn", SparseCategoricalCrossentropy(from_logits=True)),
            ops.MakeMetric("accuracy", SparseCategoricalAccuracy()),
            ops.LoadImages("pool", parts=("train",), layout="flat"),
            ops.OpenDataset("data", source="pool", batch=32, shuffle=256),
        ),
        loop=Loop("data", batch=("x", "y"), epochs=1, log_every=10, break_above=39),
        step=(
            ops.GradScope(
                ("tape",),
                (
                    ops.Call("logits", "model", "x", training=True),
                    ops.Loss("loss", "loss_fn", "y", "logits"),
                ),
            ),
            ops.Gradients("grads", "tape", "loss", "model"),
            ops.Apply("optimizer", "grads", "model"),
            ops.UpdateMetric("accuracy", "y", "logits"),
            ops.Return(("loss",)),
        ),
        on_log=(ops.Log("step {step}: {loss:.4f}"),),
        on_epoch_end=(ops.ReadMetric("train_acc", "accuracy"), ops.ResetMetric("accuracy")),
    ),
)
