"""Keras 3.15 on TensorFlow: under floatx="float64" Adam's bias corrections are float32's.

Cause: keras.ops.cast(0.999, "float64") makes a float32 tensor first (tf.cast of a Python number),
and 1 - 0.999 loses five digits of it. keras/src/optimizers/adam.py casts both betas that way.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras

keras.config.set_floatx("float64")
weight = keras.Variable([0.0])
adam = keras.optimizers.Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7)
adam.build([weight])
adam.apply([keras.ops.ones((1,))])  # by hand: -0.001 · 1 / (1 + epsilon / sqrt(1 - beta_2))
expected = -0.001 / (1 + 1e-7 / (1 - 0.999) ** 0.5)
print(float(keras.ops.cast(0.999, "float64")), "is 0.999 to eight digits only")
print(abs(float(weight[0]) / expected - 1), "is no rounding of doubles")
