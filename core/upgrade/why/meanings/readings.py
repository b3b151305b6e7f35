"""What a probe's numbers can mean, computed in NumPy without Keras.

Each probe computes a few numbers of the constants in `core.sandbox.guest.programs.inputs`. Here the
same numbers are computed from the definitions, once for each meaning that a release may give the
call; the meaning that an environment's numbers agree with is the reading of that environment.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.sandbox.guest.programs.inputs import (
    BIAS,
    BINARY,
    CLASSES,
    CLASSES_BIAS,
    CLASSES_KERNEL,
    FEATURES,
    GRADIENTS,
    KERNEL,
    SATURATED,
    START,
    Array,
)
from core.upgrade.why.meanings.updates import adam, rmsprop, sgd

Readings = Mapping[str, Array]
"""Expected numbers by meaning, the documented one first."""

LOGITS = "the logits behind it"
AT_ITS_WORD = "its values, as if they were logits"
_EPSILON = 1e-7  # Keras clips probabilities by this


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + np.exp(-x))


def softmax(x: Array) -> Array:
    """Along the last axis."""
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def binary_crossentropy(y: Array, logits: Array) -> Array:
    """The loss of each row, from logits."""
    each = np.maximum(logits, 0) - logits * y + np.log1p(np.exp(-np.abs(logits)))
    return np.asarray(each.mean(axis=-1))


def categorical_crossentropy(classes: Array, logits: Array) -> Array:
    """The loss of each row, from logits."""
    rows = np.arange(len(logits))
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.exp(shifted).sum(axis=-1)) - shifted[rows, classes.astype(int)])


def _mean(values: Array) -> Array:
    return np.array([values.mean()])


def _of_logits() -> Readings:
    logits = FEATURES @ KERNEL + BIAS
    return {
        AT_ITS_WORD: _mean(binary_crossentropy(BINARY, sigmoid(logits))),
        LOGITS: _mean(binary_crossentropy(BINARY, logits)),
    }


def _of_softmax() -> Readings:
    logits = FEATURES @ CLASSES_KERNEL + CLASSES_BIAS
    return {
        AT_ITS_WORD: _mean(categorical_crossentropy(CLASSES, softmax(logits))),
        LOGITS: _mean(categorical_crossentropy(CLASSES, logits)),
    }


def _reduced(each: Array) -> Readings:
    return {
        "the mean over the batch": _mean(each),
        "the sum over the batch": np.array([each.sum()]),
        "one number for each sample": each,
    }


def _reductions(setting: str) -> Readings:
    p = np.array([[0.9], [0.2], [0.6], [0.3]])
    if setting == "BinaryCrossentropy":
        return _reduced(-np.log(np.where(BINARY == 1, p, 1 - p))[:, 0])
    if setting == "MeanSquaredError":
        return _reduced(((BINARY - p) ** 2)[:, 0])
    return _reduced(categorical_crossentropy(CLASSES, FEATURES))


def _slopes(setting: str) -> Readings:
    documented = {"LeakyReLU()": 0.3, "LeakyReLU(0.2)": 0.2, "'leaky_relu'": 0.2}[setting]
    others = (v for v in (0.01, 0.1, 0.2, 0.3) if v != documented)
    return {f"slope {value:g}": np.array([-value]) for value in (documented, *others)}


_OPTIMIZERS: Mapping[str, Readings] = {
    "Adam()": {
        "learning rate 0.001, β₁ 0.9, β₂ 0.999, ε 1e-7": adam(START, GRADIENTS),
        "β₁ 0.5": adam(START, GRADIENTS, beta_1=0.5),
        "β₁ 0.95": adam(START, GRADIENTS, beta_1=0.95),
        "β₂ 0.99": adam(START, GRADIENTS, beta_2=0.99),
        "learning rate 0.01": adam(START, GRADIENTS, rate=0.01),
    },
    "SGD()": {
        "learning rate 0.01": sgd(START, GRADIENTS),
        "learning rate 0.001": sgd(START, GRADIENTS, rate=0.001),
    },
    "SGD(momentum=0.9)": {
        "momentum 0.9": sgd(START, GRADIENTS, momentum=0.9),
        "momentum 0.9, Nesterov": sgd(START, GRADIENTS, momentum=0.9, nesterov=True),
        "no momentum": sgd(START, GRADIENTS),
    },
    "RMSprop()": {
        "learning rate 0.001, ρ 0.9": rmsprop(START, GRADIENTS),
        "ρ 0.99": rmsprop(START, GRADIENTS, rho=0.99),
    },
}


def normalized(x: Array, *, training: bool) -> Array:
    """A fresh BatchNormalization: by the batch's statistics, or by the moving ones (0 and 1)."""
    mean = x.mean(axis=0) if training else np.zeros(x.shape[1])
    variance = x.var(axis=0) if training else np.ones(x.shape[1])
    return np.asarray(((x - mean) / np.sqrt(variance + 1e-3)).ravel())


