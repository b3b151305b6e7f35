"""Operators over values: rates, slopes, sizes, flags, one field of a spec at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

import attrs
from attrs import AttrsInstance

from core.spec import layers, ops
from core.spec.kinds import Kind, Op
from core.spec.mutation.mutant import Draft
from core.spec.mutation.places import Place, places, put, remade
from core.spec.parts import (
    SGD,
    Adam,
    BinaryCrossentropy,
    ModelSpec,
    SparseCategoricalCrossentropy,
)
from core.spec.scenario import Scenario

Value = object
Variants = Callable[[Value], Iterator[tuple[str, Value]]]
"""From a field's value to other values, each with the word that names the change."""


def _number(value: Value) -> float:
    assert isinstance(value, int | float)
    return value


def times(*factors: float) -> Variants:
    """The value multiplied."""

    def vary(value: Value) -> Iterator[tuple[str, Value]]:
        for factor in factors:
            product = _number(value) * factor
            whole = isinstance(value, int) and product == int(product)
            yield f"x{factor:g}", int(product) if whole else product

    return vary


def plus(*shifts: int) -> Variants:
    """A count off by a few; what is None stays so."""

    def vary(value: Value) -> Iterator[tuple[str, Value]]:
        if value is not None:
            for shift in shifts:
                word = f"plus-{shift}" if shift > 0 else f"minus-{-shift}"
                yield word, _number(value) + shift

    return vary


def other(*values: Value) -> Variants:
    """Another value out of some."""

    def vary(value: Value) -> Iterator[tuple[str, Value]]:
        for choice in values:
            if type(choice) is not type(value) or choice != value:
                yield _word(choice), choice

    return vary


def both(*several: Variants) -> Variants:
    """The variants of all."""

    def vary(value: Value) -> Iterator[tuple[str, Value]]:
        for each in several:
            yield from each(value)

    return vary


def only(kind: type, inner: Variants) -> Variants:
    """The variants of values of a class; none of others."""

    def vary(value: Value) -> Iterator[tuple[str, Value]]:
        if isinstance(value, kind):
            yield from inner(value)

    return vary


def _pairs(*values: tuple[int, int]) -> Variants:
    def vary(value: Value) -> Iterator[tuple[str, Value]]:
        for choice in values:
            if choice != value:
                yield "x".join(map(str, choice)), choice

    return vary


