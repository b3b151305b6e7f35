"""Section "Speeding-up your training step": the metrics section goes on, now compiled."""

from core.spec import Loop, Scenario, ops
from scenarios.multi_backend import parts
from scenarios.multi_backend.first_loop import FIRST_LOOP, GUIDE
from scenarios.multi_backend.metrics import METRICS

COMPILED = Scenario(
    guide=GUIDE,
    section="compiled",
    title="Speeding up the training step by compiling it",
    execution="graph",
    backends=parts.BACKENDS,
    after=(FIRST_LOOP, METRICS),
    setup=(
        ops.Continue(
            METRICS,
            names=(
                "train_dataset",
                "val_dataset",
                "model",
                "optimizer",
                "loss_fn",
                "train_acc_metric",
                "val_acc_metric",
            ),
        ),
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
