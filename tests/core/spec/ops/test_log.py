"""Log ops: their rules, their templates, what they use and make."""

from __future__ import annotations

import attrs
import pytest

from core.spec import ops
from core.spec.kinds import Kind
from core.spec.ops.log import template_names
from tests.core.spec.refusals import (
    NOT_A_COUNT,
    NOT_A_NAME,
    NOT_A_NUMBER,
    NOT_A_TEMPLATE,
    NOT_DISTINCT_NAMES,
    NOT_POSITIVE,
    Table,
    assert_refused,
    cases,
    name_of,
    unlisted,
)

TABLE: Table = (
    (ops.Log("loss {loss:.4f}"), {"template": NOT_A_TEMPLATE}),
    (
        ops.SaveImage("images", file="i.png"),
        {
            "images": NOT_A_NAME,
            "file": NOT_A_TEMPLATE,
            "scale": NOT_POSITIVE,
            "offset": NOT_A_NUMBER,
        },
    ),
    (
        ops.Sheet("images", file="i.png"),
        {
            "images": NOT_A_NAME,
            "file": NOT_A_TEMPLATE,
            "rows": NOT_A_COUNT,
            "columns": NOT_A_COUNT,
        },
    ),
    (ops.ReadMetric("acc", metric="metric"), {"out": NOT_A_NAME, "metric": NOT_A_NAME}),
    (ops.ResetMetric("metric"), {"metric": NOT_A_NAME}),
    (ops.Validate("set", batch=("x", "y")), {"dataset": NOT_A_NAME, "batch": NOT_DISTINCT_NAMES}),
    (ops.SaveModel("model", file="m.keras"), {"model": NOT_A_NAME, "file": NOT_A_TEMPLATE}),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_a_log_op_refuses_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_every_field_of_every_log_op_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)


def test_a_template_reads_each_name_once_in_order() -> None:
    assert ("b", "a") == template_names("{b} {a:.2f} {b} {{c}}")


def test_a_log_uses_the_numbers_that_the_loop_does_not_count_itself() -> None:
    op = ops.Log("{epoch} {epoch_index} {step} {seen} {batches} {loss:.2f} {acc}")
    assert (("loss", Kind.NUMBER), ("acc", Kind.NUMBER)) == op.uses()


def test_a_log_is_timed_where_it_prints_seconds() -> None:
    assert ops.Log("took {seconds:.2f}s").timed
    assert not ops.Log("seconds").timed
