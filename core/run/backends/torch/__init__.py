"""Keras on torch."""

from core.run.backends.torch.backend import TorchBackend

__all__ = ["TorchBackend"]
