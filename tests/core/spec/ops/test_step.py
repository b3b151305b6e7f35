"""Step ops: their rules, what they use and make."""

from __future__ import annotations

import attrs
import pytest

from core.errors import SpecError
from core.spec import ops
from core.spec.kinds import Op
from tests.core.spec.refusals import (
    NOT_A_NAME,
    NOT_A_NUMBER,
    NOT_DISTINCT_NAMES,
    NOT_POSITIVE,
    NOT_SOME_NAMES,
    Table,
    assert_refused,
    cases,
    name_of,
    unlisted,
)

NOT_A_SHAPE = ((), (0,), (True,), (1.5,), [1], 4, ("x",), None)
NOT_AN_OPTIONAL_NAME = ("", "a b", 3)
CALL = ops.Call("out", model="model", x="x")
TABLE: Table = (
    (ops.BatchOf("x"), {"tensor": NOT_A_NAME}),
    (ops.Normal(), {"mean": NOT_A_NUMBER, "stddev": NOT_POSITIVE}),
    (ops.Uniform(), {"low": NOT_A_NUMBER, "high": (0.0, -1, *NOT_A_NUMBER)}),
    (
        ops.Draw("out", ops.Normal(), shape=(ops.Batch(), ops.BatchOf("x"), 3)),
        {"out": NOT_A_NAME, "distribution": ("normal", None, ops.Normal), "shape": NOT_A_SHAPE},
    ),
    (
        ops.Fill("out", 1.0, shape=(3,)),
        {"out": NOT_A_NAME, "value": NOT_A_NUMBER, "shape": NOT_A_SHAPE},
    ),
    (ops.Concat("out", parts=("a", "a")), {"out": NOT_A_NAME, "parts": NOT_SOME_NAMES}),
    (
        ops.Affine("out", x="a"),
        {"out": NOT_A_NAME, "x": NOT_A_NAME, "scale": NOT_A_NUMBER, "plus": NOT_AN_OPTIONAL_NAME},
    ),
    (
        CALL,
        {"out": NOT_A_NAME, "model": NOT_A_NAME, "x": NOT_A_NAME, "training": ("yes", 1, 0)},
    ),
    (
        ops.Loss("out", loss="l", target="t", prediction="p"),
        {"out": NOT_A_NAME, "loss": NOT_A_NAME, "target": NOT_A_NAME, "prediction": NOT_A_NAME},
    ),
    (
        ops.AddTracked("out", loss="l", model="m"),
        {"out": NOT_A_NAME, "loss": NOT_A_NAME, "model": NOT_A_NAME},
    ),
    (ops.Sum("out", parts=("a", "b")), {"out": NOT_A_NAME, "parts": NOT_SOME_NAMES}),
    (
        ops.GradScope(("tape",), body=(CALL,)),
        {"tapes": NOT_DISTINCT_NAMES, "body": ([CALL], None, ("call",))},
    ),
    (
        ops.Gradients("out", tape="t", loss="l", model="m"),
        {"out": NOT_A_NAME, "tape": NOT_A_NAME, "loss": NOT_A_NAME, "model": NOT_A_NAME},
    ),
    (
        ops.Apply("o", gradients="g", model="m"),
        {"optimizer": NOT_A_NAME, "gradients": NOT_A_NAME, "model": NOT_A_NAME},
    ),
    (
        ops.UpdateMetric("a", target="t", prediction="p"),
        {"metric": NOT_A_NAME, "target": NOT_A_NAME, "prediction": NOT_A_NAME},
    ),
    (
        ops.Return(("loss",)),
        {"losses": NOT_DISTINCT_NAMES, "tensors": (("a", "a"), ["a"], "a", (1,))},
    ),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_a_step_op_refuses_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_uniform_bounds_stand_in_order() -> None:
    with pytest.raises(SpecError) as caught:
        ops.Uniform(low=2.0, high=1.0)
    assert "Uniform.high" == caught.value.where
    assert "a number above low = 2.0" == caught.value.expected


def test_every_field_of_every_step_op_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)


@pytest.mark.parametrize(
    "op",
    [
        ops.GradScope(("inner",), body=()),
        ops.Gradients("g", tape="t", loss="l", model="m"),
        ops.Apply("o", gradients="g", model="m"),
        ops.Return(("loss",)),
    ],
    ids=name_of,
)
def test_a_gradient_scope_holds_the_forward_pass_only(op: Op) -> None:
    with pytest.raises(SpecError) as caught:
        ops.GradScope(("tape",), body=(CALL, op))
    assert "GradScope.body" == caught.value.where
    assert type(op).__name__ in caught.value.what
