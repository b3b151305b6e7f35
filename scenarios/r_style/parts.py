"""What the R guide's supervised sections share: 1-based counting, logs at 200, 400 and 600."""

from core.spec import ops
from scenarios.keras_io_tf.parts import (
    BATCH,
    EVALUATE,
    FORWARD,
    LOSS,
    MODEL,
    OPTIMIZER,
    RETURN,
    UPDATE,
    UPDATE_ACCURACY,
)

BACKENDS = ("tensorflow", "jax", "torch")
LOG_EVERY = 200
# R's cat() puts a space between its arguments, the line's end included.
ANNOUNCE = ops.Log("Start of epoch  {epoch} ")
LOG_LOSS = ops.Log("Training loss (for one batch) at step {step}: {loss:.4f}")
LOG_STEP = (LOG_LOSS, ops.Log("Seen so far: {seen} samples "))
END_OF_EPOCH = (
    ops.ReadMetric("train_acc", metric="train_acc_metric"),
    ops.Log("Training acc over epoch: {train_acc:.4f}"),
    ops.ResetMetric("train_acc_metric"),
    ops.Validate("val_dataset", batch=("x_batch_val", "y_batch_val")),
    ops.ReadMetric("val_acc", metric="val_acc_metric"),
    ops.ResetMetric("val_acc_metric"),
    ops.Log("Validation acc: {val_acc:.4f}"),
)
# R prints a difference of times with seven significant digits.
CLOSING = ops.Log("Time difference of {seconds:.7g} secs")

__all__ = [
    "ANNOUNCE",
    "BACKENDS",
    "BATCH",
    "CLOSING",
    "END_OF_EPOCH",
    "EVALUATE",
    "FORWARD",
    "LOG_EVERY",
    "LOG_LOSS",
    "LOG_STEP",
    "LOSS",
    "MODEL",
    "OPTIMIZER",
    "RETURN",
    "UPDATE",
    "UPDATE_ACCURACY",
]
