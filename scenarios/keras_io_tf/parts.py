"""What the guide's supervised sections share: model, loss, data, logging."""

from core.spec.layers import Dense, Input
from core.spec.ops import (
    Apply,
    Call,
    Gradients,
    GradScope,
    Log,
    Loss,
    ReadMetric,
    ResetMetric,
    Return,
    UpdateMetric,
    Validate,
)
from core.spec.parts import Adam, ModelSpec, SparseCategoricalCrossentropy

BACKENDS = ("tensorflow", "jax", "torch")
MODEL = ModelSpec(
    style="functional",
    input=Input(shape=(784,), name="digits"),
    layers=(
        Dense(64, activation="relu"),
        Dense(64, activation="relu"),
        Dense(10, name="predictions"),
    ),
)
OPTIMIZER = Adam(learning_rate=1e-3)
LOSS = SparseCategoricalCrossentropy(from_logits=True)
BATCH = ("x_batch_train", "y_batch_train")
ANNOUNCE = Log("\nStart of epoch {epoch}")

FORWARD = GradScope(
    tapes=("tape",),
    body=(
        Call("logits", model="model", x="x_batch_train", training=True),
        Loss("loss", loss="loss_fn", target="y_batch_train", prediction="logits"),
    ),
)
UPDATE = (
    Gradients("grads", tape="tape", loss="loss", model="model"),
    Apply("optimizer", gradients="grads", model="model"),
)
UPDATE_ACCURACY = UpdateMetric("train_acc_metric", target="y_batch_train", prediction="logits")
RETURN = Return(losses=("loss",))

LOG_STEP = (
    Log("Training loss (for 1 batch) at step {step}: {loss:.4f}"),
    Log("Seen so far: {seen} samples"),
)
EVALUATE = (
    Call("val_logits", model="model", x="x_batch_val", training=False),
    UpdateMetric("val_acc_metric", target="y_batch_val", prediction="val_logits"),
)
END_OF_EPOCH = (
    ReadMetric("train_acc", metric="train_acc_metric"),
    Log("Training acc over epoch: {train_acc:.4f}"),
    ResetMetric("train_acc_metric"),
    Validate("val_dataset", batch=("x_batch_val", "y_batch_val")),
    ReadMetric("val_acc", metric="val_acc_metric"),
    ResetMetric("val_acc_metric"),
    Log("Validation acc: {val_acc:.4f}"),
    Log("Time taken: {seconds:.2f}s"),
)
