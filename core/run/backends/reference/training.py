"""Losses and optimizers in NumPy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.run.backends.reference.convolution import Numbers
from core.run.backends.reference.layers import sigmoid
from core.spec.parts import SGD, BinaryCrossentropy, LossSpec, OptimizerSpec

EPSILON = 1e-7  # keras.config.epsilon()


def loss(spec: LossSpec, target: Numbers, prediction: Numbers) -> tuple[float, Numbers]:
    """The mean loss over the batch, and its slope in the prediction.

    Args:
        spec: the loss function.
        target: labels of the prediction's shape, or whole numbers of shape (batch,).
        prediction: logits or probabilities, as the spec says.
    """
    if isinstance(spec, BinaryCrossentropy):
        if spec.from_logits:
            z = prediction
            values = np.maximum(z, 0.0) - z * target + np.log1p(np.exp(-np.abs(z)))
            slope = sigmoid(z) - target
        else:
            p = np.clip(prediction, EPSILON, 1.0 - EPSILON)
            values = -(target * np.log(p) + (1.0 - target) * np.log(1.0 - p))
            slope = (p - target) / (p * (1.0 - p)) * (p == prediction)
        return float(values.mean()), slope / values.size
    rows = np.arange(len(prediction))
    labels = target.astype(np.int64).reshape(-1)
    if not spec.from_logits:
        raise ValueError("no guide takes this loss of probabilities")
    shifted = prediction - prediction.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    slope = np.exp(logs)
    slope[rows, labels] -= 1.0
    return float(-logs[rows, labels].mean()), slope / len(rows)


def update(
    spec: OptimizerSpec, weight: Numbers, gradient: Numbers, slots: Mapping[str, Numbers], step: int
) -> tuple[Numbers, dict[str, Numbers]]:
    """A weight and its slots after one update.

    Args:
        spec: the optimizer.
        weight: before the update.
        gradient: of the weight's shape.
        slots: `momentum` and `velocity` before the update; none for SGD.
        step: the number of this update, from 1.
    """
    if isinstance(spec, SGD):
        return weight - spec.learning_rate * gradient, {}
    first = slots["momentum"] + (gradient - slots["momentum"]) * (1.0 - spec.beta_1)
    second = slots["velocity"] + (gradient**2 - slots["velocity"]) * (1.0 - spec.beta_2)
    rate = spec.learning_rate * np.sqrt(1.0 - spec.beta_2**step) / (1.0 - spec.beta_1**step)
    after = weight - rate * first / (np.sqrt(second) + spec.epsilon)
    return after, {"momentum": first, "velocity": second}
