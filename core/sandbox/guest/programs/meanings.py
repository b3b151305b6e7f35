"""What calls of Keras mean here: each probe computes a few numbers, and judges nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import cast

import numpy as np

from ..dynamic import Dynamic
from .inputs import (
    BIAS,
    BINARY,
    CLASSES,
    CLASSES_BIAS,
    CLASSES_KERNEL,
    DROPPED,
    FEATURES,
    GRADIENTS,
    KERNEL,
    ROWS,
    SATURATED,
    SEED,
    START,
    Array,
)
from .loaded import Loaded, plain_config, short

Answer = dict[str, object]
Probe = Callable[[Loaded], Iterator[tuple[str, object]]]
"""Gives a setting and what was computed in it; an exception ends the probe."""


def _numbers(values: Array) -> list[float]:
    return [float(value) for value in np.ravel(values)]


def _head(at: Loaded, activation: str, units: int, dtype: str) -> Dynamic:
    keras = at.keras
    inputs = keras.Input(shape=(3,), dtype=dtype)
    dense = keras.layers.Dense(units, activation=activation, dtype=dtype)
    model = keras.Model(inputs, dense(inputs))
    pair = (KERNEL, BIAS) if units == 1 else (CLASSES_KERNEL, CLASSES_BIAS)
    dense.set_weights([part.astype(dtype) for part in pair])
    return model


def _losses(at: Loaded, activation: str, units: int) -> Iterator[tuple[str, object]]:
    keras = at.keras

    def make() -> Dynamic:
        if units == 1:
            return keras.losses.BinaryCrossentropy(from_logits=True)
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    y = BINARY if units == 1 else CLASSES
    for dtype in ("float32", "float64", "float16"):
        model = _head(at, activation, units, dtype)
        x = at.tensor(FEATURES, dtype)
        yield f"eager, {dtype} layer", _numbers(at.array(make()(y, model(x))))
        if at.backend == "tensorflow":
            loss = make()

            def step(x: object, model: Dynamic = model, loss: Dynamic = loss) -> object:
                return loss(y, model(x))

            graph = at.tensorflow.function(step)
            yield f"tf.function, {dtype} layer", _numbers(at.array(graph(x)))
    model = _head(at, activation, units, "float32")
    x = at.tensor(FEATURES)
    if at.backend == "tensorflow":
        passed = at.tensorflow.identity(model(x))
        yield "eager, after tf.identity", _numbers(at.array(make()(y, passed)))
    reshaped = at.keras.layers.Reshape((units,))(model(x))
    yield "eager, after Reshape", _numbers(at.array(make()(y, reshaped)))
    with at.floatx("float64"):
        model = _head(at, activation, units, "float64")
        x = at.tensor(FEATURES, "float64")
        yield "eager, floatx float64", _numbers(at.array(make()(y, model(x))))


def sigmoid_from_logits(at: Loaded) -> Iterator[tuple[str, object]]:
    """A sigmoid's output, given to a loss that is told it gets logits."""
    yield from _losses(at, "sigmoid", 1)


def softmax_from_logits(at: Loaded) -> Iterator[tuple[str, object]]:
    """The same with softmax."""
    yield from _losses(at, "softmax", 3)


def saturated_sigmoid(at: Loaded) -> Iterator[tuple[str, object]]:
    """A probability of 1 in single precision, where 0 would be right."""
    keras = at.keras
    inputs = keras.Input(shape=(1,))
    model = keras.Model(inputs, keras.layers.Activation("sigmoid")(inputs))
    loss = keras.losses.BinaryCrossentropy()
    yield "eager", _numbers(at.array(loss(np.zeros((1, 1)), model(at.tensor([[SATURATED]])))))


def reductions(at: Loaded) -> Iterator[tuple[str, object]]:
    """What a loss makes of a batch by default."""
    keras = at.keras
    p = at.tensor([[0.9], [0.2], [0.6], [0.3]])
    yield "BinaryCrossentropy", _numbers(at.array(keras.losses.BinaryCrossentropy()(BINARY, p)))
    three = at.tensor(FEATURES)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    yield "SparseCategoricalCrossentropy", _numbers(at.array(loss(CLASSES, three)))
    yield "MeanSquaredError", _numbers(at.array(keras.losses.MeanSquaredError()(BINARY, p)))


def slopes(at: Loaded) -> Iterator[tuple[str, object]]:
    """What LeakyReLU makes of -1."""
    keras = at.keras
    yield "LeakyReLU()", _numbers(at.array(at.leaky()(at.tensor([[-1.0]]))))
    yield "LeakyReLU(0.2)", _numbers(at.array(at.leaky(0.2)(at.tensor([[-1.0]]))))
    if not at.legacy:
        given = keras.activations.get("leaky_relu")(at.tensor([[-1.0]]))
        yield "'leaky_relu'", _numbers(at.array(given))


