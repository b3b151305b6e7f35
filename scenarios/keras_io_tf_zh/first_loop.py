"""The first section, 1:1 as in English: three eager epochs of Adam, without metrics."""

from core.spec import Guide
from core.spec.translation import translated
from scenarios.keras_io_tf import first_loop as english

GUIDE = Guide(
    id="keras_io_tf_zh",
    title="在 TensorFlow 中从零开始编写训练循环",
    year=2023,
    language="zh",
)

FIRST_LOOP = translated(english.FIRST_LOOP, GUIDE, "完整的第一个例子")
