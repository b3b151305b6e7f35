"""Keras without its precision leaks, in this process only.

Under `floatx="float64"` Keras 3.15 still computes some things in single precision (docs/
microscope.md). Each leak has one place it comes from; with those replaced every backend computes in
double precision throughout. It shows that the places are the causes, and lets the microscope see
what a leak would cover.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

SWITCH = "LOOP_PARITY_MENDED"  # environment variable of a process; any text but "" turns it on


def mend(backend: str) -> None:
    """Takes the leaks of a backend out of Keras; for a process that runs in double precision."""
    if backend == "tensorflow":
        _mend_constants()
    else:
        # result_type("float64", "float64") is "float32" on these backends: BatchNormalization,
        # tanh, means, and on torch every Dense layer and loss, compute in that type.
        types: Any = import_module("keras.src.backend.common.dtypes")
        types.BIT64_TO_BIT32_DTYPE["float64"] = "float64"


def _mend_constants() -> None:
    """On TensorFlow a Python number becomes a float32 tensor before it becomes a float64 one."""
    tf: Any = import_module("tensorflow")
    core: Any = import_module("keras.src.backend.tensorflow.core")
    nn: Any = import_module("keras.src.backend.tensorflow.nn")
    cast = core.cast

    def exact(x: Any, dtype: Any) -> Any:
        return (
            tf.constant(x, dtype) if isinstance(x, float) and dtype == "float64" else cast(x, dtype)
        )

    def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
        # the kernel's slope is an attribute of the graph, which is stored in single precision
        x = tf.convert_to_tensor(x)
        return tf.where(x > 0, x, tf.constant(negative_slope, x.dtype) * x)

    core.cast = exact
    nn.leaky_relu = leaky_relu
