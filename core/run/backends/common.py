"""What the three backends share: everything that Keras 3 does alike on each of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import ExecutionError
from core.run.backends.building import (
    Builder,
    ModelHandle,
    Stateful,
    keep_outputs,
    named_variables,
    named_weights,
    summarise,
)
from core.run.backends.mending import SWITCH, mend
from core.run.backends.registry import version_of
from core.spec.parts import LossSpec, MetricSpec, ModelSpec, OptimizerSpec
from core.trace import ModelSummary


def import_keras(backend: str, precision: str) -> Any:
    """Imports Keras on a backend.

    Raises:
        ExecutionError: Keras is already imported on another backend in this process.
    """
    os.environ.setdefault("KERAS_BACKEND", backend)
    keras = import_module("keras")
    if keras.backend.backend() != backend:
        raise ExecutionError(
            f"Keras runs on {keras.backend.backend()!r} in this process",
            where=f"backend {backend!r}",
            expected="one backend per process: Keras fixes it at import",
            remedy="run each backend in a process of its own, as `parity check` does",
        )
    keras.config.set_floatx(precision)
    if precision == "float64" and os.environ.get(SWITCH):
        mend(backend)
    return keras


class KerasBackend:
    """The shared half of a backend over Keras objects; state is changed in place."""

    name: str
    package: str
    named_weights = staticmethod(named_weights)
    named_variables = staticmethod(named_variables)

    def __init__(self, precision: str = "float32") -> None:
        self.precision = precision
        self.keras = import_keras(self.name, precision)
        self.builder = Builder(self.keras)

    def environment(self) -> dict[str, str]:
        """Versions of Keras and the framework."""
        packages = {"keras": "keras", self.name: self.package, "numpy": "numpy"}
        return {name: version_of(package) or "" for name, package in packages.items()}

    def seed(self, seed: int) -> None:
        """Forgets objects and names, then seeds everything once."""
        self.keras.utils.clear_session()
        self.builder = Builder(self.keras)
        self.keras.utils.set_random_seed(seed)

    def build_model(self, key: str, spec: ModelSpec, *, masks_fed: bool) -> ModelHandle:
        """Builds a model."""
        return self.builder.model(key, spec, masks_fed=masks_fed)

    def make_optimizer(self, key: str, spec: OptimizerSpec) -> Stateful:
        """Creates an optimizer."""
        return self.builder.optimizer(key, spec)

    def make_loss(self, spec: LossSpec) -> Any:
        """Creates a loss function."""
        return self.builder.loss(spec)

    def make_metric(self, key: str, spec: MetricSpec) -> Stateful:
        """Creates a metric."""
        return self.builder.metric(key, spec)

    def summary(self, model: Any, name: str) -> ModelSummary:
        """The model's summary."""
        return summarise(model, name)

    def weights(self, model: Any, state: Any) -> dict[tuple[int, str], Any]:  # noqa: ARG002
        """Weights as arrays."""
        return {key: self.to_numpy(value) for key, value in self.named_weights(model).items()}

    def set_weights(self, model: Any, values: Mapping[tuple[int, str], Any], state: Any) -> Any:
        """Replaces weights."""
        weights = self.named_weights(model)
        for key, value in values.items():
            weights[key].assign(value)
        return state

    def initial_state(self, pairs: Sequence[tuple[Any, Any]], state: Any) -> Any:
        """Builds optimizer slots that are missing."""
        for optimizer, model in pairs:
            if not optimizer.object.built:
                optimizer.object.build(model.model.trainable_variables)
        return state

    def snapshot(self, handles: Sequence[Any], state: Any) -> list[Any]:  # noqa: ARG002
        """Copies of all variables."""
        return [np.array(self.to_numpy(v)) for h in handles for v in h.variables]

    def restore(self, handles: Sequence[Any], saved: Sequence[Any], state: Any) -> Any:
        """Sets all variables back."""
        variables = [v for h in handles for v in h.variables]
        for variable, value in zip(variables, saved, strict=True):
            variable.assign(value)
        return state

    def variables(self, handle: Any) -> tuple[str, ...]:
        """Names of what training changes."""
        return tuple(self.named_variables(handle))

    def values(self, handle: Any, state: Any) -> dict[str, Any]:  # noqa: ARG002
        """Present values, as tensors of their own."""
        return {name: self.copied(v.value) for name, v in self.named_variables(handle).items()}

    def copied(self, value: Any) -> Any:
        """A variable's value as a tensor that later updates leave alone; itself if immutable."""
        return value

    def set_values(self, handle: Any, values: Mapping[str, Any], state: Any) -> Any:
        """Sets variables in place."""
        variables = self.named_variables(handle)
        for name, value in values.items():
            variables[name].assign(value)
        return state

    def trainable(self, model: Any) -> tuple[str, ...]:
        """Names of trainable weights in the order of gradients."""
        names = {id(variable): name for name, variable in self.named_variables(model).items()}
        return tuple(names[id(variable)] for variable in model.model.trainable_weights)

    def keep_layers(self, model: Any) -> None:
        """Keeps layer outputs."""
        keep_outputs(model)

    def layers(self, model: Any) -> dict[int, Any]:
        """Layer outputs of the last call, handed over."""
        made = dict(model.outputs)
        model.outputs.clear()
        return made

    def to_numpy(self, value: Any) -> Any:
        """A tensor or variable as a NumPy array."""
        return self.keras.ops.convert_to_numpy(value)

    def get(self, value: Any) -> Any:
        """A tensor as a NumPy array."""
        return self.to_numpy(value)

    def call(
        self, model: Any, x: Any, training: bool | None, masks: Sequence[Any], state: Any
    ) -> tuple[Any, Any]:
        """Calls a model in place."""
        feed_masks(model, masks)
        value = model.model(x) if training is None else model.model(x, training=training)
        return value, state

    def tracked(self, model: Any, state: Any) -> Sequence[Any]:  # noqa: ARG002
        """Losses tracked in the last call."""
        return list(model.model.losses)

    def loss(self, loss: Any, target: Any, prediction: Any) -> Any:
        """Applies a loss to the very objects given: TensorFlow looks for their producing op."""
        return loss(target, prediction)

    def add(self, parts: Sequence[Any]) -> Any:
        """The sum from left to right."""
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total

    def affine(self, x: Any, scale: float, plus: Any) -> Any:
        """`scale · x + plus`; a scale of one multiplies nothing."""
        scaled = x if scale == 1.0 else scale * x
        return scaled if plus is None else plus + scaled

    def apply(self, optimizer: Any, gradients: Any, model: Any, state: Any) -> Any:
        """One optimizer step in place."""
        optimizer.object.apply(gradients, model.model.trainable_weights)
        return state

    def update(self, metric: Any, target: Any, prediction: Any, state: Any) -> Any:
        """Adds a batch to a metric in place."""
        metric.object.update_state(target, prediction)
        return state

    def read(self, metric: Any, state: Any) -> float:  # noqa: ARG002
        """A metric's value."""
        return float(metric.object.result())

    def reset(self, metric: Any, state: Any) -> Any:
        """A metric back to zero."""
        metric.object.reset_state()
        return state

    def save_model(self, model: Any, path: Path, state: Any) -> None:  # noqa: ARG002
        """Saves a model as `.keras`."""
        model.model.save(path)


def feed_masks(model: ModelHandle, masks: Sequence[Any]) -> None:
    """Hands each fed Dropout layer its mask for the next call."""
    if masks:
        fed = [layer for layer in model.layers if hasattr(layer, "fed_mask")]
        for layer, mask in zip(fed, masks, strict=True):
            layer.fed_mask = mask
