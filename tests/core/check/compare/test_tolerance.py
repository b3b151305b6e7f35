"""How far two honest runs may lie apart."""

from __future__ import annotations

import attrs
import pytest
from attrs import evolve

from core.check.compare.tolerance import Tolerance, across_seeds
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
