"""The kernel gradient of a transposed convolution, in a form that XLA computes fast on a CPU.

A transposed convolution is the transpose, in its input, of an ordinary strided one: for any `x`
and `y`, `<up(x, k), y> = <x, down(y, k)>`. So the gradient of the left side in `k` is the gradient
of the right side. JAX differentiates the left side; XLA's CPU code for what results takes 7 s for
one layer of a DCGAN (64 images, 14 x 14 x 128 up to 28 x 28 x 128), and 0.3 s for the right side.
Both add up the same products in another order: they differ by rounding, and each is as near to
the double-precision value as the other (measured: 1e-6 of the largest element). Forward pass and
input gradient stay bit-identical.

In double precision XLA's CPU code for a dilated convolution is slow in the forward pass too (4 s
for that layer). There the transposed convolution is computed as the transpose of patches times
kernel, a matrix product: 0.4 s, the same sums in another order.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

_DONE = "differentiated_by_parity"


def speed_up_transposed_convolution(jax: Any) -> None:
    """Gives Keras's transposed convolution on JAX the fast forms, once per process."""
    nn: Any = import_module("keras.src.backend.jax.nn")
    if not hasattr(nn.conv_transpose, _DONE):
        single = with_fast_kernel_gradient(jax, nn.conv_transpose)
        paddings = nn.compute_conv_transpose_padding_args_for_jax
        nn.conv_transpose = with_fast_double_precision(jax, single, paddings)


def with_fast_double_precision(jax: Any, conv_transpose: Any, paddings: Any) -> Any:
    """A transposed convolution that takes the matrix product in double precision.

    Args:
        jax: the module.
        conv_transpose: what computes everything else.
        paddings: Keras's function for the padding of the dilated inputs.
    """

    def differentiable(
        inputs: Any,
        kernel: Any,
        strides: Any = 1,
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
    ) -> Any:
        x, k = jax.numpy.asarray(inputs), jax.numpy.asarray(kernel)
        rates = {dilation_rate} if isinstance(dilation_rate, int) else {*dilation_rate}
        usual = data_format in (None, "channels_last") and rates == {1} and x.ndim == 4
        if x.dtype != "float64" or k.dtype != "float64" or not usual:
            return conv_transpose(
                inputs, kernel, strides, padding, output_padding, data_format, dilation_rate
            )
        pads = paddings(x.shape, k.shape, strides, padding, output_padding, dilation_rate)
        return _by_patches(jax, x, k, pads=pads, strides=strides)

    setattr(differentiable, _DONE, True)
    return differentiable


def with_fast_kernel_gradient(jax: Any, conv_transpose: Any) -> Any:
    """A transposed convolution with the same value and the kernel gradient described above.

    Args:
        jax: the module.
        conv_transpose: `(inputs, kernel, *settings)`, linear in both; inputs of shape
            (batch, height, width, channels), kernel (height, width, filters, channels).
    """

    def differentiable(inputs: Any, kernel: Any, *args: Any, **settings: Any) -> Any:
        def up(x: Any, k: Any) -> Any:
            return conv_transpose(x, k, *args, **settings)

        def forward(x: Any, k: Any) -> tuple[Any, tuple[Any, Any]]:
            return up(x, k), (x, k)

        def backward(kept: tuple[Any, Any], cotangent: Any) -> tuple[Any, Any]:
            x, k = kept

            def down(k: Any) -> Any:
                return jax.linear_transpose(lambda x: up(x, k), x)(cotangent)[0]

            input_gradient, pull = jax.vjp(down, k)
            return input_gradient, pull(x)[0]

        rule = jax.custom_vjp(up)
        rule.defvjp(forward, backward)
        value = jax.numpy.asarray
        return rule(value(inputs), value(kernel))

    setattr(differentiable, _DONE, True)
    return differentiable


def _by_patches(
    jax: Any, inputs: Any, kernel: Any, *, pads: Sequence[tuple[int, int]], strides: Any
) -> Any:
    """The transposed convolution as the transpose of `patches(y) @ kernel`, linear in `y`.

    Args:
        jax: the module.
        inputs: shape (batch, height, width, channels).
        kernel: shape (height, width, filters, channels).
        pads: the padding of the dilated inputs, as Keras works it out for JAX.
        strides: one per axis, or one for both.
    """
    numpy, lax = jax.numpy, jax.lax
    strides = (strides, strides) if isinstance(strides, int) else tuple(strides)
    size, window, filters = inputs.shape[1:3], kernel.shape[:2], kernel.shape[2]
    # An output pixel i lies at i + left in the padded output, whose windows start every stride.
    left = [length - 1 - pad[0] for length, pad in zip(window, pads, strict=True)]
    whole = [(n - 1) * s + k for n, s, k in zip(size, strides, window, strict=True)]
    made = [
        (n - 1) * s + 1 + sum(pad) - (k - 1)
        for n, s, pad, k in zip(size, strides, pads, window, strict=True)
    ]
    margins = [(at, total - at - n, 0) for at, total, n in zip(left, whole, made, strict=True)]

    def down(y: Any) -> Any:
        padded = lax.pad(y, numpy.zeros((), y.dtype), [(0, 0, 0), *margins, (0, 0, 0)])
        ends = [(n - 1) * s + 1 for n, s in zip(size, strides, strict=True)]
        patches = [
            padded[:, i : i + ends[0] : strides[0], j : j + ends[1] : strides[1]]
            for i in range(window[0])
            for j in range(window[1])
        ]
        flat = numpy.concatenate(patches, -1).reshape(-1, window[0] * window[1] * filters)
        return (flat @ kernel.reshape(-1, kernel.shape[3])).reshape(inputs.shape)

    shape = jax.ShapeDtypeStruct((inputs.shape[0], *made, filters), inputs.dtype)
    return jax.linear_transpose(down, shape)(inputs)[0]
