"""Controlled initial weights."""

from __future__ import annotations

import math

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from core.run.randomness.addressed import Addressed, Floats
from core.run.randomness.weights import fans, initial_weight, initial_weights, layer_address
from core.spec import layers
from core.spec.parts import ModelSpec

DRAWS = Addressed(1, "toy/first")
SHARED = layers.RandomNormal(0.02, shared="init")


def _model(*stack: layers.Layer) -> ModelSpec:
    return ModelSpec(layers.Input((784,)), stack)


def _kernel(layer: layers.Layer, shape: tuple[int, ...]) -> Floats:
    return initial_weight(DRAWS, "model", _model(layer), 0, "kernel", shape)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((784, 64), (784, 64)), ((3, 3, 1, 64), (9, 576)), ((4, 4, 128, 128), (2048, 2048))],
)
def test_fans_count_a_convolutions_window(
    shape: tuple[int, ...], expected: tuple[int, int]
) -> None:
    assert expected == fans(shape)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (layers.Dense(64), (784, 64)),
        (layers.Conv2D(64, (3, 3)), (3, 3, 8, 64)),
        (layers.Conv2DTranspose(16, (4, 4)), (4, 4, 16, 32)),
    ],
)
def test_a_glorot_kernel_fills_its_limits_evenly(
    layer: layers.Layer, shape: tuple[int, ...]
) -> None:
    limit = math.sqrt(6.0 / sum(fans(shape)))
    kernel = _kernel(layer, shape)
    assert shape == kernel.shape
    assert np.float32 == kernel.dtype
    assert np.abs(kernel).max() <= np.float32(limit)
    assert limit == pytest.approx(np.abs(kernel).max(), rel=0.01)
    assert limit / math.sqrt(3) == pytest.approx(kernel.std(), rel=0.03)


def test_a_normal_kernel_has_its_standard_deviation() -> None:
    kernel = _kernel(layers.Dense(100, kernel_initializer=layers.RandomNormal(0.02)), (500, 100))
    assert 0.02 == pytest.approx(kernel.std(), rel=0.02)
    assert 0.0 == pytest.approx(kernel.mean(), abs=0.001)


def test_kernels_of_one_shared_instance_start_with_the_same_values() -> None:
    stack = (
        layers.Dense(6, kernel_initializer=SHARED),
        layers.Conv2D(4, (2, 2), kernel_initializer=SHARED),
        layers.Dense(6, kernel_initializer=layers.RandomNormal(0.02)),
    )
    one, two, own = (
        initial_weight(DRAWS, "model", _model(*stack), at, "kernel", shape).ravel()
        for at, shape in enumerate([(4, 6), (2, 2, 3, 4), (4, 6)])
    )
    other_model = initial_weight(DRAWS, "other", _model(*stack), 0, "kernel", (4, 6)).ravel()
    assert np.array_equal(one, two[: len(one)])
    assert np.array_equal(one, other_model)
    assert not np.any(one == own)


def test_two_shared_instances_draw_apart() -> None:
    other = layers.Dense(6, kernel_initializer=layers.RandomNormal(0.02, shared="second"))
    first = _kernel(layers.Dense(6, kernel_initializer=SHARED), (4, 6))
    assert not np.any(first == _kernel(other, (4, 6)))


@pytest.mark.parametrize(
    ("weight", "expected"),
    [("beta", 0.0), ("gamma", 1.0), ("moving_mean", 0.0), ("moving_variance", 1.0)],
)
def test_normalisation_starts_as_the_identity(weight: str, expected: float) -> None:
    values = initial_weight(DRAWS, "model", _model(layers.BatchNormalization()), 0, weight, (5,))
    assert [expected] * 5 == values.tolist()
    assert np.float32 == values.dtype


def test_biases_start_at_zero_whatever_fills_the_kernel() -> None:
    layer = layers.Dense(3, kernel_initializer=layers.RandomNormal(1.0))
    assert [0.0] * 3 == initial_weight(DRAWS, "m", _model(layer), 0, "bias", (3,)).tolist()


@given(
    st.integers(0, 2),
    st.sampled_from([layers.Dropout(0.3), layers.Flatten(), layers.BatchNormalization()]),
)
def test_an_added_layer_of_another_kind_shifts_no_weight(place: int, added: layers.Layer) -> None:
    chain = (layers.Dense(4), layers.Conv2D(2, (2, 2)), layers.Dense(4))
    shapes = [(3, 4), (2, 2, 1, 2), (4, 4)]
    longer = (*chain[:place], added, *chain[place:])
    for at, shape in enumerate(shapes):
        moved = at + (at >= place)
        before = initial_weight(DRAWS, "model", _model(*chain), at, "kernel", shape)
        after = initial_weight(DRAWS, "model", _model(*longer), moved, "kernel", shape)
        assert np.array_equal(before, after)


def test_layers_of_one_kind_have_addresses_of_their_own() -> None:
    chain = (layers.Dense(4), layers.Dropout(0.1), layers.Dense(4), layers.Conv2D(1, (2, 2)))
    found = [layer_address(_model(*chain), at) for at in range(4)]
    assert ["Dense/0", "Dropout/0", "Dense/1", "Conv2D/0"] == found


def test_model_and_seed_address_a_kernel_and_its_layers_name_does_not() -> None:
    shape = (4, 4)
    kernel = _kernel(layers.Dense(4), shape)
    assert np.array_equal(kernel, _kernel(layers.Dense(4, name="predictions"), shape))
    model = _model(layers.Dense(4))
    assert not np.any(kernel == initial_weight(DRAWS, "other", model, 0, "kernel", shape))
    seeded = evolve(DRAWS, seed=2)
    assert not np.any(kernel == initial_weight(seeded, "model", model, 0, "kernel", shape))


def test_all_weights_of_a_model_are_keyed_by_position_and_name() -> None:
    spec = _model(layers.Dense(2), layers.BatchNormalization())
    shapes = {(0, "kernel"): (3, 2), (0, "bias"): (2,), (1, "gamma"): (2,)}
    weights = initial_weights(DRAWS, "model", spec, shapes)
    assert shapes == {key: value.shape for key, value in weights.items()}
    expected = initial_weight(DRAWS, "model", spec, 0, "kernel", (3, 2))
    assert np.array_equal(expected, weights[0, "kernel"])
