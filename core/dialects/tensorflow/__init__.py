"""Keras on TensorFlow: gradient tapes, `tf.function`, `tf.data`."""

from core.dialects.tensorflow.dialect import TensorFlowDialect

__all__ = ["TensorFlowDialect"]
