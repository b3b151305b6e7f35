"""Keras on torch."""

from core.backends.torch.backend import TorchBackend

__all__ = ["TorchBackend"]
