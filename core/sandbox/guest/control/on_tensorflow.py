"""TensorFlow: draws by address in eager code and in graphs, seeded shuffles, Keras's Dropout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ..dynamic import Dynamic, Function, replace
from .calls import NOTICED_TENSORFLOW
from .draws import Draws, truncated
from .noticing import notice, place, tell

Draw = Callable[[np.random.Generator, tuple[int, ...]], NDArray[np.float64]]
_SHUFFLES = 2**31 - 1


class OnTensorFlow:
    """Controls TensorFlow.

    A draw inside a graph is made by NumPy each time the graph runs: an op that calls back. Its
    address is the document's function, the kind of draw and its shape, so that the same loop draws
    the same numbers eagerly and compiled, however often it is traced.
    """

    def __init__(self, draws: Draws, tensorflow: Dynamic) -> None:
        self._draws = draws
        self._tf = tensorflow
        self._graphs: Counter[tuple[int, str]] = Counter()

    def install(self) -> None:
        """Replaces the drawing functions."""
        random = self._tf.random
        normal = self._scaled("normal", lambda g, s: g.standard_normal(s))
        replace(random, "normal", lambda _: normal)
        replace(random, "uniform", self._uniform)
        cut = self._scaled("truncated", lambda g, s: truncated(g, s, 0.0, 1.0))
        replace(random, "truncated_normal", lambda _: cut)
        replace(random, "shuffle", self._shuffle)
        replace(self._tf.data.Dataset, "shuffle", self._shuffled)
        notice(random, NOTICED_TENSORFLOW, "tf.random")

    def dropout(self, keras: Dynamic) -> None:
        """Replaces the call of a Keras package's Dropout layer."""
        replace(keras.layers.Dropout, "call", self._dropout)

    def drawn(self, kind: str, shape: object, draw: Draw, dtype: object) -> object:
        """A tensor of a draw's numbers, made whenever it is computed."""
        tf = self._tf
        known = tf.TensorShape(tf.get_static_value(tf.convert_to_tensor(shape)))
        address = f"{kind}/{place() or ''}/{known}"
        if not tf.executing_eagerly():
            # Two draws of one kind in one function are told apart by their order in the graph.
            graph = (id(tf.compat.v1.get_default_graph()), address)
            address += f"/{self._graphs[graph]}"
            self._graphs[graph] += 1
        else:
            address += "/0"

        def numbers(size: NDArray[np.int32]) -> NDArray[np.float32]:
            sizes = tuple(int(length) for length in np.atleast_1d(size))
            return np.asarray(draw(self._draws.next(address), sizes), dtype=np.float32)

        size = tf.cast(tf.convert_to_tensor(shape), tf.int32)
        made = tf.numpy_function(numbers, [size], tf.float32)
        made.set_shape(known)
        return tf.cast(made, dtype)

    def _scaled(self, kind: str, standard: Draw) -> object:
        """A function of TensorFlow that moves and stretches standard draws."""

        def scaled(
            shape: object,
            mean: float = 0.0,
            stddev: float = 1.0,
            dtype: object = "float32",
            seed: object = None,
            name: object = None,
        ) -> object:
            del seed, name
            made = self.drawn(kind, shape, standard, dtype)
            return cast(Dynamic, made) * stddev + mean  # type: ignore[operator]

        return scaled

    def _uniform(self, original: Function) -> object:
        tf = self._tf

        def uniform(
            shape: object,
            minval: object = 0,
            maxval: object = None,
            dtype: object = "float32",
            seed: object = None,
            name: object = None,
        ) -> object:
            if not tf.as_dtype(dtype).is_floating:
                tell("tf.random.uniform of whole numbers")
                return original(shape, minval, maxval, dtype, seed, name)
            high = 1.0 if maxval is None else maxval
            made = cast(Dynamic, self.drawn("uniform", shape, lambda g, s: g.random(s), dtype))
            return made * (high - minval) + minval  # type: ignore[operator]

        return uniform

    def _shuffle(self, original: Function) -> object:
        del original
        tf = self._tf

        def order(generator: np.random.Generator, sizes: tuple[int, ...]) -> NDArray[np.float64]:
            return np.asarray(generator.permutation(sizes[0]), dtype=np.float64)

        def shuffle(value: object, seed: object = None, name: object = None) -> object:
            del seed, name
            picked = self.drawn("shuffle", [tf.shape(value)[0]], order, tf.float32)
            return tf.gather(value, tf.cast(picked, tf.int32))

        return shuffle

    def _shuffled(self, original: Function) -> object:
        def shuffle(
            dataset: object,
            buffer_size: object,
            seed: object = None,
            *args: object,
            **named: object,
        ) -> object:
            generator = self._draws.next(f"Dataset.shuffle/{place() or ''}")
            drawn = int(generator.integers(1, _SHUFFLES)) if seed is None else seed
            return original(dataset, buffer_size, drawn, *args, **named)

        return shuffle

    def _dropout(self, original: Function) -> object:
        tf = self._tf

        def call(layer: Dynamic, inputs: Dynamic, training: object = None) -> object:
            if training is None or getattr(layer, "noise_shape", None) is not None:
                return original(layer, inputs, training)
            if not training or float(layer.rate) == 0.0:
                return inputs
            rate = float(layer.rate)

            def keep(generator: np.random.Generator, sizes: tuple[int, ...]) -> NDArray[np.float64]:
                return np.asarray(generator.random(sizes) >= rate, dtype=np.float64)

            mask = self.drawn(f"dropout/{rate}", tf.shape(inputs), keep, inputs.dtype)
            return inputs * mask * (1.0 / (1.0 - rate))  # type: ignore[operator]

        return call
