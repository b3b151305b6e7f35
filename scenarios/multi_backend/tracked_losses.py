"""Section "Low-level handling of losses tracked by the model": an activity loss joins the main one.

The guide defines this section's step and never calls it, and its optimizer belongs to another
model (see the ledger). Here it trains one epoch with an optimizer of its own.
"""

import attrs

from core.spec import Loop, Scenario, layers, ops
from scenarios.keras_io_tf import tracked_losses as newer
from scenarios.multi_backend import parts
from scenarios.multi_backend.compiled import COMPILED
from scenarios.multi_backend.first_loop import FIRST_LOOP, GUIDE
from scenarios.multi_backend.metrics import METRICS

_FIRST, _, *_REST = newer.MODEL.layers
MODEL = attrs.evolve(
    newer.MODEL,
    layers=(
        _FIRST,
        layers.ActivityRegularization(factor=1e-2, reduction="sum", registered=True),
        *_REST,
    ),
)

TRACKED_LOSSES = Scenario(
    guide=GUIDE,
    section="tracked_losses",
    title="Low-level handling of losses tracked by the model",
    execution="graph",
    backends=parts.BACKENDS,
    after=(FIRST_LOOP, METRICS, COMPILED),
    setup=(
        ops.Continue(
            METRICS,
            names=(
                "train_dataset",
                "val_dataset",
                "loss_fn",
                "train_acc_metric",
                "val_acc_metric",
            ),
        ),
        ops.BuildModel("model", MODEL),
        ops.MakeOptimizer("optimizer", parts.OPTIMIZER),
    ),
    loop=Loop(
        dataset="train_dataset",
        batch=parts.BATCH,
        epochs=1,
        log_every=200,
        announce=(parts.ANNOUNCE,),
    ),
    step=(newer.FORWARD, *parts.UPDATE, parts.UPDATE_ACCURACY, parts.RETURN),
    on_log=parts.LOG_STEP,
    evaluate=parts.EVALUATE,
    on_epoch_end=parts.END_OF_EPOCH,
)
