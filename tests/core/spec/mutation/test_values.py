"""Other values of one field at a time."""

from __future__ import annotations

import pytest

from core.errors import SpecError
from core.spec import layers, ops
from core.spec.mutation.values import both, only, other, plus, times, varied, with_field
from core.spec.parts import Adam, ModelSpec


def test_factors_keep_whole_numbers_whole_where_they_are() -> None:
    assert [("x0.5", 16), ("x2", 64)] == list(times(0.5, 2)(32))
    assert [("x0.9", 0.9 * 1e-3)] == list(times(0.9)(1e-3))


def test_counts_are_off_by_one_and_none_stays() -> None:
    assert [("minus-1", 9), ("plus-1", 11)] == list(plus(-1, 1)(10))
    assert [] == list(plus(1)(None))


def test_another_value_is_never_the_same_one() -> None:
    assert [("none", None), ("true", True)] == list(other(None, True, False)(False))
    assert [("0", 0)] == list(other(0, 1)(1))


def test_variants_are_joined_and_kept_to_a_class() -> None:
    assert ["x2", "none"] == [word for word, _ in both(times(2.0), other(None))(1.0)]
    assert [] == list(only(str, other(None))(None))


def test_an_op_is_varied_down_to_the_initializer_of_a_layer() -> None:
    normal = layers.RandomNormal(stddev=0.02)
    model = ModelSpec(
        layers.Input((4,)), (layers.Dense(2), layers.Dense(3, kernel_initializer=normal))
    )
    found = {f"{word}{where}": make() for word, where, make in varied(ops.BuildModel("m", model))}
    assert 3 == found["units-plus-1[0]"].model.layers[0].units  # type: ignore[union-attr]
    spread = found["stddev-x2[1]"].model.layers[1]
    assert isinstance(spread, layers.Dense)
    assert layers.RandomNormal(stddev=0.04) == spread.kernel_initializer


def test_a_field_keeps_its_rules() -> None:
    assert Adam(learning_rate=0.5) == with_field(Adam(learning_rate=0.1), "learning_rate", 0.5)
    with pytest.raises(SpecError, match="learning_rate"):
        with_field(Adam(learning_rate=0.1), "learning_rate", -1.0)
