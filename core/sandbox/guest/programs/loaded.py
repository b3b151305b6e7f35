"""The Keras of this environment: Keras 3, Keras 2 or tf-keras."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import cast

import numpy as np

from ..dynamic import Dynamic
from .inputs import Array

_LONG = 600  # characters
LEGACY = "LOOP_PARITY_LEGACY_KERAS"


class Loaded:
    """Keras and its framework."""

    def __init__(self) -> None:
        self.legacy = bool(os.environ.get(LEGACY))
        self.backend = os.environ.get("KERAS_BACKEND", "tensorflow")
        if self.backend == "tensorflow" or self.legacy:
            self.backend = "tensorflow"
            self.tensorflow = cast(Dynamic, import_module("tensorflow"))
        self.keras = cast(Dynamic, import_module(os.environ.get(LEGACY) or "keras"))

    def array(self, value: object) -> Array:
        """A tensor's values."""
        if self.legacy:
            return np.asarray(value, dtype=np.float64)
        return np.asarray(self.keras.ops.convert_to_numpy(value), dtype=np.float64)

    def tensor(self, value: object, dtype: str = "float32") -> Dynamic:
        """A tensor of values."""
        if self.legacy:
            return self.tensorflow.convert_to_tensor(value, dtype)
        return self.keras.ops.convert_to_tensor(value, dtype=dtype)

    def leaky(self, slope: float | None = None) -> Dynamic:
        """A LeakyReLU layer; its slope has had two names."""
        if slope is None:
            return self.keras.layers.LeakyReLU()
        try:
            return self.keras.layers.LeakyReLU(negative_slope=slope)
        except (TypeError, ValueError):
            return self.keras.layers.LeakyReLU(alpha=slope)

    def seed(self, seed: int) -> None:
        """Keras's own seeding."""
        self.keras.utils.set_random_seed(seed)

    @contextmanager
    def floatx(self, name: str) -> Iterator[None]:
        """Another default precision."""
        former = str(self.keras.backend.floatx())
        self.keras.backend.set_floatx(name)
        try:
            yield
        finally:
            self.keras.backend.set_floatx(former)


def short(error: BaseException) -> str:
    """An error in one line; of a long one the beginning and the end, where its cause stands."""
    return shortened(f"{type(error).__name__}: {error}")


def shortened(text: str) -> str:
    """A message in one line; of a long one the beginning and the end."""
    text = " ".join(text.split())
    return text if len(text) <= _LONG else f"{text[: _LONG // 4]} … {text[-3 * _LONG // 4 :]}"


def plain_config(config: object) -> object:
    """A configuration as JSON values."""
    if isinstance(config, Mapping):
        return {str(key): plain_config(value) for key, value in config.items()}
    if isinstance(config, list | tuple):
        return [plain_config(value) for value in config]
    if config is None or isinstance(config, bool | int | float | str):
        return config
    try:
        return float(cast(Dynamic, config))
    except (TypeError, ValueError):
        return str(config)
