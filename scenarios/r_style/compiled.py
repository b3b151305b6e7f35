"""Section "Speeding-up your training step": as published it trains nothing; as intended it goes on.

The published loop asks the first section's iterator for batches, which that section used up (see
the ledger). `COMPILED` does what it does: no step, accuracy 0, a validation of the model as it
was. `COMPILED_INTENDED` iterates over the training data, as the text around it says.
"""

import attrs

from core.spec import Loop, Scenario, ops
from scenarios.r_style import parts
from scenarios.r_style.first_loop import FIRST_LOOP, GUIDE
from scenarios.r_style.metrics import METRICS

COMPILED = Scenario(
    guide=GUIDE,
    section="compiled",
    title="Speeding up the training step by compiling it, as published",
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
        log_every=parts.LOG_EVERY,
        first_epoch=1,
        first_step=1,
        announce=(parts.ANNOUNCE,),
        closing=(parts.CLOSING,),
        exhausted=True,
    ),
    step=(parts.FORWARD, *parts.UPDATE, parts.UPDATE_ACCURACY, parts.RETURN),
    on_log=parts.LOG_STEP,
    evaluate=parts.EVALUATE,
    on_epoch_end=parts.END_OF_EPOCH,
)

COMPILED_INTENDED = attrs.evolve(
    COMPILED,
    section="compiled~intended",
    title="Speeding up the training step by compiling it, as intended",
    loop=attrs.evolve(COMPILED.loop, exhausted=False),
    lineage=COMPILED.stream,
)
