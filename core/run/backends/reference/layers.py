"""Layers in NumPy: each gives its output and how to go back from the output's slope."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import field, frozen

from core.run.backends.reference.convolution import (
    Numbers,
    Window,
    down,
    image_of,
    kernel_gradient,
    up,
)
from core.spec import layers
from core.spec import layers as specs

Weights = Mapping[str, Numbers]
Back = Callable[[Numbers], tuple[Numbers, dict[str, Numbers]]]


@frozen(eq=False)
class Passed:
    """What a layer made of its input.

    Attributes:
        y: the output.
        back: (slope of the input, slopes of the trainable weights) from the output's slope.
        state: new moving statistics by weight name.
        tracked: what the layer adds to the model's losses, with its slope in the layer's input.
        logits: what a sigmoid was applied to, where the output is a sigmoid's.
    """

    y: Numbers
    back: Back
    state: Mapping[str, Numbers] = field(factory=dict)
    tracked: tuple[float, Numbers] | None = None
    logits: Passed | None = None


def pass_through(
    layer: layers.Layer,
    x: Numbers,
    weights: Weights,
    *,
    training: bool,
    mask: Numbers | None,
    slope_at_zero: float | None = None,
) -> Passed:
    """One layer's forward pass.

    Args:
        layer: the spec.
        x: the input, the batch first.
        weights: the layer's weights by name.
        training: whether dropout drops and batch statistics are used.
        mask: of a Dropout layer in training, 1 where a value is kept.
        slope_at_zero: LeakyReLU's derivative at exactly 0; None is its negative slope.
    """
    match layer:
        case specs.Dense() | specs.Conv2D() | specs.Conv2DTranspose():
            return _activated(layer.activation, _affine(layer, x, weights))
        case specs.LeakyReLU():
            slope = layer.negative_slope
            at_zero = slope if slope_at_zero is None else slope_at_zero
            factor = np.where(x > 0, 1.0, np.where(x == 0, at_zero, slope))
            return Passed(np.where(x > 0, x, slope * x), lambda g: (g * factor, {}))
        case specs.BatchNormalization():
            return _batch_normalization(layer, x, weights, training=training)
        case specs.Dropout():
            if not training or not layer.rate:
                return Passed(x, lambda g: (g, {}))
            assert mask is not None
            scale = mask / (1.0 - layer.rate)
            return Passed(x * scale, lambda g: (g * scale, {}))
        case specs.GlobalMaxPooling2D():
            y = x.max(axis=(1, 2))
            there = x == y[:, None, None, :]
            share = there / there.sum(axis=(1, 2), keepdims=True)
            return Passed(y, lambda g: (g[:, None, None, :] * share, {}))
        case specs.Flatten() | specs.Reshape():
            shape = (-1,) if isinstance(layer, specs.Flatten) else layer.target_shape
            return Passed(x.reshape(len(x), *shape), lambda g: (g.reshape(x.shape), {}))
        case specs.ActivityRegularization():
            share = layer.factor / (1 if layer.reduction == "sum" else x.size)
            return Passed(
                x, lambda g: (g, {}), tracked=(share * float(x.sum()), np.full(x.shape, share))
            )


def _affine(
    layer: specs.Dense | specs.Conv2D | specs.Conv2DTranspose, x: Numbers, weights: Weights
) -> Passed:
    kernel = weights["kernel"]
    if isinstance(layer, specs.Dense):
        y = x @ kernel

        def back(g: Numbers) -> tuple[Numbers, dict[str, Numbers]]:
            flat = x.reshape(-1, x.shape[-1]).T @ g.reshape(-1, g.shape[-1])
            return g @ kernel.T, {"kernel": flat}

    elif isinstance(layer, specs.Conv2D):
        over = [
            Window.over(n, k, s, layer.padding)
            for n, k, s in zip(x.shape[1:3], layer.kernel_size, layer.strides, strict=True)
        ]
        windows = (over[0], over[1])
        y = down(x, kernel, windows)

        def back(g: Numbers) -> tuple[Numbers, dict[str, Numbers]]:
            return up(g, kernel, windows), {"kernel": kernel_gradient(x, g, kernel, windows)}

    else:
        over = [
            Window.over(image_of(n, k, s, layer.padding), k, s, layer.padding)
            for n, k, s in zip(x.shape[1:3], layer.kernel_size, layer.strides, strict=True)
        ]
        windows = (over[0], over[1])
        y = up(x, kernel, windows)

        def back(g: Numbers) -> tuple[Numbers, dict[str, Numbers]]:
            return down(g, kernel, windows), {"kernel": kernel_gradient(g, x, kernel, windows)}

    if not layer.use_bias:
        return Passed(y, back)

    def with_bias(g: Numbers) -> tuple[Numbers, dict[str, Numbers]]:
        slope, weights = back(g)
        return slope, {**weights, "bias": g.sum(axis=tuple(range(g.ndim - 1)))}

    return Passed(y + weights["bias"], with_bias)


def sigmoid(x: Numbers) -> Numbers:
    """1 / (1 + exp(-x)), without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def _activated(activation: str | None, before: Passed) -> Passed:
    z = before.y
    if activation is None:
        return before
    if activation == "relu":
        y, factor = np.maximum(z, 0.0), np.where(z > 0, 1.0, 0.0)
    elif activation == "sigmoid":
        y = sigmoid(z)
        factor = y * (1.0 - y)
    else:
        y = np.tanh(z)
        factor = 1.0 - y**2
    logits = before if activation == "sigmoid" else None
    return Passed(y, lambda g: before.back(g * factor), logits=logits)


def _batch_normalization(
    layer: specs.BatchNormalization, x: Numbers, weights: Weights, *, training: bool
) -> Passed:
    axes = tuple(range(x.ndim - 1))
    mean, variance = weights["moving_mean"], weights["moving_variance"]
    state: dict[str, Numbers] = {}
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        kept = layer.momentum
        state = {
            "moving_mean": weights["moving_mean"] * kept + mean * (1.0 - kept),
            "moving_variance": weights["moving_variance"] * kept + variance * (1.0 - kept),
        }
    deviation = np.sqrt(variance + layer.epsilon)
    normal = (x - mean) / deviation

    def back(g: Numbers) -> tuple[Numbers, dict[str, Numbers]]:
        slopes = {"gamma": (g * normal).sum(axis=axes), "beta": g.sum(axis=axes)}
        inner = g * weights["gamma"]
        if training:
            shift = inner.mean(axis=axes) + normal * (inner * normal).mean(axis=axes)
            inner = inner - shift
        return inner / deviation, slopes

    return Passed(normal * weights["gamma"] + weights["beta"], back, state)
