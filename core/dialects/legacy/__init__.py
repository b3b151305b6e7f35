"""Keras 2, as TensorFlow shipped it before Keras 3."""

from core.dialects.legacy.dialect import LegacyDialect

__all__ = ["LegacyDialect"]
