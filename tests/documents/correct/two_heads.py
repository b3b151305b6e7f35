"""
Title: One trunk, two heads
Author: A lecturer
Date created: 2024/03/01
Last modified: 2024/03/01
Description: A functional model with two inputs and two outputs.
"""

"""
## Setup
"""

import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(7)
left = rng.normal(size=(120, 3)).astype("float32")
right = rng.normal(size=(120, 2)).astype("float32")
size = (left.sum(axis=1, keepdims=True) + right.sum(axis=1, keepdims=True)).astype("float32")
sign = (size[:, 0] > 0).astype("int32")

"""
## The model

Each head has a loss of its own.
"""


def build():
    first, second = keras.Input((3,), name="left"), keras.Input((2,), name="right")
    trunk = layers.Dense(8, activation="relu")(layers.Concatenate()([first, second]))
    outputs = {
        "size": layers.Dense(1, name="size")(trunk),
        "sign": layers.Dense(2, name="sign")(trunk),
    }
    return keras.Model({"left": first, "right": second}, outputs)


model = build()
model.compile(
    optimizer="rmsprop",
    loss={"size": "mse", "sign": keras.losses.SparseCategoricalCrossentropy(from_logits=True)},
    loss_weights={"size": 0.5, "sign": 1.0},
)

"""
## Training
"""

history = model.fit(
    {"left": left, "right": right}, {"size": size, "sign": sign}, epochs=3, verbose=0
)
print("epochs:", len(history.history["loss"]))
