"""The legacy backend: the same scenarios on Keras 2 and TensorFlow.

Where both generations do the same under another name, this calls the old one; where they *mean*
different things, the traces show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

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

    named_weights = staticmethod(named_weights)
    named_variables = staticmethod(named_variables)

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

    def initial_state(self, pairs: Sequence[tuple[Any, Any]], state: Any) -> Any:
        """Builds optimizer slots that are missing; building twice adds nothing."""
        for optimizer, model in pairs:
            optimizer.object.build(model.model.trainable_variables)
        return state

    def values(self, handle: Any, state: Any) -> dict[str, Any]:  # noqa: ARG002
        """Present values, as tensors of their own."""
        return {name: self.copied(v) for name, v in self.named_variables(handle).items()}

    def to_numpy(self, value: Any) -> Any:
        """A tensor or variable as a NumPy array."""
        return value.numpy()

    def apply(self, optimizer: Any, gradients: Any, model: Any, state: Any) -> Any:
        """One optimizer step in place."""
        pairs = zip(gradients, model.model.trainable_weights, strict=True)
        optimizer.object.apply_gradients(pairs)
        return state
