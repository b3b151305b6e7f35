"""Updates of optimizers in NumPy, from their definitions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.inside.programs.inputs import Array

Vectors = Sequence[Sequence[float]]


def adam(
    start: Sequence[float],
    gradients: Vectors,
    *,
    rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> Array:
    """The variable after each gradient, one after the other (Kingma and Ba, 2015, ε̂ form)."""
    x = np.array(start)
    m, v = np.zeros_like(x), np.zeros_like(x)
    found = []
    for t, gradient in enumerate(gradients, 1):
        g = np.array(gradient)
        m += (1 - beta_1) * (g - m)
        v += (1 - beta_2) * (g * g - v)
        alpha = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        x = x - alpha * m / (np.sqrt(v) + epsilon)
        found.append(x)
    return np.concatenate(found)


def sgd(
    start: Sequence[float],
    gradients: Vectors,
    *,
    rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> Array:
    """The same by gradient descent with momentum."""
    x = np.array(start)
    velocity = np.zeros_like(x)
    found = []
    for gradient in gradients:
        g = np.array(gradient)
        velocity = momentum * velocity - rate * g
        x = x + (momentum * velocity - rate * g if nesterov else velocity)
        found.append(x)
    return np.concatenate(found)


def rmsprop(
    start: Sequence[float],
    gradients: Vectors,
    *,
    rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> Array:
    """The same by RMSprop."""
    x = np.array(start)
    mean = np.zeros_like(x)
    found = []
    for gradient in gradients:
        g = np.array(gradient)
        mean = rho * mean + (1 - rho) * g * g
        x = x - rate * g / np.sqrt(mean + epsilon)
        found.append(x)
    return np.concatenate(found)
