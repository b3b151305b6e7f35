"""Keras on JAX."""

from core.run.backends.jax.backend import JaxBackend

__all__ = ["JaxBackend"]
