"""Keras on torch: autograd, `DataLoader`."""

from core.dialects.torch.dialect import TorchDialect

__all__ = ["TorchDialect"]
