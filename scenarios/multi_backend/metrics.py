"""Section "Low-level handling of metrics": a fresh model whose hidden layers have names."""

from core.spec import Loop, Scenario, layers, ops
from core.spec.parts import ModelSpec, SparseCategoricalAccuracy
from scenarios.multi_backend import parts
from scenarios.multi_backend.first_loop import FIRST_LOOP, GUIDE

MODEL = ModelSpec(
    style="functional",
    input=layers.Input(shape=(784,), name="digits"),
    layers=(
        layers.Dense(64, activation="relu", name="dense_1"),
        layers.Dense(64, activation="relu", name="dense_2"),
        layers.Dense(10, name="predictions"),
    ),
)

METRICS = Scenario(
    guide=GUIDE,
    section="metrics",
    title="Low-level handling of metrics",
    execution="eager",
    backends=parts.BACKENDS,
    after=(FIRST_LOOP,),
    setup=(
        ops.Continue(FIRST_LOOP, names=("train_dataset", "val_dataset")),
        ops.BuildModel("model", MODEL),
        ops.MakeOptimizer("optimizer", parts.OPTIMIZER),
        ops.MakeLoss("loss_fn", parts.LOSS),
        ops.MakeMetric("train_acc_metric", SparseCategoricalAccuracy()),
        ops.MakeMetric("val_acc_metric", SparseCategoricalAccuracy()),
    ),
    loop=Loop(
        dataset="train_dataset",
        batch=parts.BATCH,
        epochs=2,
        log_every=200,
        announce=(parts.ANNOUNCE,),
    ),
    step=(parts.FORWARD, *parts.UPDATE, parts.UPDATE_ACCURACY, parts.RETURN),
    on_log=parts.LOG_STEP,
    evaluate=parts.EVALUATE,
    on_epoch_end=parts.END_OF_EPOCH,
)
