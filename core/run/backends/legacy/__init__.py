"""Legacy Keras: Keras 2 on TensorFlow, as `keras` before 3.0 or as the package `tf_keras`."""

from core.run.backends.legacy.backend import LegacyBackend

__all__ = ["LegacyBackend"]
