"""A guide whose loss becomes NaN: the learning rate is far too large."""

from core.spec import Guide, Loop, Scenario, layers, ops
from core.spec.parts import SGD, ModelSpec, SparseCategoricalCrossentropy

GUIDE = Guide(id="diverging", title="A loop that diverges", year=2026)
SCENARIOS = (
    Scenario(
        guide=GUIDE,
        section="loop",
        title="A loop",
        execution="graph",
        setup=(
            ops.BuildModel(
                "model", ModelSpec(layers.Input((784,)), (layers.Dense(16), layers.Dense(10)))
            ),
            ops.MakeOptimizer("optimizer", SGD(1e30)),
            ops.MakeLoss("loss_fn", SparseCategoricalCrossentropy(from_logits=True)),
            ops.LoadImages("pool", parts=("train",), layout="flat"),
            ops.OpenDataset("data", source="pool", batch=32, shuffle=256),
        ),
        loop=Loop("data", batch=("x", "y"), epochs=1, log_every=1, break_above=3),
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
            ops.Return(("loss",)),
        ),
        on_log=(ops.Log("step {step}: {loss:.4f}"),),
    ),
)
