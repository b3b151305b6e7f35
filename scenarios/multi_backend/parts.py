"""What the older guide's supervised sections share; model and phases are the newer guide's."""

from core.spec import ops
from core.spec.parts import SGD
from scenarios.keras_io_tf.parts import (
    ANNOUNCE,
    BATCH,
    END_OF_EPOCH,
    EVALUATE,
    FORWARD,
    LOSS,
    MODEL,
    RETURN,
    UPDATE,
    UPDATE_ACCURACY,
)

BACKENDS = ("tensorflow", "jax", "torch")
OPTIMIZER = SGD(learning_rate=1e-3)
LOG_STEP = (
    ops.Log("Training loss (for one batch) at step {step}: {loss:.4f}"),
    ops.Log("Seen so far: {seen} samples"),
)

__all__ = [
    "ANNOUNCE",
    "BACKENDS",
    "BATCH",
    "END_OF_EPOCH",
    "EVALUATE",
    "FORWARD",
    "LOG_STEP",
    "LOSS",
    "MODEL",
    "OPTIMIZER",
    "RETURN",
    "UPDATE",
    "UPDATE_ACCURACY",
]
