"""Keras on JAX."""

from core.backends.jax.backend import JaxBackend

__all__ = ["JaxBackend"]
