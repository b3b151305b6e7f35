"""keras.io: "Writing a training loop from scratch in TensorFlow" (Keras 3, Adam, batch 32)."""

from scenarios.keras_io_tf.compiled import COMPILED
from scenarios.keras_io_tf.defects import DEFECTS
from scenarios.keras_io_tf.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf.gan import GAN
from scenarios.keras_io_tf.metrics import METRICS
from scenarios.keras_io_tf.tracked_losses import TRACKED_LOSSES

SCENARIOS = (FIRST_LOOP, METRICS, COMPILED, TRACKED_LOSSES, GAN)

__all__ = ["DEFECTS", "GUIDE", "SCENARIOS"]
