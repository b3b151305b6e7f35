"""Keras on JAX: stateless calls, `value_and_grad`, `jit`."""

from core.dialects.jax.dialect import JaxDialect

__all__ = ["JaxDialect"]
