"""Section "Low-level handling of losses tracked by the model": an activity loss joins the main one.

The guide defines this section's step and never calls it, and its optimizer belongs to another
model (see the ledger). Here it trains one epoch with an optimizer of its own.
"""

from core.spec import Loop, Scenario, layers, ops
from core.spec.parts import ModelSpec
from scenarios.keras_io_tf import parts
from scenarios.keras_io_tf.compiled import COMPILED
from scenarios.keras_io_tf.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf.metrics import METRICS

MODEL = ModelSpec(
    style="functional",
    input=layers.Input(shape=(784,), name="digits"),
    layers=(
        layers.Dense(64, activation="relu"),
        layers.ActivityRegularization(factor=1e-2, reduction="sum"),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, name="predictions"),
    ),
)

FORWARD = ops.GradScope(
    tapes=("tape",),
    body=(
        ops.Call("logits", model="model", x="x_batch_train", training=True),
        ops.Loss("data_loss", loss="loss_fn", target="y_batch_train", prediction="logits"),
        ops.AddTracked("loss", loss="data_loss", model="model"),
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
