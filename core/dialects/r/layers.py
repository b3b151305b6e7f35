"""Layers, optimizers, losses and metrics as R's keras3 calls them."""

from __future__ import annotations

from core.dialects.python.layers import number, quoted
from core.dialects.r.layout import r_call, vector
from core.spec import layers
from core.spec.parts import SGD, Adam, BinaryCrossentropy, LossSpec, OptimizerSpec

ACTIVITY_LAYER = "layer_activity_regularization"
TOTALS = {"sum": "op_sum", "mean": "op_mean"}


def layer(spec: layers.Layer) -> str:
    """The call that adds a layer to a pipe."""
    name = quoted(spec.name)
    match spec:
        case layers.Dense():
            return r_call(
                "layer_dense",
                units=str(spec.units),
                activation=quoted(spec.activation),
                use_bias=None if spec.use_bias else "FALSE",
                kernel_initializer=initializer(spec.kernel_initializer),
                name=name,
            )
        case layers.Conv2D() | layers.Conv2DTranspose():
            transposed = isinstance(spec, layers.Conv2DTranspose)
            return r_call(
                "layer_conv_2d_transpose" if transposed else "layer_conv_2d",
                filters=str(spec.filters),
                kernel_size=vector(spec.kernel_size),
                strides=None if spec.strides == (1, 1) else vector(spec.strides),
                padding=None if spec.padding == "valid" else quoted(spec.padding),
                activation=quoted(spec.activation),
                use_bias=None if spec.use_bias else "FALSE",
                kernel_initializer=initializer(spec.kernel_initializer),
                name=name,
            )
        case layers.LeakyReLU():
            usual = spec.negative_slope == layers.LeakyReLU().negative_slope
            slope = None if usual else number(spec.negative_slope)
            return r_call("layer_activation_leaky_relu", negative_slope=slope, name=name)
        case layers.BatchNormalization():
            default = layers.BatchNormalization()
            momentum = None if spec.momentum == default.momentum else number(spec.momentum)
            epsilon = None if spec.epsilon == default.epsilon else number(spec.epsilon)
            return r_call(
                "layer_batch_normalization", momentum=momentum, epsilon=epsilon, name=name
            )
        case layers.Dropout():
            return r_call("layer_dropout", rate=number(spec.rate), name=name)
        case layers.Reshape():
            shape = vector(spec.target_shape)
            return r_call("layer_reshape", target_shape=shape, name=name)
        case layers.Flatten():
            return r_call("layer_flatten", name=name)
        case layers.GlobalMaxPooling2D():
            return r_call("layer_global_max_pooling_2d", name=name)
        case layers.ActivityRegularization():
            return r_call(ACTIVITY_LAYER, name=name)


def initializer(spec: layers.Initializer) -> str | None:
    """The initializer, None for Keras's default."""
    if not isinstance(spec, layers.RandomNormal):
        return None
    return spec.shared or random_normal(spec)


def random_normal(spec: layers.RandomNormal) -> str:
    """The call that makes a normal initializer."""
    return r_call("initializer_random_normal", stddev=number(spec.stddev))


def optimizer(spec: OptimizerSpec) -> str:
    """The call that makes an optimizer; Keras's defaults are left out."""
    rate = number(spec.learning_rate)
    if isinstance(spec, SGD):
        return r_call("optimizer_sgd", learning_rate=rate)
    usual = Adam(learning_rate=spec.learning_rate)
    given = (
        (spec.beta_1, usual.beta_1),
        (spec.beta_2, usual.beta_2),
        (spec.epsilon, usual.epsilon),
    )
    beta_1, beta_2, epsilon = (None if a == b else number(a) for a, b in given)
    return r_call(
        "optimizer_adam", learning_rate=rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon
    )


def loss(spec: LossSpec) -> str:
    """The call that makes a loss function."""
    binary = isinstance(spec, BinaryCrossentropy)
    kind = "loss_binary_crossentropy" if binary else "loss_sparse_categorical_crossentropy"
    return r_call(kind, from_logits="TRUE" if spec.from_logits else None)


METRIC = "metric_sparse_categorical_accuracy()"
