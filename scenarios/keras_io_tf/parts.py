"""What the guide's supervised sections share: model, loss, data, logging."""

from core.spec import layers, ops
from core.spec.parts import Adam, ModelSpec, SparseCategoricalCrossentropy

BACKENDS = ("tensorflow", "jax", "torch")
MODEL = ModelSpec(
    style="functional",
    input=layers.Input(shape=(784,), name="digits"),
    layers=(
        layers.Dense(64, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, name="predictions"),
    ),
)
OPTIMIZER = Adam(learning_rate=1e-3)
LOSS = SparseCategoricalCrossentropy(from_logits=True)
BATCH = ("x_batch_train", "y_batch_train")
ANNOUNCE = ops.Log("\nStart of epoch {epoch}")

FORWARD = ops.GradScope(
    tapes=("tape",),
    body=(
        ops.Call("logits", model="model", x="x_batch_train", training=True),
        ops.Loss("loss", loss="loss_fn", target="y_batch_train", prediction="logits"),
    ),
)
UPDATE = (
    ops.Gradients("grads", tape="tape", loss="loss", model="model"),
    ops.Apply("optimizer", gradients="grads", model="model"),
)
UPDATE_ACCURACY = ops.UpdateMetric("train_acc_metric", target="y_batch_train", prediction="logits")
RETURN = ops.Return(losses=("loss",))

LOG_STEP = (
    ops.Log("Training loss (for 1 batch) at step {step}: {loss:.4f}"),
    ops.Log("Seen so far: {seen} samples"),
)
EVALUATE = (
    ops.Call("val_logits", model="model", x="x_batch_val", training=False),
    ops.UpdateMetric("val_acc_metric", target="y_batch_val", prediction="val_logits"),
)
END_OF_EPOCH = (
    ops.ReadMetric("train_acc", metric="train_acc_metric"),
    ops.Log("Training acc over epoch: {train_acc:.4f}"),
    ops.ResetMetric("train_acc_metric"),
    ops.Validate("val_dataset", batch=("x_batch_val", "y_batch_val")),
    ops.ReadMetric("val_acc", metric="val_acc_metric"),
    ops.ResetMetric("val_acc_metric"),
    ops.Log("Validation acc: {val_acc:.4f}"),
    ops.Log("Time taken: {seconds:.2f}s"),
)
