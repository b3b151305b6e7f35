"""How far two honest runs may lie apart."""

from __future__ import annotations

import attrs
import pytest
from attrs import evolve

from core.check.compare.tolerance import Tolerance, across_seeds, training_parts
from core.spec import Scenario, layers, ops
from core.spec.parts import SGD, ModelSpec
from tests.core.spec.refusals import (
    NOT_A_COUNT,
    NOT_A_FLAG,
    NOT_NATURAL,
    NOT_POSITIVE,
    Table,
    assert_refused,
    cases,
    name_of,
    unlisted,
)
from tests.example_scenarios import CLASSIFIER

TOLERANCE = Tolerance(numeric_steps=5, numeric_relative=1e-5)
TABLE: Table = (
    (
        TOLERANCE,
        {
            "numeric_steps": NOT_NATURAL,
            "numeric_relative": NOT_POSITIVE,
            "window": NOT_A_COUNT,
            "trend_relative": NOT_POSITIVE,
            "trend_absolute": NOT_POSITIVE,
            "spike": NOT_POSITIVE,
            "metric_absolute": NOT_POSITIVE,
            "exact_start": NOT_A_FLAG,
            "norm_relative": NOT_POSITIVE,
            "image_levels": NOT_NATURAL,
        },
    ),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_a_tolerance_refuses_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_every_field_of_a_tolerance_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)


def _with_sgd() -> Scenario:
    optimizer = ops.MakeOptimizer("optimizer", SGD(1e-3))
    setup = tuple(optimizer if isinstance(op, ops.MakeOptimizer) else op for op in CLASSIFIER.setup)
    return evolve(CLASSIFIER, setup=setup)


def _with_layer(layer: layers.Layer) -> Scenario:
    spec = ModelSpec(layers.Input((28, 28, 1)), (layer, layers.Flatten(), layers.Dense(10)))
    return evolve(CLASSIFIER, setup=(ops.BuildModel("model", spec), *CLASSIFIER.setup[1:]))


@pytest.mark.parametrize(
    ("scenario", "parts"),
    [
        (CLASSIFIER, (False, False)),
        (_with_sgd(), (True, False)),
        (_with_layer(layers.Conv2D(2, (3, 3))), (False, True)),
        (_with_layer(layers.Conv2DTranspose(2, (3, 3))), (False, True)),
    ],
    ids=["Adam", "SGD", "convolution", "transposed convolution"],
)
def test_what_a_scenario_trains_with(scenario: Scenario, parts: tuple[bool, bool]) -> None:
    assert parts == training_parts(scenario)


def test_a_tolerance_gives_one_limit_for_everything() -> None:
    assert (1e-5,) * 5 == TOLERANCE.numeric("loss")
    assert pytest.approx(0.4 * 2.0 + 0.1) == TOLERANCE.mean("loss", 3, 2.0)
    assert pytest.approx(4.0 * 2.0 + 0.1) == TOLERANCE.ceiling("loss", 3, 2.0)
    assert (0.02, 0.6) == (TOLERANCE.metric("val_acc"), TOLERANCE.norm("model/0/kernel"))


def test_across_seeds_only_the_trend_is_compared_and_more_widely() -> None:
    wide = across_seeds(TOLERANCE)
    assert 0 == wide.numeric_steps
    assert not wide.exact_start
    for name in ("trend_relative", "trend_absolute", "spike", "metric_absolute"):
        assert getattr(wide, name) > getattr(TOLERANCE, name)


def test_across_seeds_narrows_nothing_that_is_wide_already() -> None:
    wide = evolve(TOLERANCE, trend_relative=2.0, trend_absolute=1.0, spike=9.0, metric_absolute=0.5)
    assert evolve(wide, numeric_steps=0, exact_start=False) == across_seeds(wide)
