"""Layer specs refuse wrong values."""

from __future__ import annotations

from typing import get_args

import attrs
import pytest

from core.spec import layers
from tests.core.spec.refusals import (
    NOT_A_COUNT,
    NOT_A_FLAG,
    NOT_A_FRACTION,
    NOT_A_NUMBER,
    NOT_AN_OPTIONAL_NAME,
    NOT_POSITIVE,
    Table,
    Wrong,
    assert_refused,
    cases,
    name_of,
    unlisted,
)

NOT_COUNTS = ((), (0,), (1.5,), [4], 4, None)
NOT_A_PAIR = ((1,), (1, 2, 3), (0, 1), [1, 1], 2, None)
NAMED: Wrong = {"name": NOT_AN_OPTIONAL_NAME}
WEIGHTED: Wrong = {
    **NAMED,
    "activation": ("softplus", "", 1),
    "use_bias": NOT_A_FLAG,
    "kernel_initializer": ("glorot_uniform", None, layers.Dense),
}
WINDOWED: Wrong = {
    **WEIGHTED,
    "filters": NOT_A_COUNT,
    "kernel_size": NOT_A_PAIR,
    "strides": NOT_A_PAIR,
    "padding": ("full", None, "SAME"),
}
TABLE: Table = (
    (layers.RandomNormal(0.02), {"stddev": NOT_POSITIVE, "shared": NOT_AN_OPTIONAL_NAME}),
    (layers.Input((28, 28, 1)), {**NAMED, "shape": NOT_COUNTS}),
    (layers.Dense(3), {**WEIGHTED, "units": NOT_A_COUNT}),
    (layers.Conv2D(3, (2, 2)), WINDOWED),
    (layers.Conv2DTranspose(3, (2, 2)), WINDOWED),
    (layers.LeakyReLU(), {**NAMED, "negative_slope": NOT_A_NUMBER}),
    (layers.BatchNormalization(), {**NAMED, "momentum": NOT_A_FRACTION, "epsilon": NOT_POSITIVE}),
    (layers.Dropout(0.3), {**NAMED, "rate": NOT_A_FRACTION}),
    (layers.GlobalMaxPooling2D(), NAMED),
    (layers.Flatten(), NAMED),
    (layers.Reshape((7, 7, 128)), {**NAMED, "target_shape": NOT_COUNTS}),
    (
        layers.ActivityRegularization(1e-2, "sum"),
        {
            **NAMED,
            "factor": NOT_POSITIVE,
            "reduction": ("max", None),
            "registered": NOT_A_FLAG,
        },
    ),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_a_layer_refuses_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_every_field_of_every_layer_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)
    assert set(get_args(layers.Layer)) <= {type(valid) for valid, _ in TABLE}


def test_layers_take_the_defaults_of_keras() -> None:
    assert (0.99, 1e-3) == (
        layers.BatchNormalization().momentum,
        layers.BatchNormalization().epsilon,
    )
    assert 0.3 == layers.LeakyReLU().negative_slope
    assert ((1, 1), "valid") == (layers.Conv2D(1, (3, 3)).strides, layers.Conv2D(1, (3, 3)).padding)
    assert layers.GlorotUniform() == layers.Dense(1).kernel_initializer
