"""Keras on TensorFlow."""

from core.run.backends.tensorflow.backend import TensorFlowBackend

__all__ = ["TensorFlowBackend"]
