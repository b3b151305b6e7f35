"""Section "Low-level handling of losses tracked by the model": an activity loss joins the main one.

The guide defines this section's step and never calls it, and its optimizer belongs to another
model (see the ledger). Here it trains one epoch with an optimizer of its own.
"""

from core.spec import Loop, Scenario
from core.spec.layers import ActivityRegularization, Dense, Input
from core.spec.ops import AddTracked, BuildModel, Call, Continue, GradScope, Loss, MakeOptimizer
from core.spec.parts import ModelSpec
from scenarios.keras_io_tf import parts
from scenarios.keras_io_tf.compiled import COMPILED
from scenarios.keras_io_tf.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf.metrics import METRICS

MODEL = ModelSpec(
    style="functional",
    input=Input(shape=(784,), name="digits"),
    layers=(
        Dense(64, activation="relu"),
        ActivityRegularization(factor=1e-2, reduction="sum"),
        Dense(64, activation="relu"),
        Dense(10, name="predictions"),
    ),
)

FORWARD = GradScope(
    tapes=("tape",),
    body=(
        Call("logits", model="model", x="x_batch_train", training=True),
        Loss("data_loss", loss="loss_fn", target="y_batch_train", prediction="logits"),
        AddTracked("loss", loss="data_loss", model="model"),
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
        Continue(
            METRICS,
            names=(
                "train_dataset",
                "val_dataset",
                "loss_fn",
                "train_acc_metric",
                "val_acc_metric",
            ),
        ),
        BuildModel("model", MODEL),
        MakeOptimizer("optimizer", parts.OPTIMIZER),
    ),
    loop=Loop(
        dataset="train_dataset",
        batch=parts.BATCH,
        epochs=1,
        log_every=100,
        announce=(parts.ANNOUNCE,),
    ),
    step=(
        FORWARD,
        *parts.UPDATE,
        parts.UPDATE_ACCURACY,
        parts.RETURN,
    ),
    on_log=parts.LOG_STEP,
    evaluate=parts.EVALUATE,
    on_epoch_end=parts.END_OF_EPOCH,
)
