"""A guide whose loss becomes NaN: the learning rate is far too large."""

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
    MakeOptimizer,
    OpenDataset,
    Return,
)
from core.spec.parts import SGD, ModelSpec, SparseCategoricalCrossentropy

GUIDE = Guide(id="diverging", title="A loop that diverges", year=2026)
SCENARIOS = (
    Scenario(
        guide=GUIDE,
        section="loop",
        title="A loop",
        execution="graph",
        setup=(
            BuildModel("model", ModelSpec(Input((784,)), (Dense(16), Dense(10)))),
            MakeOptimizer("optimizer", SGD(1e30)),
            MakeLoss("loss_fn", SparseCategoricalCrossentropy(from_logits=True)),
            LoadImages("pool", parts=("train",), layout="flat"),
            OpenDataset("data", source="pool", batch=32, shuffle=256),
        ),
        loop=Loop("data", batch=("x", "y"), epochs=1, log_every=1, break_above=3),
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
            Return(("loss",)),
        ),
        on_log=(Log("step {step}: {loss:.4f}"),),
    ),
)
