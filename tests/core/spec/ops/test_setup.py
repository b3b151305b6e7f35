"""Setup ops: their rules, what they use and make."""

from __future__ import annotations

import attrs
import pytest

from core.errors import SpecError
from core.spec import ops
from core.spec.kinds import Kind
from core.spec.parts import SGD, BinaryCrossentropy, SparseCategoricalAccuracy
from tests.core.spec.refusals import (
    NOT_A_COUNT,
    NOT_A_NAME,
    NOT_A_NUMBER,
    NOT_DISTINCT_NAMES,
    NOT_NATURAL,
    NOT_POSITIVE,
    Table,
    assert_refused,
    cases,
    name_of,
    unlisted,
)
from tests.example_scenarios import CLASSIFIER, CONTINUED, MODEL

TABLE: Table = (
    (ops.BuildModel("model", MODEL), {"out": NOT_A_NAME, "model": ("mlp", None, MODEL.layers)}),
    (
        ops.MakeOptimizer("optimizer", SGD(0.1)),
        {"out": NOT_A_NAME, "optimizer": ("adam", None, SGD)},
    ),
    (ops.MakeLoss("loss", BinaryCrossentropy()), {"out": NOT_A_NAME, "loss": ("mse", None)}),
    (
        ops.MakeMetric("metric", SparseCategoricalAccuracy()),
        {"out": NOT_A_NAME, "metric": ("accuracy", None, BinaryCrossentropy())},
    ),
    (
        ops.LoadImages("pool", parts=("train",), layout="flat", dtype="float32"),
        {
            "out": NOT_A_NAME,
            "parts": (("test",), ("test", "train"), ["train"], "train", ()),
            "layout": ("nchw", None),
            "dtype": ("float16", None),
            "offset": NOT_A_NUMBER,
            "divisor": NOT_POSITIVE,
        },
    ),
    (
        ops.SplitData("train", validation="val", source="pool", reserve=10),
        {
            "train": NOT_A_NAME,
            "validation": NOT_A_NAME,
            "source": NOT_A_NAME,
            "reserve": NOT_A_COUNT,
            "how": ("first", None),
        },
    ),
    (
        ops.OpenDataset("set", source="pool", batch=32),
        {
            "out": NOT_A_NAME,
            "source": NOT_A_NAME,
            "batch": NOT_A_COUNT,
            "shuffle": (0, -1, 1.5, True, "all"),
        },
    ),
    (
        ops.Continue(CLASSIFIER, names=("model",)),
        {"section": ("toy/first", None), "names": NOT_DISTINCT_NAMES},
    ),
    (ops.SeedFramework(42), {"seed": NOT_NATURAL}),
)


@pytest.mark.parametrize(("valid", "field", "value"), cases(TABLE), ids=name_of)
def test_a_setup_op_refuses_a_wrong_value(
    valid: attrs.AttrsInstance, field: str, value: object
) -> None:
    assert_refused(valid, field, value)


def test_every_field_of_every_setup_op_has_a_wrong_value_in_the_table() -> None:
    assert set() == unlisted(TABLE)


@pytest.mark.parametrize(("offset", "divisor"), [(127.5, 1.0), (0.0, 255.0)])
def test_scaled_images_are_floats(offset: float, divisor: float) -> None:
    with pytest.raises(SpecError, match="float32 where pixels are scaled"):
        ops.LoadImages("pool", parts=("train",), layout="flat", offset=offset, divisor=divisor)


def test_continuing_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(SpecError) as caught:
        ops.Continue(CLASSIFIER, names=("model", "optimiser"))
    assert "Continue.names" == caught.value.where
    assert "'optimiser'" in caught.value.what
    assert "toy/first" in caught.value.expected
    assert "optimizer" in caught.value.expected


def test_what_is_continued_keeps_its_kind_over_two_sections() -> None:
    op = ops.Continue(CONTINUED, names=("optimizer", "val_set"))
    assert (("optimizer", Kind.OPTIMIZER), ("val_set", Kind.DATASET)) == op.makes()
    assert () == op.uses()
