"""keras.io: "Writing a training loop from scratch in TensorFlow" (Keras 3, Adam, batch 32)."""

from core.spec.defect import Defect
from scenarios.keras_io_tf.compiled import COMPILED
from scenarios.keras_io_tf.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf.gan import GAN
from scenarios.keras_io_tf.metrics import METRICS
from scenarios.keras_io_tf.tracked_losses import TRACKED_LOSSES

SCENARIOS = (FIRST_LOOP, METRICS, COMPILED, TRACKED_LOSSES, GAN)
DEFECTS = (
    Defect(
        id="keras_io_tf/tracked_losses/optimizer-rebound",
        what="the section's train_step is defined and never called; it would update a new model "
        "with the optimizer that an earlier section built for another model",
        evidence="called on one batch as written, optimizer.apply raises ValueError about an "
        "unknown variable",
        instead="the section trains one epoch with an Adam of its own at the same learning rate",
    ),
)

__all__ = ["DEFECTS", "GUIDE", "SCENARIOS"]
