"""Keras objects from specs: the same on every backend, because Keras 3 is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from attrs import define, field

from core.spec import layers
from core.spec import layers as spec_layers
from core.spec.parts import SGD, BinaryCrossentropy, LossSpec, MetricSpec, ModelSpec, OptimizerSpec
from core.trace import LayerRow, ModelSummary


@define(eq=False)
class ModelHandle:
    """A Keras model with the layers that its spec lists, in the spec's order."""

    key: str
    model: Any
    layers: list[Any]
    tracked: list[Any] = field(factory=list)
    outputs: dict[int, Any] = field(factory=dict)  # of each layer's last call, where kept

    @property
    def variables(self) -> list[Any]:
        """The model's weights and other state, dropout seeds included."""
        return list(self.model.variables)


@define(eq=False)
class Stateful:
    """A Keras optimizer or metric with the key that names its state."""

    key: str
    object: Any

    @property
    def variables(self) -> list[Any]:
        """The object's variables."""
        return list(self.object.variables)


class _Shared:
    """Initializer instances that several kernels share, by name."""

    def __init__(self, keras: Any) -> None:
        self._keras = keras
        self._instances: dict[str, Any] = {}

    def make(self, spec: layers.Initializer) -> Any:
        if not isinstance(spec, layers.RandomNormal):
            return "glorot_uniform"
        if spec.shared is None:
            return self._keras.initializers.RandomNormal(stddev=spec.stddev)
        if spec.shared not in self._instances:
            self._instances[spec.shared] = self._keras.initializers.RandomNormal(stddev=spec.stddev)
        return self._instances[spec.shared]


class Builder:
    """Builds Keras objects; one per session, so that shared initializers stay shared."""

    def __init__(self, keras: Any) -> None:
        self._keras = keras
        self._shared = _Shared(keras)
        self._tracking = activity_layer(keras, {"sum": keras.ops.sum, "mean": keras.ops.mean})
        self._fed_dropout = fed_dropout_layer(keras, keras.ops.cast)

    def model(self, key: str, spec: ModelSpec, *, masks_fed: bool) -> ModelHandle:
        """The model of a spec, built and with its initial weights drawn."""
        keras = self._keras
        inputs = keras.Input(shape=spec.input.shape, name=spec.input.name)
        stack: list[Any] = []
        if spec.style == "sequential":
            stack.extend(self._layer(layer, masks_fed) for layer in spec.layers)
            model = keras.Sequential([inputs, *stack], name=spec.name)
            return ModelHandle(key, model, stack)
        x = inputs
        for layer in spec.layers:
            stack.append(self._layer(layer, masks_fed))
            x = stack[-1](x)
        return ModelHandle(key, keras.Model(inputs=inputs, outputs=x, name=spec.name), stack)

    def _layer(self, spec: layers.Layer, masks_fed: bool) -> Any:
        keras = self._keras.layers
        name = spec.name
        match spec:
            case spec_layers.Dense():
                return keras.Dense(
                    spec.units,
                    activation=spec.activation,
                    use_bias=spec.use_bias,
                    kernel_initializer=self._shared.make(spec.kernel_initializer),
                    name=name,
                )
            case spec_layers.Conv2D() | spec_layers.Conv2DTranspose():
                return getattr(keras, type(spec).__name__)(
                    spec.filters,
                    spec.kernel_size,
                    strides=spec.strides,
                    padding=spec.padding,
                    activation=spec.activation,
                    use_bias=spec.use_bias,
                    kernel_initializer=self._shared.make(spec.kernel_initializer),
                    name=name,
                )
            case spec_layers.LeakyReLU():
                return keras.LeakyReLU(negative_slope=spec.negative_slope, name=name)
            case spec_layers.BatchNormalization():
                return keras.BatchNormalization(
                    momentum=spec.momentum, epsilon=spec.epsilon, name=name
                )
            case spec_layers.Dropout():
                kind = self._fed_dropout if masks_fed else keras.Dropout
                return kind(spec.rate, name=name)
            case spec_layers.Reshape():
                return keras.Reshape(spec.target_shape, name=name)
            case spec_layers.ActivityRegularization():
                return self._tracking(spec.factor, spec.reduction, name=name)
            case spec_layers.Flatten() | spec_layers.GlobalMaxPooling2D():
                return getattr(keras, type(spec).__name__)(name=name)

    def optimizer(self, key: str, spec: OptimizerSpec) -> Stateful:
        """The optimizer of a spec."""
        optimizers = self._keras.optimizers
        if isinstance(spec, SGD):
            return Stateful(key, optimizers.SGD(learning_rate=spec.learning_rate))
        adam = optimizers.Adam(
            learning_rate=spec.learning_rate,
            beta_1=spec.beta_1,
            beta_2=spec.beta_2,
            epsilon=spec.epsilon,
        )
        return Stateful(key, adam)

    def loss(self, spec: LossSpec) -> Any:
        """The loss function of a spec."""
        losses = self._keras.losses
        kind = (
            losses.BinaryCrossentropy
            if isinstance(spec, BinaryCrossentropy)
            else losses.SparseCategoricalCrossentropy
        )
        return kind(from_logits=spec.from_logits)

    def metric(self, key: str, spec: MetricSpec) -> Stateful:
        """The metric of a spec."""
        return Stateful(key, getattr(self._keras.metrics, type(spec).__name__)())


