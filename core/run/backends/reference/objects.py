"""What the reference backend holds besides models: optimizers and metrics, and their variables."""

from __future__ import annotations

import numpy as np
from attrs import define, field

from core.run.backends.protocol import Array, Handle
from core.run.backends.reference.convolution import Numbers
from core.run.backends.reference.model import ReferenceModel
from core.spec.parts import OptimizerSpec


@define(eq=False)
class ReferenceOptimizer:
    """An optimizer: how many updates it has made, and its slots in the order of the weights."""

    spec: OptimizerSpec
    iteration: int = 0
    slots: dict[str, list[Numbers]] = field(factory=dict)


@define(eq=False)
class ReferenceMetric:
    """A mean over samples: `total` of them counted 1, of `count`.

    `margins` holds the smallest margins of the samples since it was reset or set, smallest first.
    """

    total: float = 0.0
    count: float = 0.0
    margins: Numbers = field(factory=lambda: np.zeros(0))


def variables(handle: Handle) -> dict[str, Array]:
    """What training changes in an object, by name."""
    match handle:
        case ReferenceModel():
            return {f"{layer}/{name}": v for (layer, name), v in handle.weights.items()}
        case ReferenceOptimizer():
            slots = {
                f"{slot}/{index}": value
                for slot, values in handle.slots.items()
                for index, value in enumerate(values)
            }
            return {"iteration": np.array(handle.iteration, dtype=np.int64), **slots}
        case ReferenceMetric():
            return {"total": np.array(handle.total), "count": np.array(handle.count)}
        case _:
            raise TypeError(f"{handle!r} has no variables")


def margins(labels: Array, outputs: Numbers) -> Numbers:
    """By how much each label's output is apart from the largest other one.

    Args:
        labels: whole numbers of shape (batch,).
        outputs: of shape (batch, classes).

    Returns:
        Distances of shape (batch,), each as a share of its sample's largest output.
    """
    rows = np.arange(len(outputs))
    at = labels.astype(np.int64)
    others = outputs.copy()
    others[rows, at] = -np.inf
    scale = np.abs(outputs).max(axis=1)
    apart = np.abs(outputs[rows, at] - others.max(axis=1))
    return np.asarray(apart / np.maximum(scale, np.finfo(np.float64).tiny))


def model_of(handle: Handle) -> ReferenceModel:
    """A handle that is a model."""
    assert isinstance(handle, ReferenceModel)
    return handle


def optimizer_of(handle: Handle) -> ReferenceOptimizer:
    """A handle that is an optimizer."""
    assert isinstance(handle, ReferenceOptimizer)
    return handle


def metric_of(handle: Handle) -> ReferenceMetric:
    """A handle that is a metric."""
    assert isinstance(handle, ReferenceMetric)
    return handle
