"""The compiled section, as in English."""

from core.spec.translation import translated
from scenarios.keras_io_tf import compiled as english
from scenarios.keras_io_tf_zh.first_loop import FIRST_LOOP, GUIDE
from scenarios.keras_io_tf_zh.metrics import METRICS

COMPILED = translated(english.COMPILED, GUIDE, "编译训练步骤以提速", earlier=(FIRST_LOOP, METRICS))
