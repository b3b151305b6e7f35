"""Model, optimizer, loss and metric specs refuse wrong values."""

from __future__ import annotations

import attrs
import pytest

from core.errors import SpecError
from core.spec import layers
from core.spec.parts import SGD, Adam, BinaryCrossentropy, ModelSpec, SparseCategoricalCrossentropy
from tests.core.spec.refusals import (
    NOT_A_FLAG,
    NOT_A_FRACTION,
    NOT_AN_OPTIONAL_NAME,
    NOT_POSITIVE,
    Table,
    assert_refused,
    cases,
    name_of,
    unlisted,
)

TABLE: Table = (
    (
        ModelSpec(layers.Input((4,)), (layers.Dense(3),)),
        {
            "input": ((4,), None, layers.Dense(3)),
            "layers": ((), [layers.Dense(3)], ("dense",), (layers.Input((4,)),), None),
            "style": ("subclass", None),
            "name": NOT_AN_OPTIONAL_NAME,
        },
    ),
    (
        Adam(1e-3),
        {
            "learning_rate": NOT_POSITIVE,
            "beta_1": NOT_A_FRACTION,
            "beta_2": NOT_A_FRACTION,
            "epsilon": NOT_POSITIVE,
        },
    ),
    (SGD(1e-3), {"learning_rate": NOT_POSITIVE}),
    (SparseCategoricalCrossentropy(), {"from_logits": NOT_A_FLAG}),
    (BinaryCrossentropy(), {"from_logits": NOT_A_FLAG}),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_a_part_refuses_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_every_field_of_every_part_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)


def test_a_model_refuses_two_layers_of_one_name() -> None:
    with pytest.raises(SpecError) as caught:
        ModelSpec(
            layers.Input((4,)),
            (layers.Dense(3, name="twin"), layers.Dropout(0.1), layers.Dense(3, name="twin")),
        )
    assert "ModelSpec.layers" == caught.value.where
    assert "('twin', 'twin')" in caught.value.what
    assert "layer names that differ" == caught.value.expected


def test_a_model_knows_its_dropout_rates_in_order() -> None:
    chain = (
        layers.Dropout(0.3),
        layers.Dense(2),
        layers.LeakyReLU(),
        layers.Dropout(0.1),
        layers.Dense(1),
    )
    assert (0.3, 0.1) == ModelSpec(layers.Input((4,)), chain).dropout_rates