def _word(value: Value) -> str:
    if isinstance(value, tuple):
        return "-and-".join(map(_word, value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).lower().replace("_", "-")


def _initializers(value: Value) -> Iterator[tuple[str, Value]]:
    """Another distribution of initial weights; a spread of about Glorot's."""
    if isinstance(value, layers.GlorotUniform):
        yield "normal", layers.RandomNormal(stddev=0.05)
    else:
        yield "glorot", layers.GlorotUniform()


_EPSILON = times(0.1, 10.0)
_RATE = times(0.5, 0.9, 1.1, 2.0)
_FLAG = other(True, False)
_ACTIVATION = other(None, "relu", "sigmoid", "tanh")
_NAME = only(str, other(None))
_WEIGHTED: Mapping[str, Variants] = {
    "activation": _ACTIVATION,
    "use_bias": _FLAG,
    "kernel_initializer": _initializers,
    "name": _NAME,
}
_CONVOLUTION: Mapping[str, Variants] = {
    "filters": only(int, plus(-1, 1)),
    "kernel_size": _pairs((3, 3), (4, 4), (5, 5)),
    "strides": _pairs((1, 1), (2, 2)),
    "padding": other("same", "valid"),
    **_WEIGHTED,
}
FIELDS: Mapping[type, Mapping[str, Variants]] = {
    Adam: {
        "learning_rate": _RATE,
        "beta_1": other(0.0, 0.5, 0.8, 0.9, 0.99),
        "beta_2": other(0.9, 0.99, 0.9999),
        "epsilon": _EPSILON,
    },
    SGD: {"learning_rate": _RATE},
    SparseCategoricalCrossentropy: {"from_logits": _FLAG},
    BinaryCrossentropy: {"from_logits": _FLAG},
    layers.Dense: {"units": plus(-1, 1), **_WEIGHTED},
    layers.Conv2D: _CONVOLUTION,
    layers.Conv2DTranspose: _CONVOLUTION,
    layers.LeakyReLU: {"negative_slope": both(times(0.5, 0.9, 1.1, 2.0), other(0.0, 0.01))},
    layers.BatchNormalization: {
        "momentum": other(0.9, 0.98, 0.999),
        "epsilon": both(_EPSILON, other(1e-5)),
    },
    layers.Dropout: {"rate": both(times(0.5, 0.9, 1.1), other(0.0))},
    layers.ActivityRegularization: {
        "factor": _RATE,
        "reduction": other("sum", "mean"),
    },
    layers.RandomNormal: {"stddev": _RATE, "shared": _NAME},
    ops.Normal: {"mean": plus(1), "stddev": _RATE},
    ops.Uniform: {"low": plus(-1), "high": times(0.5, 0.9, 2.0)},
    ops.LoadImages: {
        "parts": other(("train",), ("train", "test")),
        "dtype": other("uint8", "int32", "float32"),
        "offset": only(float, plus(-1, 1)),
        "divisor": both(plus(1), times(0.5)),
    },
    ops.SplitData: {
        "reserve": both(plus(-1, 1), times(0.5)),
        "how": other("last", "r_sample_int"),
    },
    ops.OpenDataset: {
        "batch": both(plus(-1, 1), times(0.5, 2)),
        "shuffle": both(other(None), only(int, plus(-1)), only(int, times(0.5, 2))),
    },
    ops.SeedFramework: {"seed": plus(1)},
    ops.Fill: {"value": both(times(0.9), lambda value: iter([("flipped", 1.0 - _number(value))]))},
    ops.Affine: {"scale": _RATE},
    ops.Call: {"training": other(None, True, False)},
    ops.SaveImage: {"scale": times(0.5, 2.0), "offset": plus(8)},
    ops.Sheet: {"rows": plus(-1, 1), "columns": plus(-1, 1)},
}
"""Which fields are varied, and how; of a value of any other class, its parts."""
_PARTS = ("optimizer", "loss", "distribution", "kernel_initializer")
"""Fields whose values are varied in their turn."""

T = TypeVar("T", bound=AttrsInstance)
Make = Callable[[], T]


def varied(value: T) -> Iterator[tuple[str, str, Make[T]]]:
    """The variants of an op or spec, in the order of its fields.

    Returns:
        The word of the change, which layer it is in, as `[2]` or empty, and what makes the changed
        value, which the rules of specs may refuse.
    """
    for field, variants in FIELDS.get(type(value), {}).items():
        for word, changed in variants(getattr(value, field)):
            yield (
                f"{field.replace('_', '-')}-{word}",
                "",
                partial(with_field, value, field, changed),
            )
    for part in _PARTS:
        inner = getattr(value, part, None)
        if inner is not None and attrs.has(type(inner)):
            for word, where, make in varied(inner):
                yield word, where, partial(_with_part, value, part, make)
    model = getattr(value, "model", None)
    if isinstance(model, ModelSpec):
        for index, layer in enumerate(model.layers):
            for word, where, make in varied(layer):
                yield word, f"[{index}]{where}", partial(_with_layer, value, model, index, make)


def with_field(value: T, field: str, changed: Value) -> T:
    """A spec with another value in one field, whichever class it is of.

    Raises:
        SpecError: the value breaks a rule of the field.
    """
    held: dict[str, Value] = {
        each.name: getattr(value, each.name) for each in attrs.fields(type(value))
    }
    return type(value)(**held | {field: changed})


def _with_part(value: T, part: str, make: Make[AttrsInstance]) -> T:
    return with_field(value, part, make())


def _with_layer(value: T, model: ModelSpec, index: int, make: Make[layers.Layer]) -> T:
    stack = (*model.layers[:index], make(), *model.layers[index + 1 :])
    return with_field(value, "model", attrs.evolve(model, layers=stack))


def of_ops(scenario: Scenario) -> Iterator[Draft]:
    """One field of one op, or of the spec of what it makes."""
    for place in places(scenario):
        for word, where, make in varied(place.op):
            yield Draft(
                word,
                f"{place.name}{where}",
                _words(place.op, word),
                partial(_put, scenario, place, make),
            )


def _put(scenario: Scenario, place: Place, make: Make[Op]) -> Scenario:
    return put(scenario, place, make())


def _remade(scenario: Scenario, name: str, make: Make[Op]) -> Scenario:
    return remade(scenario, name, make())


def of_continued(scenario: Scenario) -> Iterator[Draft]:
    """The same in the optimizers, losses and data sets that a section continues.

    Models are left to the section that builds them: one that is built anew has other automatic
    names, whatever else is changed.
    """
    for each in scenario.setup:
        for name in each.names if isinstance(each, ops.Continue) else ():
            op = scenario.origin(name).op
            if isinstance(op, ops.MakeOptimizer | ops.MakeLoss | ops.OpenDataset):
                for word, where, make in varied(op):
                    yield Draft(
                        word,
                        f"{name}{where}",
                        _words(op, word),
                        partial(_remade, scenario, name, make),
                    )


def _words(op: Op, word: str) -> str:
    return f"{op.words}: {word.replace('-', ' ')}"


def another_optimizer(scenario: Scenario) -> Iterator[Draft]:
    """Gradient descent in place of Adam, and the other way round, at the same learning rate."""
    for name, kind in scenario.setup_names.items():
        if kind is Kind.OPTIMIZER:
            op = scenario.maker(name, ops.MakeOptimizer)
            rate = op.optimizer.learning_rate
            spec = SGD(rate) if isinstance(op.optimizer, Adam) else Adam(rate)
            word = type(spec).__name__.lower()
            yield Draft(
                f"optimizer-{word}",
                name,
                f"{word} in place of {type(op.optimizer).__name__}",
                partial(remade, scenario, name, attrs.evolve(op, optimizer=spec)),
            )
