"""Model, optimizer, loss and metric specs, with Keras 3's names and defaults."""

from __future__ import annotations

from attrs import field, frozen

from core.spec import layers, rules


@frozen
class ModelSpec:
    """A chain of layers from one input.

    Attributes:
        style: `functional` (layers called one after the other) or `sequential`.
        name: the model's own name, where the guide gives one (`discriminator`).
    """

    input: layers.Input = field(validator=rules.a(layers.Input))
    layers: tuple[layers.Layer, ...] = field(validator=rules.each(layers.Layer))
    style: str = field(default="functional", validator=rules.one_of("functional", "sequential"))
    name: str | None = field(default=None, validator=rules.optional(rules.name))

    def __attrs_post_init__(self) -> None:
        if not self.layers:
            raise rules.broken(self, "layers", self.layers, "at least one layer")
        given = [layer.name for layer in self.layers if layer.name is not None]
        if len(set(given)) != len(given):
            raise rules.broken(self, "layers", tuple(given), "layer names that differ")

    @property
    def dropout_rates(self) -> tuple[float, ...]:
        """The rates of the Dropout layers, in order."""
        return tuple(layer.rate for layer in self.layers if isinstance(layer, layers.Dropout))


@frozen
class Adam:
    """Adam (Kingma and Ba 2015) with Keras's defaults."""

    learning_rate: float = field(validator=rules.positive)
    beta_1: float = field(default=0.9, validator=rules.fraction)
    beta_2: float = field(default=0.999, validator=rules.fraction)
    epsilon: float = field(default=1e-7, validator=rules.positive)


@frozen
class SGD:
    """Gradient descent without momentum, as the guides use it."""

    learning_rate: float = field(validator=rules.positive)


OptimizerSpec = Adam | SGD


@frozen
class SparseCategoricalCrossentropy:
    """Mean cross-entropy against integer labels of shape (batch,)."""

    from_logits: bool = field(default=False, validator=rules.flag)


@frozen
class BinaryCrossentropy:
    """Mean cross-entropy against labels in [0, 1] of the prediction's shape."""

    from_logits: bool = field(default=False, validator=rules.flag)


LossSpec = SparseCategoricalCrossentropy | BinaryCrossentropy


@frozen
class SparseCategoricalAccuracy:
    """The fraction of samples whose largest output is the label's."""


MetricSpec = SparseCategoricalAccuracy
