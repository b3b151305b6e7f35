"""The legacy backend: the same scenarios on Keras 2 and TensorFlow.

Where both generations do the same under another name, this calls the old one; where they *mean*
different things, the traces show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from core.run.backends.legacy.building import (
    LegacyBuilder,
    named_variables,
    named_weights,
    summarise,
)
from core.run.backends.registry import version_of
from core.run.backends.tensorflow.backend import TensorFlowBackend
from core.trace import ModelSummary

DISTRIBUTIONS = {"keras": "keras", "tf_keras": "tf-keras"}


class LegacyBackend(TensorFlowBackend):
    """Keras 2 on TensorFlow; state is changed in place.

    Args:
        module: the package that holds it: `keras` (before 3.0) or `tf_keras`.
        precision: `float32` or `float64`.
    """

    def __init__(self, module: str, precision: str = "float32") -> None:
        import tensorflow

        self.tf: Any = tensorflow
        self.module = module
        self.precision = precision
        self.keras: Any = import_module(module)
        self.keras.backend.set_floatx(precision)
        self.builder = LegacyBuilder(self.keras, tensorflow)

    def environment(self) -> dict[str, str]:
        """Versions of legacy Keras and TensorFlow."""
        packages = {
            "keras": DISTRIBUTIONS[self.module],
            self.name: self.package,
            "numpy": "numpy",
        }
        return {name: version_of(package) or "" for name, package in packages.items()}

    def seed(self, seed: int) -> None:
        """Forgets objects and names, then seeds everything once."""
        self.keras.backend.clear_session()
        self.builder = LegacyBuilder(self.keras, self.tf)
        self.keras.utils.set_random_seed(seed)

    def summary(self, model: Any, name: str) -> ModelSummary:
        """The model's summary."""
        return summarise(model, name)

    def weights(self, model: Any, state: Any) -> dict[tuple[int, str], Any]:  # noqa: ARG002
        """Weights as arrays."""
        return {key: value.numpy() for key, value in named_weights(model).items()}

    def set_weights(self, model: Any, values: Mapping[tuple[int, str], Any], state: Any) -> Any:
        """Replaces weights."""
        weights = named_weights(model)
        for key, value in values.items():
            weights[key].assign(value)
        return state

    def initial_state(self, pairs: Sequence[tuple[Any, Any]], state: Any) -> Any:
        """Builds optimizer slots that are missing; building twice adds nothing."""
        for optimizer, model in pairs:
            optimizer.object.build(model.model.trainable_variables)
        return state

    def snapshot(self, handles: Sequence[Any], state: Any) -> list[Any]:  # noqa: ARG002
        """Copies of all variables."""
        return [np.array(v.numpy()) for h in handles for v in h.variables]

    def variables(self, handle: Any) -> tuple[str, ...]:
        """Names of what training changes."""
        return tuple(named_variables(handle))

    def values(self, handle: Any, state: Any) -> dict[str, Any]:  # noqa: ARG002
        """Present values, as tensors of their own."""
        return {name: self.copied(v) for name, v in named_variables(handle).items()}

    def set_values(self, handle: Any, values: Mapping[str, Any], state: Any) -> Any:
        """Sets variables in place."""
        variables = named_variables(handle)
        for name, value in values.items():
            variables[name].assign(value)
        return state

    def trainable(self, model: Any) -> tuple[str, ...]:
        """Names of trainable weights in the order of gradients."""
        names = {id(variable): name for name, variable in named_variables(model).items()}
        return tuple(names[id(variable)] for variable in model.model.trainable_weights)

    def to_numpy(self, value: Any) -> Any:
        """A tensor or variable as a NumPy array."""
        return value.numpy()

    def apply(self, optimizer: Any, gradients: Any, model: Any, state: Any) -> Any:
        """One optimizer step in place."""
        pairs = zip(gradients, model.model.trainable_weights, strict=True)
        optimizer.object.apply_gradients(pairs)
        return state
