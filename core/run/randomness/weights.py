"""Controlled initial weights: the spec's initializers, drawn by address.

Kernels follow `keras.initializers`: Glorot uniform has limit sqrt(6 / (fan_in + fan_out)), with
fans of a convolution multiplied by its window; biases and shifts are zero, scales one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from core.run.randomness.addressed import Addressed, Floats
from core.spec import layers
from core.spec.parts import ModelSpec

_CONSTANT = {
    "bias": 0.0,
    "beta": 0.0,
    "gamma": 1.0,
    "moving_mean": 0.0,
    "moving_variance": 1.0,
}


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """(fan_in, fan_out) of a kernel as Keras computes them from the kernel's shape alone."""
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


def layer_address(spec: ModelSpec, layer: int) -> str:
    """What addresses a layer's weights: its kind, and how many of that kind come before it.

    A position in the model would shift the weights of every layer after an added one.
    """
    kind = type(spec.layers[layer])
    before = sum(type(earlier) is kind for earlier in spec.layers[:layer])
    return f"{kind.__name__}/{before}"


def initial_weight(
    draws: Addressed, model: str, spec: ModelSpec, layer: int, weight: str, shape: tuple[int, ...]
) -> Floats:
    """One weight array of a model.

    Args:
        draws: the run's addressed draws.
        model: the model's name in the scenario.
        spec: the model.
        layer: position of the layer in the spec.
        weight: the weight's Keras name (`kernel`, `bias`, `gamma`, …).
        shape: the array's shape.

    Returns:
        A float32 array of `shape`.
    """
    part = spec.layers[layer]
    if weight != "kernel" or not isinstance(part, layers.Weighted):
        return np.full(shape, _CONSTANT[weight], dtype=np.float32)
    initializer = part.kernel_initializer
    address = f"weights/{model}/{layer_address(spec, layer)}/{weight}"
    if isinstance(initializer, layers.RandomNormal):
        # One unseeded instance fills every kernel from the start of the same stream.
        if initializer.shared:
            address = f"weights/shared/{initializer.shared}"
        return draws.normal(address, shape, 0.0, initializer.stddev, 0, 0)
    limit = math.sqrt(6.0 / sum(fans(shape)))
    return draws.uniform(address, shape, -limit, limit, 0, 0)


def initial_weights(
    draws: Addressed, model: str, spec: ModelSpec, shapes: Mapping[tuple[int, str], tuple[int, ...]]
) -> dict[tuple[int, str], Floats]:
    """All weights of a model, keyed by (layer position, weight name)."""
    return {
        (layer, weight): initial_weight(draws, model, spec, layer, weight, shape)
        for (layer, weight), shape in shapes.items()
    }
