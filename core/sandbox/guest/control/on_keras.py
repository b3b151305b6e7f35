"""Keras, whatever its generation: initializers by address; other draws are reported."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ..dynamic import Dynamic, Function, replace
from .calls import NOTICED_KERAS, NOTICED_KERAS_TOO
from .draws import TRUNCATED, Draws, fans, truncated
from .noticing import notice, tell

_INITIALIZERS = ("RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling")
_OTHERS = ("Orthogonal", "OrthogonalInitializer")
_HELD = "_parity_address"


class OnKeras:
    """Controls one Keras package (`keras` or `tf_keras`)."""

    def __init__(self, draws: Draws, keras: Dynamic) -> None:
        self._draws = draws
        self._keras = keras
        self._third = hasattr(keras, "ops")
        self._seen: Counter[str] = Counter()

    def install(self) -> None:
        """Replaces the initializers, and watches the rest."""
        initializers = self._keras.initializers
        for name in _INITIALIZERS:
            replace(getattr(initializers, name), "__call__", self._initializer)
        for name in _OTHERS:
            if (kind := getattr(initializers, name, None)) is not None:
                notice(kind, ("__call__",), f"keras.initializers.{name}")
        if self._third:
            notice(self._keras.random, (*NOTICED_KERAS, *NOTICED_KERAS_TOO), "keras.random")
            replace(self._keras.random.SeedGenerator, "next", self._next)

    def _next(self, original: Function) -> object:
        def next(generator: object, *args: object, **named: object) -> object:  # noqa: A001
            tell("a random layer of Keras")
            return original(generator, *args, **named)

        return next

    def _initializer(self, original: Function) -> object:
        del original

        def __call__(  # noqa: N807
            initializer: object, shape: object, dtype: object = None, **named: object
        ) -> object:
            del named
            sizes = tuple(int(size) for size in cast(Dynamic, shape))
            address = self._address(initializer, sizes)
            generator = self._draws.at(address, 0)
            values = drawn(cast(Dynamic, initializer), generator, sizes)
            return self._tensor(self._draws.weights(address, values), dtype)

        return __call__

    def _address(self, initializer: object, shape: tuple[int, ...]) -> str:
        """What addresses a kernel: its initializer's kind, its shape, and how many came before it.

        An instance that is used again gives the same values again, as Keras 3's do, and legacy
        Keras's where they have a seed.
        """
        held = vars(initializer).get(_HELD)
        again = self._third or getattr(initializer, "seed", None) is not None
        kind = f"initializer/{type(initializer).__name__}/{shape}"
        if isinstance(held, dict) and again and shape in held:
            return str(held[shape])
        number = self._seen[kind]
        self._seen[kind] += 1
        address = f"{kind}/{number}"
        known = held if isinstance(held, dict) else {}
        vars(initializer)[_HELD] = known | {shape: address}
        return address

    def _tensor(self, array: NDArray[np.float32], dtype: object) -> object:
        if self._third:
            wanted = dtype or self._keras.config.floatx()
            return self._keras.ops.convert_to_tensor(array, dtype=wanted)
        tf = cast(Dynamic, import_module("tensorflow"))
        return tf.cast(tf.constant(array), dtype or self._keras.backend.floatx())


def drawn(
    initializer: Dynamic, generator: np.random.Generator, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """What an initializer of Keras draws for a shape, from a generator of ours.

    Formulas: Glorot and Bengio 2010, He et al. 2015, LeCun et al. 1998, as Keras documents them.
    """
    kinds = {kind.__name__ for kind in type(initializer).__mro__}
    if "VarianceScaling" in kinds:
        return _scaled(initializer, generator, shape)
    if "RandomUniform" in kinds:
        return generator.uniform(float(initializer.minval), float(initializer.maxval), shape)
    mean, stddev = float(initializer.mean), float(initializer.stddev)
    if "TruncatedNormal" in kinds:
        return truncated(generator, shape, mean, stddev)
    return np.asarray(mean + stddev * generator.standard_normal(shape))


def _scaled(
    initializer: Dynamic, generator: np.random.Generator, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    fan_in, fan_out = fans(shape)
    sizes = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}
    scale = float(initializer.scale) / max(1.0, sizes[str(initializer.mode)])
    if str(initializer.distribution) == "uniform":
        limit = float(np.sqrt(3.0 * scale))
        return generator.uniform(-limit, limit, shape)
    stddev = float(np.sqrt(scale))
    if str(initializer.distribution) == "untruncated_normal":
        return np.asarray(stddev * generator.standard_normal(shape))
    return truncated(generator, shape, 0.0, stddev / TRUNCATED)
