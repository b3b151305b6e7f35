"""The GAN section, as in English."""

from core.spec.translation import translated
from scenarios.keras_io_tf import gan as english
from scenarios.keras_io_tf_zh.compiled import COMPILED
from scenarios.keras_io_tf_zh.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf_zh.metrics import METRICS
from scenarios.keras_io_tf_zh.tracked_losses import TRACKED_LOSSES

GAN = translated(
    english.GAN,
    GUIDE,
    "完整例子：手写 GAN 的训练循环",
    earlier=(FIRST_LOOP, METRICS, COMPILED, TRACKED_LOSSES),
)
