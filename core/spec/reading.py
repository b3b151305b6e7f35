"""Which reading a loss takes of a sigmoid output that it is told are logits.

`BinaryCrossentropy(from_logits=True)` on a model that ends in a sigmoid means two things. Keras on
TensorFlow looks at the op that produced the prediction: where it is a sigmoid, the loss goes back
to the logits behind it. JAX and torch, and TensorFlow behind any further op, take the outputs for
logits and apply the sigmoid a second time. (Keras 3, `keras/src/backend/tensorflow/nn.py`; found in
the DCGAN article.)
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from core.spec import layers, ops
from core.spec.parts import BinaryCrossentropy, ModelSpec
from core.spec.scenario import BACKENDS, Scenario, flat

LOGITS, TWICE = "logits", "twice"


@frozen
class Reading:
    """What a framework means where frameworks mean different things.

    Attributes:
        back_to_logits: a cross-entropy given a sigmoid's own output takes the logits behind it;
            else it takes the output as it is, and where it expects logits the sigmoid is applied
            twice.
        slope_at_zero: LeakyReLU's derivative at exactly 0; None is its negative slope.
    """

    back_to_logits: bool
    slope_at_zero: float | None = None


READINGS: Mapping[str, Reading] = MappingProxyType(
    {
        "tensorflow": Reading(back_to_logits=True),
        # `jax.nn.leaky_relu` is `where(x >= 0, x, slope * x)`.
        "jax": Reading(back_to_logits=False, slope_at_zero=1.0),
        "torch": Reading(back_to_logits=False),
    }
)
"""The reading of each backend."""


def _ends_in_sigmoid(model: ModelSpec) -> tuple[bool, bool]:
    """Whether the outputs are a sigmoid's, and whether the sigmoid is the very last op."""
    for distance, layer in enumerate(reversed(model.layers)):
        if isinstance(layer, layers.Flatten | layers.Reshape):
            continue
        if isinstance(layer, layers.Dense | layers.Conv2D | layers.Conv2DTranspose):
            return layer.activation == "sigmoid", distance == 0
        break
    return False, False


def reading(scenario: Scenario, backend: str) -> str | None:
    """`logits` or `twice` where a loss takes sigmoid outputs for logits, else None."""
    made = {op.out: op.model for op in flat(scenario.step) if isinstance(op, ops.Call)}
    for op in flat(scenario.step):
        if not isinstance(op, ops.Loss) or op.prediction not in made:
            continue
        spec = scenario.maker(op.loss, ops.MakeLoss).loss
        if isinstance(spec, BinaryCrossentropy) and spec.from_logits:
            sigmoid, last = _ends_in_sigmoid(scenario.model_spec(made[op.prediction]))
            if sigmoid:
                return LOGITS if backend == "tensorflow" and last else TWICE
    return None


def same_meaning(scenario: Scenario, first: str, second: str) -> bool:
    """Whether two backends compute the same from a scenario, but for rounding.

    Two differences in meaning are known: the reading of a sigmoid, above; and at exactly 0, where
    images have black patches and biases start, the derivative of LeakyReLU is 1 in
    `jax.nn.leaky_relu` and the negative slope in TensorFlow and torch.
    """
    if reading(scenario, first) != reading(scenario, second):
        return False
    called = {op.model for op in flat(scenario.step) if isinstance(op, ops.Call)}
    leaky = any(
        isinstance(layer, layers.LeakyReLU)
        for name in called
        for layer in scenario.model_spec(name).layers
    )
    return not leaky or "jax" not in {first, second} or first == second


def meaning(scenario: Scenario, backend: str) -> str:
    """The name of what a backend means by a section: the first backend that means the same.

    Where all mean the same that is `tensorflow`; its reading is `READINGS[name]`.
    """
    return next(first for first in BACKENDS if same_meaning(scenario, first, backend))


def meanings(scenario: Scenario) -> tuple[str, ...]:
    """What the backends of a section mean by it, each meaning once."""
    return tuple(dict.fromkeys(meaning(scenario, name) for name in scenario.backends))