def _statistics(setting: str) -> Readings:
    if setting in ("training", "inference"):
        return {"ε 0.001": normalized(FEATURES, training=setting == "training")}
    kept = (0.99, 0.9, 0.999)
    start, seen = (
        (0.0, FEATURES.mean(axis=0)) if setting == "moving mean" else (1.0, FEATURES.var(axis=0))
    )
    return {f"momentum {m:g}": np.asarray(m * start + (1 - m) * seen) for m in kept}


def _flag(setting: str) -> Readings:
    training = normalized(FEATURES, training=True)
    inference = normalized(FEATURES, training=False)
    both = {"training": training, "inference": inference}
    first = "training" if setting.endswith("training=True") else "inference"
    return {first: both.pop(first), **both}


def readings(probe: str, setting: str) -> Readings:
    """What the numbers of a probe in a setting can mean; empty where nothing is to be computed."""
    match probe:
        case "sigmoid-from-logits":
            return _of_logits()
        case "softmax-from-logits":
            return _of_softmax()
        case "saturated-sigmoid":
            return {
                "clipped at 1 - 1e-7": np.array([-np.log(_EPSILON)]),
                "clipped at the number of single precision next to 1 - 1e-7": np.array(
                    [-np.log(1.0 - float(np.float32(1.0 - _EPSILON)))]
                ),
                LOGITS: np.array([SATURATED]),
            }
        case "loss-reduction":
            return _reductions(setting)
        case "leaky-relu-slope":
            return _slopes(setting)
        case "optimizer-defaults":
            return _OPTIMIZERS.get(setting, {})
        case "batch-normalization":
            return _statistics(setting)
        case "training-flag":
            return _flag(setting)
    return _more(probe, setting)


def _more(probe: str, setting: str) -> Readings:
    squares = float((FEATURES**2).sum())
    known: Mapping[tuple[str, str], Readings] = {
        ("dropout", "scale"): {"1 / (1 - rate)": np.array([1 / 0.75]), "1": np.array([1.0])},
        ("dropout", "no flag"): {"inference": np.ones(8)},
        ("regularizers", "ActivityRegularization(l2=0.5)"): {
            "the sum over the batch": np.array([0.5 * squares]),
            "the mean over the batch": np.array([0.5 * squares / len(FEATURES)]),
        },
        ("regularizers", "L2(0.5) of a kernel"): {
            "0.5 · Σ x²": np.array([0.5 * float((KERNEL**2).sum())])
        },
        ("metrics", "SparseCategoricalAccuracy"): {
            "the mean over samples": np.array([float((FEATURES.argmax(axis=1) == CLASSES).mean())])
        },
        ("metrics", "Mean"): {
            "the mean over values": np.array([4.0]),
            "the mean over batches": np.array([6.0]),
        },
        ("initializers", "RandomNormal(): standard deviation"): {"0.05": np.array([0.05])},
        ("initializers", "Dense kernel: bound times sqrt(fan sum / 6)"): {
            "Glorot uniform": np.array([1.0])
        },
        ("initializers", "Dense bias"): {"zeros": np.zeros(3)},
        ("seed", "random: first draws"): {"Python's, seeded": _python_draws()},
        ("seed", "numpy.random: first draws"): {"NumPy's, seeded": _numpy_draws()},
    }
    return known.get((probe, setting), {})


def _python_draws() -> Array:
    import random

    return np.array([random.Random(7).random()])


def _numpy_draws() -> Array:
    return np.random.RandomState(7).random_sample(3)
