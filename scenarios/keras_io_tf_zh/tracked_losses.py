"""The tracked-losses section, as in English."""

from core.spec.translation import translated
from scenarios.keras_io_tf import tracked_losses as english
from scenarios.keras_io_tf_zh.compiled import COMPILED
from scenarios.keras_io_tf_zh.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf_zh.metrics import METRICS

TRACKED_LOSSES = translated(
    english.TRACKED_LOSSES,
    GUIDE,
    "把模型自带的损失计入总损失",
    earlier=(FIRST_LOOP, METRICS, COMPILED),
)