def activity_layer(keras: Any, reductions: Mapping[str, Callable[[Any], Any]]) -> Any:
    """The class of the layer of `layers.ActivityRegularization`."""

    class ActivityRegularizationLayer(keras.layers.Layer):  # type: ignore[misc]
        """Adds `factor · sum or mean of the inputs` to the tracked losses."""

        def __init__(self, factor: float, reduction: str, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.factor = factor
            self.reduction = reduction

        def call(self, inputs: Any) -> Any:
            """Passes the inputs on."""
            self.add_loss(self.factor * reductions[self.reduction](inputs))
            return inputs

    return ActivityRegularizationLayer


def fed_dropout_layer(keras: Any, cast: Callable[[Any, Any], Any]) -> Any:
    """The class of Dropout layers whose masks are fed in."""

    class Dropout(keras.layers.Dropout):  # type: ignore[misc]
        """Keras's Dropout with its mask fed in; it keeps the name, so that summaries agree."""

        fed_mask: Any = None

        def call(self, inputs: Any, training: Any = None) -> Any:
            """Keeps the inputs where the mask is 1, scaled by 1/(1-rate)."""
            if not training or self.rate == 0:
                return inputs
            keep = cast(self.fed_mask, inputs.dtype)
            return inputs * keep * (1.0 / (1.0 - self.rate))

    return Dropout


def summarise(handle: ModelHandle, name: str) -> ModelSummary:
    """The rows of `model.summary()` as values."""
    rows = tuple(
        LayerRow(
            name=layer.name,
            kind=type(layer).__name__,
            output_shape=tuple(layer.output.shape),
            params=int(layer.count_params()),
        )
        for layer in handle.model.layers
    )
    trainable = sum(int(_size(weight)) for weight in handle.model.trainable_weights)
    return ModelSummary(
        name=name,
        total_params=int(handle.model.count_params()),
        trainable_params=trainable,
        layers=rows,
    )


def _size(weight: Any) -> int:
    size = 1
    for length in weight.shape:
        size *= int(length)
    return size


def named_weights(handle: ModelHandle) -> dict[tuple[int, str], Any]:
    """The model's weights by (layer position in the spec, weight name)."""
    return {
        (position, weight.name): weight
        for position, layer in enumerate(handle.layers)
        for weight in layer.weights
    }


def named_variables(handle: ModelHandle | Stateful) -> dict[str, Any]:
    """What training changes in an object, under names that are the same on every backend.

    Keras names a slot after its model, layer and weight, with numbers that depend on what else the
    process has built, and orders slots differently from version to version. The last word names the
    slot; within one slot the order is that of the trainable weights.
    """
    if isinstance(handle, ModelHandle):
        weights = named_weights(handle)
        return {f"{layer}/{name}": variable for (layer, name), variable in weights.items()}
    found: dict[str, Any] = {}
    slots: dict[str, int] = {}
    for variable in handle.variables:
        word = variable.name.rpartition("_")[2]
        if "seed" in variable.name or variable.name == "learning_rate":
            continue
        if len(variable.shape) == 0:
            found[variable.name] = variable
            continue
        found[f"{word}/{slots.setdefault(word, 0)}"] = variable
        slots[word] += 1
    return found


def keep_outputs(handle: ModelHandle) -> None:
    """Lets each layer leave what it returns in `handle.outputs`, the same object it hands on."""

    def keep(position: int, layer: Any) -> None:
        call = layer.call

        @wraps(call)
        def kept(*args: Any, **kwargs: Any) -> Any:
            handle.outputs[position] = made = call(*args, **kwargs)
            return made

        object.__setattr__(layer, "call", kept)  # not a weight or sublayer to be tracked

    for position, layer in enumerate(handle.layers):
        keep(position, layer)
