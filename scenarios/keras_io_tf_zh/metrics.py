"""The metrics section, as in English."""

from core.spec.translation import translated
from scenarios.keras_io_tf import metrics as english
from scenarios.keras_io_tf_zh.first_loop import FIRST_LOOP, GUIDE

METRICS = translated(english.METRICS, GUIDE, "自己更新与读取指标", earlier=(FIRST_LOOP,))
