"""Updates of optimizers in NumPy, from their definitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.sandbox.guest.programs.inputs import Array

Vectors = Sequence[Sequence[float]]


def _moved(
    start: Sequence[float], gradients: Vectors, change: Callable[[int, Array], Array]
) -> Array:
    """The variable after each gradient, one after the other.

    Args:
        start: the variable before the first step.
        gradients: one for each step.
        change: what a step adds to the variable, from its number (from 1) and gradient.
    """
    x = np.array(start)
    found = []
    for t, gradient in enumerate(gradients, 1):
        x = x + change(t, np.array(gradient))
        found.append(x)
    return np.concatenate(found)


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
    m, v = np.zeros(len(start)), np.zeros(len(start))

    def change(t: int, g: Array) -> Array:
        nonlocal m, v
        m = m + (1 - beta_1) * (g - m)
        v = v + (1 - beta_2) * (g * g - v)
        alpha = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        return np.asarray(-alpha * m / (np.sqrt(v) + epsilon))

    return _moved(start, gradients, change)


def sgd(
    start: Sequence[float],
    gradients: Vectors,
    *,
    rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> Array:
    """The same by gradient descent with momentum."""
    velocity = np.zeros(len(start))

    def change(_: int, g: Array) -> Array:
        nonlocal velocity
        velocity = momentum * velocity - rate * g
        return momentum * velocity - rate * g if nesterov else velocity

    return _moved(start, gradients, change)


def rmsprop(
    start: Sequence[float],
    gradients: Vectors,
    *,
    rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> Array:
    """The same by RMSprop."""
    mean = np.zeros(len(start))

    def change(_: int, g: Array) -> Array:
        nonlocal mean
        mean = rho * mean + (1 - rho) * g * g
        return -rate * g / np.sqrt(mean + epsilon)

    return _moved(start, gradients, change)
