"""The calls that the R guide makes, by hand in Python over the same Keras, and their losses.

Run as a program: `python r_calls.py DATA.npz SEED`. R's keras3 drives these very objects;
only its random split and its integer arrays are R's own.
"""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.run.randomness.r_sample import r_sample_int


def classifier(activity: keras.layers.Layer | None = None) -> keras.Model:
    """The guide's classifier, with an activity loss where one is given."""
    inputs = keras.Input((784,), name="digits")
    x = keras.layers.Dense(64, activation="relu")(inputs)
    x = x if activity is None else activity(x)
    x = keras.layers.Dense(64, activation="relu")(x)
    return keras.Model(inputs, keras.layers.Dense(10, name="predictions")(x))


Kind = tuple[str, tuple[object, ...], dict[str, object]]


class Activity(keras.layers.Layer):  # type: ignore[misc]
    """Adds a tenth of the mean activation."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Passes its inputs on."""
        self.add_loss(0.1 * keras.ops.mean(inputs))
        return inputs


def train(model: keras.Model, data: tf.data.Dataset, epochs: int) -> list[float]:
    """The losses of eager epochs over a dataset."""
    optimizer = keras.optimizers.Adam(1e-3)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    losses = []
    for _ in range(epochs):
        for x, y in data:
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x, training=True))
            optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
            losses.append(float(loss))
    return losses


def piped(name: str, shape: tuple[int, ...], *kinds: Kind) -> keras.Model:
    """A sequential model, layer by layer as R's pipe adds them."""
    model = keras.Sequential(name=name)
    model.add(keras.Input(shape))
    for kind, positional, named in kinds:
        model.add(getattr(keras.layers, kind)(*positional, **named))
    return model


def adversaries() -> tuple[keras.Model, keras.Model]:
    """Discriminator and generator."""
    leaky: Kind = ("LeakyReLU", (), {"negative_slope": 0.2})
    half: dict[str, object] = {"strides": (2, 2), "padding": "same"}
    discriminator = piped(
        "discriminator",
        (28, 28, 1),
        ("Conv2D", (64, (3, 3)), half),
        leaky,
        ("Conv2D", (128, (3, 3)), half),
        leaky,
        ("GlobalMaxPooling2D", (), {}),
        ("Dense", (1,), {}),
    )
    generator = piped(
        "generator",
        (128,),
        ("Dense", (7 * 7 * 128,), {}),
        leaky,
        ("Reshape", ((7, 7, 128),), {}),
        ("Conv2DTranspose", (128, (4, 4)), half),
        leaky,
        ("Conv2DTranspose", (128, (4, 4)), half),
        leaky,
        ("Conv2D", (1, (7, 7)), {"padding": "same", "activation": "sigmoid"}),
    )
    return discriminator, generator


def adversarial(images: NDArray[np.int32]) -> tuple[list[float], list[float]]:
    """The first three steps of the adversarial loop."""
    discriminator, generator = adversaries()
    d_optimizer, g_optimizer = keras.optimizers.Adam(0.0003), keras.optimizers.Adam(0.0004)
    loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)

    def step(real: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        count = real.shape[0]
        made = generator(tf.random.normal((count, 128)))
        both = tf.concat([made, real], 0)
        labels = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], 0)
        labels = labels + tf.random.uniform(tf.shape(labels), maxval=0.05)
        with tf.GradientTape() as tape:
            d_loss = loss_fn(labels, discriminator(both))
        weights = discriminator.trainable_weights
        d_optimizer.apply(tape.gradient(d_loss, weights), weights)
        latent = tf.random.normal((count, 128))
        misleading = tf.zeros((count, 1))
        with tf.GradientTape() as tape:
            g_loss = loss_fn(misleading, discriminator(generator(latent)))
        weights = generator.trainable_weights
        g_optimizer.apply(tape.gradient(g_loss, weights), weights)
        return d_loss, g_loss

    data = tf.data.Dataset.from_tensor_slices(images)
    data = data.map(lambda image: keras.ops.cast(image, "float32") / 255)
    compiled = tf.function(step)
    pairs = [compiled(real) for real in islice(data.shuffle(1024).batch(64), 3)]
    return [float(d) for d, _ in pairs], [float(g) for _, g in pairs]


def main() -> None:
    """Runs the calls in the guide's order and writes `noted.json`."""
    path, seed = sys.argv[1], int(sys.argv[2])
    arrays = np.load(path)
    x, y = arrays["x_train"].astype(np.int32), arrays["y_train"].astype(np.int32)
    keras.utils.set_random_seed(seed)
    model = classifier()
    kept = np.ones(len(x), dtype=bool)
    kept[r_sample_int(seed, len(x), 10_000) - 1] = False
    data = tf.data.Dataset.from_tensor_slices((x.reshape(-1, 784)[kept], y[kept]))
    data = data.shuffle(1024).batch(64)
    first = train(model, data, 3)
    metrics = train(classifier(), data, 2)
    classifier(Activity())
    both = np.concatenate([x, arrays["x_test"].astype(np.int32)]).reshape(-1, 28, 28, 1)
    d_loss, g_loss = adversarial(both)
    noted = {"first_loop": first, "metrics": metrics, "d_loss": d_loss, "g_loss": g_loss}
    Path("noted.json").write_text(json.dumps(noted), encoding="utf-8")


if __name__ == "__main__":
    main()
