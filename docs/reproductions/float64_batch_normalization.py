"""Keras 3.15 on JAX or torch: under floatx="float64" BatchNormalization computes in float32.

Cause: keras.backend.result_type("float64", "float64") is "float32" on these backends, whatever
floatx says (BIT64_TO_BIT32_DTYPE in keras/src/backend/common/dtypes.py). On torch keras.ops.matmul
asks it, too, so that every Dense layer loses half its digits; on JAX keras.ops.tanh and mean do.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ["JAX_ENABLE_X64"] = "1"
import keras
import numpy as np

keras.config.set_floatx("float64")
x = np.random.default_rng(0).normal(size=(64, 3))
y = keras.layers.BatchNormalization()(keras.ops.convert_to_tensor(x), training=True)
expected = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-3)
print(keras.backend.backend(), keras.backend.result_type("float64", "float64"))
print(np.abs(keras.ops.convert_to_numpy(y) - expected).max(), "is no rounding of doubles")
