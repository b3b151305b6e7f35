"""The kernel gradient of a transposed convolution, in a form that XLA computes fast on a CPU.

A transposed convolution is the transpose, in its input, of an ordinary strided one: for any `x`
and `y`, `<up(x, k), y> = <x, down(y, k)>`. So the gradient of the left side in `k` is the gradient
of the right side. JAX differentiates the left side; XLA's CPU code for what results takes 7 s for
one layer of a DCGAN (64 images, 14 x 14 x 128 up to 28 x 28 x 128), and 0.3 s for the right side.
Both add up the same products in another order: they differ by rounding, and each is as near to
the double-precision value as the other (measured: 1e-6 of the largest element). Forward pass and
input gradient stay what they are, bit for bit.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DONE = "differentiated_by_parity"


def speed_up_transposed_convolution(jax: Any) -> None:
    """Gives Keras's transposed convolution on JAX the fast kernel gradient, once per process."""
    nn: Any = import_module("keras.src.backend.jax.nn")
    if not hasattr(nn.conv_transpose, _DONE):
        nn.conv_transpose = with_fast_kernel_gradient(jax, nn.conv_transpose)


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
