"""The Chinese translation of the keras.io guide: the English guide's specs, Chinese titles."""

from scenarios.keras_io_tf_zh.compiled import COMPILED
from scenarios.keras_io_tf_zh.defects import DEFECTS
from scenarios.keras_io_tf_zh.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf_zh.gan import GAN
from scenarios.keras_io_tf_zh.metrics import METRICS
from scenarios.keras_io_tf_zh.tracked_losses import TRACKED_LOSSES

SCENARIOS = (FIRST_LOOP, METRICS, COMPILED, TRACKED_LOSSES, GAN)

__all__ = ["DEFECTS", "GUIDE", "SCENARIOS"]
