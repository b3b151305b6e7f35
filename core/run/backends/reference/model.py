"""A model in NumPy: its weights, its summary, its forward pass."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import define, field

from core.run.backends.protocol import Array
from core.run.backends.reference.convolution import Numbers, Window, image_of
from core.run.backends.reference.layers import Passed, pass_through, sigmoid
from core.run.backends.reference.tape import Back, Node, Weight, made, replaced
from core.spec import layers
from core.spec.parts import ModelSpec
from core.trace import LayerRow, ModelSummary

Shape = tuple[int, ...]
MOVING = ("moving_mean", "moving_variance")


def output_shape(layer: layers.Layer, shape: Shape) -> Shape:
    """The shape that a layer makes of a shape, both without the batch."""
    match layer:
        case layers.Dense():
            return (*shape[:-1], layer.units)
        case layers.Conv2D():
            over = zip(shape[:2], layer.kernel_size, layer.strides, strict=True)
            places = (Window.over(n, k, s, layer.padding).places for n, k, s in over)
            return (*places, layer.filters)
        case layers.Conv2DTranspose():
            over = zip(shape[:2], layer.kernel_size, layer.strides, strict=True)
            sizes = (image_of(n, k, s, layer.padding) for n, k, s in over)
            return (*sizes, layer.filters)
        case layers.GlobalMaxPooling2D():
            return shape[-1:]
        case layers.Flatten():
            return (math.prod(shape),)
        case layers.Reshape():
            return layer.target_shape
        case _:
            return shape


def weight_shapes(layer: layers.Layer, shape: Shape) -> dict[str, Shape]:
    """The shapes of a layer's weights on an input shape, by name, in Keras's order."""
    match layer:
        case layers.Dense():
            found = {"kernel": (shape[-1], layer.units), "bias": (layer.units,)}
        case layers.Conv2D():
            kernel = (*layer.kernel_size, shape[-1], layer.filters)
            found = {"kernel": kernel, "bias": (layer.filters,)}
        case layers.Conv2DTranspose():
            kernel = (*layer.kernel_size, layer.filters, shape[-1])
            found = {"kernel": kernel, "bias": (layer.filters,)}
        case layers.BatchNormalization():
            return dict.fromkeys(("gamma", "beta", *MOVING), shape[-1:])
        case _:
            return {}
    return found if layer.use_bias else {"kernel": found["kernel"]}


@define(eq=False)
class ReferenceModel:
    """A model and its weights, in double precision.

    Attributes:
        key: names the model among all of a session.
        spec: its layers.
        slope_at_zero: LeakyReLU's derivative at exactly 0; None is its negative slope.
        weights: by (layer position, weight name); zeros until they are set.
        tracked: the losses that the last call tracked.
        outputs: what each layer made in the last call, where that is kept.
        given: numbers to continue from in the next call instead of what layers make, by position.
    """

    key: str
    spec: ModelSpec
    slope_at_zero: float | None = None
    weights: dict[tuple[int, str], Numbers] = field(init=False, factory=dict)
    tracked: list[Node] = field(init=False, factory=list)
    outputs: dict[int, Node] | None = field(init=False, default=None)
    given: Mapping[int, Array] = field(init=False, factory=dict)
    _shapes: list[Shape] = field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        shape: Shape = self.spec.input.shape
        for position, layer in enumerate(self.spec.layers):
            for name, size in weight_shapes(layer, shape).items():
                self.weights[position, name] = np.zeros(size)
            shape = output_shape(layer, shape)
            self._shapes.append(shape)

    @property
    def trainable(self) -> tuple[tuple[int, str], ...]:
        """The weights that an optimizer updates, in the order of Keras."""
        return tuple(key for key in self.weights if key[1] not in MOVING)

    def call(self, x: Node, *, training: bool, masks: Sequence[Array]) -> Node:
        """The output for a batch; in training moving statistics move on."""
        fed = iter(masks)
        value = x
        self.tracked = []
        for position, layer in enumerate(self.spec.layers):
            drops = isinstance(layer, layers.Dropout) and training and layer.rate > 0
            passed = pass_through(
                layer,
                value.value,
                {name: self.weights[at, name] for at, name in self.weights if at == position},
                training=training,
                mask=np.asarray(next(fed), dtype=np.float64) if drops else None,
                slope_at_zero=self.slope_at_zero,
            )
            for name, moved in passed.state.items():
                self.weights[position, name] = moved
            if passed.tracked is not None:
                added, slope = passed.tracked
                self.tracked.append(_tracked(value, added, slope))
            value = self._made(position, value, passed)
            if self.outputs is not None:
                self.outputs[position] = value
            if position in self.given:
                given = np.asarray(self.given[position], dtype=np.float64)
                value = replaced(value, given)
        return value

    def _made(self, position: int, x: Node, passed: Passed) -> Node:
        """The value of a layer. A sigmoid's is made in two, so that a loss finds its logits."""
        if passed.logits is None:
            return made(passed.y, (x,), self._back(position, passed), (self.key,))
        before = passed.logits
        logits = made(before.y, (x,), self._back(position, before), (self.key,))
        y = sigmoid(before.y)
        value = made(y, (logits,), lambda slope: ((slope * y * (1.0 - y),), {}))
        value.logits = logits
        return value

    def _back(self, position: int, passed: Passed) -> Back:
        def back(slope: Numbers) -> tuple[tuple[Numbers, ...], dict[Weight, Numbers]]:
            into, weights = passed.back(slope)
            return (into,), {(self.key, position, n): g for n, g in weights.items()}

        return back

    def summary(self, name: str) -> ModelSummary:
        """The rows of the model's summary; layers without a name are called after their kind."""
        rows = tuple(self._rows())
        sizes = {key: value.size for key, value in self.weights.items()}
        return ModelSummary(
            name=name,
            total_params=sum(sizes.values()),
            trainable_params=sum(sizes[key] for key in self.trainable),
            layers=rows,
        )

    def _rows(self) -> Iterator[LayerRow]:
        spec, seen = self.spec, Counter[str]()
        if spec.style == "functional":
            shape = (None, *spec.input.shape)
            yield LayerRow(spec.input.name or "input_layer", "InputLayer", shape, 0)
        for position, layer in enumerate(spec.layers):
            kind = type(layer).__name__
            word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
            number, seen[word] = seen[word], seen[word] + 1
            size = sum(value.size for (at, _), value in self.weights.items() if at == position)
            name = layer.name or (f"{word}_{number}" if number else word)
            yield LayerRow(name, kind, (None, *self._shapes[position]), size)


def _tracked(x: Node, added: float, slope: Numbers) -> Node:
    return made(np.asarray(added), (x,), lambda g: ((float(np.sum(g)) * slope,), {}))


def weights_of(model: ReferenceModel, values: Mapping[tuple[int, str], Array]) -> None:
    """Sets weights, in double precision."""
    for key, value in values.items():
        model.weights[key] = np.array(value, dtype=np.float64)
