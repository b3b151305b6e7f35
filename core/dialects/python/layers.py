"""Layers, optimizers, losses and metrics as Python expressions."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from core.dialects.layout import Expr, Group, call
from core.spec import layers
from core.spec.parts import SGD, Adam, LossSpec, MetricSpec, OptimizerSpec

SharedInitializer = Callable[[layers.RandomNormal], Expr]
ACTIVITY_LAYER = "ActivityRegularizationLayer"


def number(value: float) -> str:
    """A number as a person writes it: `1e-3`, `0.0002`, `255.0`."""
    if isinstance(value, int):
        return str(value)
    if 0 < abs(value) <= 1e-2:
        mantissa, _, exponent = f"{value:e}".partition("e")
        if float(mantissa).is_integer():
            short = f"{int(float(mantissa))}e{int(exponent)}"
            if len(short) < len(repr(value)):
                return short
    return repr(value)


def quoted(value: str | None) -> str | None:
    """A string literal; None stays None."""
    return None if value is None else f'"{value}"'


def sizes(values: tuple[int, ...]) -> str:
    """A tuple of sizes."""
    return f"({values[0]},)" if len(values) == 1 else f"({', '.join(map(str, values))})"


@frozen
class LayerWords:
    """How a dialect of Python writes layers.

    Attributes:
        module: where layers are: `keras.layers` or `layers`.
        slope: the argument of LeakyReLU.
        total: `{sum, mean}` by the spec's word, for the layer that tracks a loss.
    """

    module: str
    slope: str
    total: dict[str, str]

    def layer(self, spec: layers.Layer, shared: SharedInitializer) -> Expr:
        """The call that makes a layer."""
        kind = f"{self.module}.{type(spec).__name__}"
        name = quoted(spec.name)
        match spec:
            case layers.Dense():
                return call(
                    kind,
                    str(spec.units),
                    activation=quoted(spec.activation),
                    **self._weights(spec.use_bias, spec.kernel_initializer, shared),
                    name=name,
                )
            case layers.Conv2D() | layers.Conv2DTranspose():
                return call(
                    kind,
                    str(spec.filters),
                    sizes(spec.kernel_size),
                    strides=None if spec.strides == (1, 1) else sizes(spec.strides),
                    padding=None if spec.padding == "valid" else quoted(spec.padding),
                    activation=quoted(spec.activation),
                    **self._weights(spec.use_bias, spec.kernel_initializer, shared),
                    name=name,
                )
            case layers.LeakyReLU():
                usual = spec.negative_slope == layers.LeakyReLU().negative_slope
                slope = None if usual else number(spec.negative_slope)
                return call(kind, name=name, **{self.slope: slope})
            case layers.BatchNormalization():
                usual_ = layers.BatchNormalization()
                return call(
                    kind,
                    momentum=None if spec.momentum == usual_.momentum else number(spec.momentum),
                    epsilon=None if spec.epsilon == usual_.epsilon else number(spec.epsilon),
                    name=name,
                )
            case layers.Dropout():
                return call(kind, number(spec.rate), name=name)
            case layers.Reshape():
                return call(kind, sizes(spec.target_shape), name=name)
            case layers.Flatten() | layers.GlobalMaxPooling2D():
                return call(kind, name=name)
            case layers.ActivityRegularization():
                return call(ACTIVITY_LAYER, name=name)

    def _weights(
        self, use_bias: bool, initializer: layers.Initializer, shared: SharedInitializer
    ) -> dict[str, Expr | None]:
        made = None
        if isinstance(initializer, layers.RandomNormal):
            made = shared(initializer)
        return {"use_bias": None if use_bias else "False", "kernel_initializer": made}


def optimizer(spec: OptimizerSpec) -> Group:
    """The call that makes an optimizer; Keras's defaults are left out."""
    rate = number(spec.learning_rate)
    match spec:
        case SGD():
            return call("keras.optimizers.SGD", learning_rate=rate)
        case Adam():
            usual = Adam(learning_rate=spec.learning_rate)
            both = {
                "beta_1": (spec.beta_1, usual.beta_1),
                "beta_2": (spec.beta_2, usual.beta_2),
                "epsilon": (spec.epsilon, usual.epsilon),
            }
            changed = {
                name: number(mine) for name, (mine, default) in both.items() if mine != default
            }
            return call("keras.optimizers.Adam", learning_rate=rate, **changed)


def loss(spec: LossSpec) -> Group:
    """The call that makes a loss function."""
    kind = type(spec).__name__
    return call(f"keras.losses.{kind}", from_logits="True" if spec.from_logits else None)


def metric(spec: MetricSpec) -> Group:
    """The call that makes a metric."""
    return call(f"keras.metrics.{type(spec).__name__}")