def _stepped(at: Loaded, optimizer: Dynamic) -> list[float]:
    """A variable after each of three given gradients."""
    dense = at.keras.layers.Dense(1, use_bias=False)
    dense.build((None, 3))
    dense.set_weights([np.array(START, "float32").reshape(3, 1)])
    (kernel,) = dense.trainable_weights if at.legacy else dense.trainable_variables
    found: list[float] = []
    for gradient in GRADIENTS:
        given = at.tensor(np.array(gradient).reshape(3, 1))
        if at.legacy:
            optimizer.apply_gradients([(given, kernel)])
        else:
            optimizer.apply([given], [kernel])
        found += _numbers(np.asarray(dense.get_weights()[0], dtype=np.float64))
    return found


def optimizers(at: Loaded) -> Iterator[tuple[str, object]]:
    """Three updates with an optimizer's defaults."""
    kinds = at.keras.optimizers
    yield "Adam()", _stepped(at, kinds.Adam())
    yield "SGD()", _stepped(at, kinds.SGD())
    yield "SGD(momentum=0.9)", _stepped(at, kinds.SGD(momentum=0.9))
    yield "RMSprop()", _stepped(at, kinds.RMSprop())


def batch_normalization(at: Loaded) -> Iterator[tuple[str, object]]:
    """Output and moving statistics of a fresh layer, after one training call and without."""
    layer = at.keras.layers.BatchNormalization()
    x = at.tensor(FEATURES)
    yield "inference", _numbers(at.array(layer(x, training=False)))
    yield "training", _numbers(at.array(layer(x, training=True)))
    yield "moving mean", _numbers(at.array(layer.moving_mean))
    yield "moving variance", _numbers(at.array(layer.moving_variance))


def training_flag(at: Loaded) -> Iterator[tuple[str, object]]:
    """Where `training=` arrives: BatchNormalization shows which statistics were used."""
    keras = at.keras

    def normal() -> Dynamic:
        return keras.layers.BatchNormalization()

    def functional() -> Dynamic:
        inputs = keras.Input(shape=(3,))
        return keras.Model(inputs, normal()(inputs))

    def nested() -> Dynamic:
        inputs = keras.Input(shape=(3,))
        return keras.Model(inputs, functional()(inputs))

    x = at.tensor(FEATURES)
    makers: dict[str, Callable[[], Dynamic]] = {
        "layer": normal,
        "Sequential": lambda: keras.Sequential([keras.Input(shape=(3,)), normal()]),
        "functional model": functional,
        "model in a model": nested,
    }
    for name, make in makers.items():
        yield f"{name}, training=True", _numbers(at.array(make()(x, training=True)))
        yield f"{name}, no flag", _numbers(at.array(make()(x)))


def _mask(at: Loaded, layer: Dynamic) -> Array:
    return at.array(layer(at.tensor(np.ones((1, ROWS))), training=True)).ravel()


def dropout(at: Loaded) -> Iterator[tuple[str, object]]:
    """How much is kept, how it is scaled, and which elements."""
    keras = at.keras
    made = _mask(at, keras.layers.Dropout(DROPPED, seed=SEED))
    yield "scale", float(made.max())
    yield "share dropped", float((made == 0).mean())
    yield "stream, seed=7", "".join("01"[int(value > 0)] for value in made[:64])
    at.seed(SEED)
    made = _mask(at, keras.layers.Dropout(DROPPED))
    yield "stream, set_random_seed(7)", "".join("01"[int(value > 0)] for value in made[:64])
    passed = keras.layers.Dropout(DROPPED)(at.tensor(np.ones((1, 8))))
    yield "no flag", _numbers(at.array(passed))


def _same(one: Array, other: Array) -> bool:
    return bool(np.array_equal(one, other))


def seeds(at: Loaded) -> Iterator[tuple[str, object]]:
    """What is the same again after the same `set_random_seed`."""
    keras = at.keras

    def kernel() -> Array:
        dense = keras.layers.Dense(4)
        dense.build((None, 3))
        return np.asarray(dense.get_weights()[0], dtype=np.float64)

    draws: dict[str, Callable[[], Array]] = {
        "random": lambda: np.array([random.random()]),
        "numpy.random": lambda: np.random.random(3),
        "numpy.random.default_rng()": lambda: np.random.default_rng().random(3),
        "kernel": kernel,
        "Dropout": lambda: _mask(at, keras.layers.Dropout(DROPPED)),
    }
    if at.backend == "tensorflow":
        tf = at.tensorflow
        draws["tf.random.normal"] = lambda: np.asarray(tf.random.normal((4,)), dtype=np.float64)
        draws["tf.data shuffle"] = lambda: np.array(
            [int(v) for v in tf.data.Dataset.range(32).shuffle(32)], dtype=np.float64
        )
    if not at.legacy:
        draws["keras.random.normal"] = lambda: at.array(keras.random.normal((4,)))
    for name, draw in draws.items():
        at.seed(SEED)
        first, second = draw(), draw()
        at.seed(SEED)
        again = draw()
        yield f"{name}: again after the seed", _same(first, again)
        yield f"{name}: again without it", _same(first, second)
        if name in ("random", "numpy.random", "kernel", "tf.random.normal", "keras.random.normal"):
            yield f"{name}: first draws", _numbers(first)[:4]
        if name == "tf.data shuffle":
            yield f"{name}: first draws", [int(value) for value in first[:8]]


