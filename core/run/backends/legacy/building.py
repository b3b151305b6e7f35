"""Legacy Keras objects from specs: where Keras 2 says the same thing in other words."""

from __future__ import annotations

from typing import Any

from core.run.backends.building import (
    Builder,
    ModelHandle,
    Stateful,
    _Shared,
    activity_layer,
    fed_dropout_layer,
)
from core.spec import layers
from core.spec import layers as spec_layers
from core.trace import LayerRow, ModelSummary

SLOTS = {"m": "momentum", "v": "velocity"}
"""Adam's moving averages in legacy Keras, and what Keras 3 calls them."""


class LegacyBuilder(Builder):
    """Builds Keras 2 objects; one per session, so that shared initializers stay shared.

    Args:
        keras: the package.
        tf: TensorFlow, which stands in for `keras.ops`.
    """

    def __init__(self, keras: Any, tf: Any) -> None:
        self._keras = keras
        self._shared = _Shared(keras)
        self._tracking = activity_layer(keras, {"sum": tf.reduce_sum, "mean": tf.reduce_mean})
        self._fed_dropout = fed_dropout_layer(keras, tf.cast)

    def _layer(self, spec: layers.Layer, masks_fed: bool) -> Any:
        if isinstance(spec, spec_layers.LeakyReLU):
            return self._keras.layers.LeakyReLU(alpha=spec.negative_slope, name=spec.name)
        return super()._layer(spec, masks_fed)


def weight_name(variable: Any) -> str:
    """What Keras 3 calls a weight: `kernel` for `dense_3/kernel:0`."""
    return str(variable.name).rpartition("/")[2].partition(":")[0]


def named_weights(handle: ModelHandle) -> dict[tuple[int, str], Any]:
    """The model's weights by (layer position in the spec, weight name)."""
    return {
        (position, weight_name(weight)): weight
        for position, layer in enumerate(handle.layers)
        for weight in layer.weights
    }


def named_variables(handle: ModelHandle | Stateful) -> dict[str, Any]:
    """What training changes in an object, under the names that Keras 3's objects get."""
    if isinstance(handle, ModelHandle):
        return {f"{layer}/{name}": v for (layer, name), v in named_weights(handle).items()}
    found: dict[str, Any] = {}
    slots: dict[str, int] = {}
    for variable in handle.variables:
        parts = str(variable.name).partition(":")[0].split("/")
        if "learning_rate" in parts[-1]:
            continue
        if len(variable.shape) == 0:
            found[parts[-1]] = variable
            continue
        slot = SLOTS.get(parts[1], parts[1]) if len(parts) > 2 else parts[-1]
        found[f"{slot}/{slots.setdefault(slot, 0)}"] = variable
        slots[slot] += 1
    return found


def summarise(handle: ModelHandle, name: str) -> ModelSummary:
    """The rows of `model.summary()` as values; an input's shape is a list of one there."""
    model = handle.model
    rows = []
    for layer in model.layers:
        shape = layer.output_shape
        shape = shape[0] if isinstance(shape, list) else shape
        rows.append(
            LayerRow(layer.name, type(layer).__name__, tuple(shape), int(layer.count_params()))
        )
    trainable = sum(int(weight.shape.num_elements()) for weight in model.trainable_weights)
    return ModelSummary(name, int(model.count_params()), trainable, tuple(rows))
