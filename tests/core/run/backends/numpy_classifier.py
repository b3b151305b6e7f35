"""The guides' classifier by hand: forward, backward and Adam in NumPy, double precision."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.run.data import ImageData
from core.run.randomness.addressed import Addressed
from core.run.randomness.order import batches, buffer_shuffle
from core.run.randomness.weights import initial_weights
from scenarios.keras_io_tf import parts
from scenarios.keras_io_tf.first_loop import FIRST_LOOP

Numbers = NDArray[np.float64]
SIZES = (784, 64, 64, 10)
RESERVED = 10_000
# Keras holds Adam's constants in single precision: 1 - 0.999 is off by 5e-5 of itself there.
BETA_1, BETA_2 = float(np.float32(0.9)), float(np.float32(0.999))


def first_losses(data: ImageData, seed: int, steps: int) -> list[float]:
    """The losses of the first steps of `keras_io_tf/first_loop`, controlled randomness."""
    draws = Addressed(seed, FIRST_LOOP.stream)
    shapes: dict[tuple[int, str], tuple[int, ...]] = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(SIZES)):
        shapes |= {(layer, "kernel"): (fan_in, fan_out), (layer, "bias"): (fan_out,)}
    drawn = initial_weights(draws, "model", parts.MODEL, shapes)
    weights = {key: np.asarray(value, dtype=np.float64) for key, value in drawn.items()}
    moments = {key: (np.zeros_like(value), np.zeros_like(value)) for key, value in weights.items()}
    count = len(data.x_train) - RESERVED
    x = data.x_train[:count].reshape(count, -1).astype(np.float64)
    order = buffer_shuffle(count, 1024, draws.generator("order/train_dataset", 0))
    losses = []
    for step, batch in enumerate(batches(order, 32)[:steps], start=1):
        loss, gradients = _loss_and_gradients(weights, x[batch], data.y_train[batch])
        losses.append(loss)
        for key, gradient in gradients.items():
            first, second = moments[key]
            first = BETA_1 * first + (1 - BETA_1) * gradient
            second = BETA_2 * second + (1 - BETA_2) * gradient**2
            moments[key] = first, second
            rate = 1e-3 * np.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)
            weights[key] = weights[key] - rate * first / (np.sqrt(second) + 1e-7)
    return losses


def _loss_and_gradients(
    weights: dict[tuple[int, str], Numbers], x: Numbers, labels: NDArray[np.uint8]
) -> tuple[float, dict[tuple[int, str], Numbers]]:
    outputs = [x]
    for layer in range(3):
        z = outputs[-1] @ weights[layer, "kernel"] + weights[layer, "bias"]
        outputs.append(np.maximum(z, 0.0) if layer < 2 else z)
    shifted = outputs[-1] - outputs[-1].max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(labels))
    loss = float(-logs[rows, labels].mean())
    slope = np.exp(logs)
    slope[rows, labels] -= 1.0
    return loss, dict(_backward(weights, outputs, slope / len(labels)))


def _backward(
    weights: dict[tuple[int, str], Numbers], outputs: list[Numbers], slope: Numbers
) -> Iterator[tuple[tuple[int, str], Numbers]]:
    for layer in (2, 1, 0):
        yield (layer, "kernel"), outputs[layer].T @ slope
        yield (layer, "bias"), slope.sum(axis=0)
        slope = (slope @ weights[layer, "kernel"].T) * (outputs[layer] > 0)
