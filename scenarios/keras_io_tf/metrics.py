"""Section "Low-level handling of metrics": a fresh model, accuracy over training and validation."""

from core.spec import Loop, Scenario, ops
from core.spec.parts import SparseCategoricalAccuracy
from scenarios.keras_io_tf import parts
from scenarios.keras_io_tf.first_loop import FIRST_LOOP, GUIDE

METRICS = Scenario(
    guide=GUIDE,
    section="metrics",
    title="Low-level handling of metrics",
    execution="eager",
    backends=parts.BACKENDS,
    after=(FIRST_LOOP,),
    setup=(
        ops.Continue(FIRST_LOOP, names=("train_dataset", "val_dataset")),
        ops.BuildModel("model", parts.MODEL),
        ops.MakeOptimizer("optimizer", parts.OPTIMIZER),
        ops.MakeLoss("loss_fn", parts.LOSS),
        ops.MakeMetric("train_acc_metric", SparseCategoricalAccuracy()),
        ops.MakeMetric("val_acc_metric", SparseCategoricalAccuracy()),
    ),
    loop=Loop(
        dataset="train_dataset",
        batch=parts.BATCH,
        epochs=2,
        log_every=100,
        announce=(parts.ANNOUNCE,),
    ),
    step=(parts.FORWARD, *parts.UPDATE, parts.UPDATE_ACCURACY, parts.RETURN),
    on_log=parts.LOG_STEP,
    evaluate=parts.EVALUATE,
    on_epoch_end=parts.END_OF_EPOCH,
)
