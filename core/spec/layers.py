"""Layer specs, named and parameterised as in Keras 3 (https://keras.io/api/layers/).

A layer without a `name` takes Keras's automatic one, which counts layers of a kind over the whole
process: that is why a later section's first Dense is `dense_6`.
"""

from __future__ import annotations

from attrs import field, frozen

from core.spec import rules

Activation = str | None
_activation = rules.one_of(None, "relu", "sigmoid", "tanh")
_padding = rules.one_of("same", "valid")


@frozen
class GlorotUniform:
    """Uniform in ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010); Keras's default."""


@frozen
class RandomNormal:
    """Normal with the given standard deviation.

    `shared` names one initializer *instance* used for several kernels. A Keras 3 instance keeps
    its seed, so that every kernel it fills starts with the same values.
    """

    stddev: float = field(validator=rules.positive)
    shared: str | None = field(default=None, validator=rules.optional(rules.name))


Initializer = GlorotUniform | RandomNormal


@frozen
class Input:
    """The model's input: shape without the batch dimension."""

    shape: tuple[int, ...] = field(validator=rules.counts)
    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class Dense:
    """A fully connected layer, `activation(x @ kernel + bias)`."""

    units: int = field(validator=rules.count)
    activation: Activation = field(default=None, validator=_activation)
    use_bias: bool = field(default=True, validator=rules.flag)
    kernel_initializer: Initializer = field(factory=GlorotUniform, validator=rules.a(Initializer))
    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class Conv2D:
    """A 2-D convolution over (batch, height, width, channels)."""

    filters: int = field(validator=rules.count)
    kernel_size: tuple[int, int] = field(validator=rules.pair)
    strides: tuple[int, int] = field(default=(1, 1), validator=rules.pair)
    padding: str = field(default="valid", validator=_padding)
    activation: Activation = field(default=None, validator=_activation)
    use_bias: bool = field(default=True, validator=rules.flag)
    kernel_initializer: Initializer = field(factory=GlorotUniform, validator=rules.a(Initializer))
    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class Conv2DTranspose:
    """A transposed 2-D convolution over (batch, height, width, channels)."""

    filters: int = field(validator=rules.count)
    kernel_size: tuple[int, int] = field(validator=rules.pair)
    strides: tuple[int, int] = field(default=(1, 1), validator=rules.pair)
    padding: str = field(default="valid", validator=_padding)
    activation: Activation = field(default=None, validator=_activation)
    use_bias: bool = field(default=True, validator=rules.flag)
    kernel_initializer: Initializer = field(factory=GlorotUniform, validator=rules.a(Initializer))
    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class LeakyReLU:
    """max(x, slope·x); Keras's own default slope is 0.3."""

    negative_slope: float = field(default=0.3, validator=rules.real)
    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class BatchNormalization:
    """Normalises over the batch, with moving statistics (Ioffe and Szegedy 2015)."""

    momentum: float = field(default=0.99, validator=rules.fraction)
    epsilon: float = field(default=1e-3, validator=rules.positive)
    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class Dropout:
    """Zeroes a fraction `rate` of the inputs in training and scales the rest by 1/(1-rate)."""

    rate: float = field(validator=rules.fraction)
    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class GlobalMaxPooling2D:
    """The maximum over height and width, for each channel."""

    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class Flatten:
    """All dimensions but the batch in one."""

    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class Reshape:
    """A new shape, without the batch dimension."""

    target_shape: tuple[int, ...] = field(validator=rules.counts)
    name: str | None = field(default=None, validator=rules.optional(rules.name))


@frozen
class ActivityRegularization:
    """The guides' own layer: passes its input on and adds `factor · reduction(inputs)` as a loss.

    `registered` says that the guide registers the class for saving (the older guide does).
    """

    factor: float = field(validator=rules.positive)
    reduction: str = field(validator=rules.one_of("sum", "mean"))
    registered: bool = field(default=False, validator=rules.flag)
    name: str | None = field(default=None, validator=rules.optional(rules.name))


Layer = (
    Dense
    | Conv2D
    | Conv2DTranspose
    | LeakyReLU
    | BatchNormalization
    | Dropout
    | GlobalMaxPooling2D
    | Flatten
    | Reshape
    | ActivityRegularization
)
Weighted = Dense | Conv2D | Conv2DTranspose
