"""Models like those of the five guides, with weights that are the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np

from ..dynamic import Dynamic
from .inputs import SEED, Array
from .loaded import Loaded


def classifier(at: Loaded) -> Dynamic:
    """The digits' classifier, functional."""
    layers = at.keras.layers
    inputs = at.keras.Input(shape=(784,), name="digits")
    x = layers.Dense(64, activation="relu", name="dense_1")(inputs)
    x = layers.Dense(64, activation="relu", name="dense_2")(x)
    return at.keras.Model(inputs, layers.Dense(10, name="predictions")(x))


def compiled(at: Loaded) -> Dynamic:
    """The same, compiled and trained for a step."""
    model = classifier(at)
    model.compile(
        optimizer=at.keras.optimizers.Adam(1e-3),
        loss=at.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.train_on_batch(given(model, 4), np.array([0, 1, 2, 3]))
    return model


def discriminator(at: Loaded) -> Dynamic:
    """The GAN's, sequential."""
    layers = at.keras.layers
    return at.keras.Sequential(
        [
            at.keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(16, (3, 3), strides=(2, 2), padding="same"),
            at.leaky(0.2),
            layers.GlobalMaxPooling2D(),
            layers.Dense(1),
        ],
        name="discriminator",
    )


def generator(at: Loaded) -> Dynamic:
    """The GAN's."""
    layers = at.keras.layers
    return at.keras.Sequential(
        [
            at.keras.Input(shape=(16,)),
            layers.Dense(7 * 7 * 16),
            at.leaky(0.2),
            layers.Reshape((7, 7, 16)),
            layers.Conv2DTranspose(16, (4, 4), strides=(2, 2), padding="same"),
            at.leaky(0.2),
            layers.Conv2D(1, (7, 7), padding="same", activation="sigmoid"),
        ],
        name="generator",
    )


def normalized(at: Loaded) -> Dynamic:
    """The article's kind of discriminator: an initializer, batch normalization, dropout."""
    keras, layers = at.keras, at.keras.layers
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(
                8,
                (5, 5),
                strides=(2, 2),
                padding="same",
                kernel_initializer=keras.initializers.RandomNormal(mean=0.0, stddev=0.02),
            ),
            layers.BatchNormalization(),
            at.leaky(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ],
        name="normalized",
    )


MODELS: dict[str, Callable[[Loaded], Dynamic]] = {
    "classifier": classifier,
    "compiled classifier": compiled,
    "discriminator": discriminator,
    "generator": generator,
    "normalized discriminator": normalized,
}


def given(model: Dynamic, rows: int = 8) -> Array:
    """Inputs for a model: the same numbers for the same shape."""
    shape = tuple(int(size) for size in tuple(model.input_shape)[1:])
    draws = np.random.Generator(np.random.Philox(SEED))
    return draws.standard_normal((rows, *shape)).astype("float32")


def fill(model: Dynamic) -> None:
    """Gives a model weights that depend on their shapes and order alone."""
    draws = np.random.Generator(np.random.Philox(SEED + 1))
    values = [
        0.1 * draws.standard_normal(np.shape(cast("Array", weight)))
        for weight in model.get_weights()
    ]
    # A variance must be positive; nothing else minds.
    model.set_weights([np.abs(value).astype("float32") + 0.01 for value in values])


def predicted(at: Loaded, model: Dynamic, x: Array) -> Array:
    """The model's outputs at inference."""
    return at.array(model(at.tensor(x), training=False))
