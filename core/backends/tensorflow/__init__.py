"""Keras on TensorFlow."""

from core.backends.tensorflow.backend import TensorFlowBackend

__all__ = ["TensorFlowBackend"]