def initializers(at: Loaded) -> Iterator[tuple[str, object]]:
    """One initializer for two kernels; and how far default kernels reach."""
    kinds = at.keras.initializers
    for name, made in (
        ("RandomNormal()", kinds.RandomNormal()),
        ("RandomNormal(seed=7)", kinds.RandomNormal(seed=SEED)),
    ):
        one, other = at.array(made((8, 8))), at.array(made((8, 8)))
        yield f"{name} twice: the same values", _same(one, other)
    wide = at.array(kinds.RandomNormal(seed=SEED)((200, 200)))
    yield "RandomNormal(): standard deviation", round(float(wide.std()), 3)
    dense = at.keras.layers.Dense(100)
    dense.build((None, 50))
    values = np.asarray(dense.get_weights()[0], dtype=np.float64)
    yield (
        "Dense kernel: bound times sqrt(fan sum / 6)",
        round(float(np.abs(values).max() * np.sqrt(150 / 6)), 2),
    )
    yield "Dense bias", _numbers(np.asarray(dense.get_weights()[1][:3], dtype=np.float64))


def regularizers(at: Loaded) -> Iterator[tuple[str, object]]:
    """What an activity regularizer adds to the loss, for a batch of four."""
    penalty = at.keras.regularizers.L2(0.5)
    layer = at.keras.layers.ActivityRegularization(l2=0.5)
    layer(at.tensor(FEATURES))
    yield "ActivityRegularization(l2=0.5)", sum(float(at.array(v)) for v in layer.losses)
    yield "L2(0.5) of a kernel", float(at.array(penalty(at.tensor(KERNEL))))


def metrics(at: Loaded) -> Iterator[tuple[str, object]]:
    """What a metric says after two batches of unequal size."""
    metric = at.keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(CLASSES[:3], at.tensor(FEATURES[:3]))
    metric.update_state(CLASSES[3:], at.tensor(FEATURES[3:]))
    yield "SparseCategoricalAccuracy", float(at.array(metric.result()))
    mean = at.keras.metrics.Mean()
    mean.update_state([1.0, 2.0, 3.0])
    mean.update_state([10.0])
    yield "Mean", float(at.array(mean.result()))


_DEFAULTS: dict[str, tuple[str, tuple[object, ...]]] = {
    "Adam": ("optimizers", ()),
    "SGD": ("optimizers", ()),
    "RMSprop": ("optimizers", ()),
    "Dense": ("layers", (4,)),
    "Conv2D": ("layers", (4, 3)),
    "Conv2DTranspose": ("layers", (4, 3)),
    "BatchNormalization": ("layers", ()),
    "LeakyReLU": ("layers", ()),
    "Dropout": ("layers", (0.5,)),
    "Flatten": ("layers", ()),
    "Reshape": ("layers", ((4, 1),)),
    "GlobalMaxPooling2D": ("layers", ()),
    "BinaryCrossentropy": ("losses", ()),
    "SparseCategoricalCrossentropy": ("losses", ()),
    "SparseCategoricalAccuracy": ("metrics", ()),
    "RandomNormal": ("initializers", ()),
}


def defaults(at: Loaded) -> Iterator[tuple[str, object]]:
    """The configuration of a fresh object of each class that the guides use."""
    for name, (part, given) in _DEFAULTS.items():
        made = cast(Dynamic, getattr(getattr(at.keras, part), name))(*given)
        config = plain_config(made.get_config())
        assert isinstance(config, dict)
        for key, value in config.items():
            if key != "name":
                yield f"{part}.{name}.{key}", value


PROBES: dict[str, Probe] = {
    "sigmoid-from-logits": sigmoid_from_logits,
    "softmax-from-logits": softmax_from_logits,
    "saturated-sigmoid": saturated_sigmoid,
    "loss-reduction": reductions,
    "leaky-relu-slope": slopes,
    "optimizer-defaults": optimizers,
    "batch-normalization": batch_normalization,
    "training-flag": training_flag,
    "dropout": dropout,
    "seed": seeds,
    "initializers": initializers,
    "regularizers": regularizers,
    "metrics": metrics,
    "defaults": defaults,
}


def answer(at: Loaded) -> Answer:
    """What every probe found, by probe and setting."""
    found: Answer = {}
    for name, probe in PROBES.items():
        settings: Answer = {}
        try:
            for setting, value in probe(at):
                settings[setting] = value
        except Exception as error:  # noqa: BLE001 - what is not there in a release is an answer
            settings["error"] = short(error)
        found[name] = settings
    return found
