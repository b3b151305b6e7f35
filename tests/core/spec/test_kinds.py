"""What an op uses and makes, and how it reads under other names: from its fields alone."""

from __future__ import annotations

import pytest

from core.spec import ops
from core.spec.kinds import Kind, Op
from core.spec.parts import Adam, BinaryCrossentropy, SparseCategoricalAccuracy
from tests.core.spec.refusals import name_of
from tests.example_scenarios import CLASSIFIER, MODEL

T, N = Kind.TENSOR, Kind.NUMBER
CALL = ops.Call("prediction", model="model", x="x")
References = tuple[tuple[str, Kind], ...]
# Each op, what it uses, what it makes.
TABLE: tuple[tuple[Op, References, References], ...] = (
    (ops.BuildModel("m", MODEL), (), (("m", Kind.MODEL),)),
    (ops.MakeOptimizer("o", Adam(0.1)), (), (("o", Kind.OPTIMIZER),)),
    (ops.MakeLoss("l", BinaryCrossentropy()), (), (("l", Kind.LOSS),)),
    (ops.MakeMetric("a", SparseCategoricalAccuracy()), (), (("a", Kind.METRIC),)),
    (ops.LoadImages("p", parts=("train",), layout="flat"), (), (("p", Kind.ARRAYS),)),
    (
        ops.SplitData("t", validation="v", source="p", reserve=1),
        (("p", Kind.ARRAYS),),
        (("t", Kind.ARRAYS), ("v", Kind.ARRAYS)),
    ),
    (ops.OpenDataset("d", source="p", batch=1), (("p", Kind.ARRAYS),), (("d", Kind.DATASET),)),
    (ops.SeedFramework(1), (), ()),
    (ops.Continue(CLASSIFIER, names=("model",)), (), (("model", Kind.MODEL),)),
    (ops.Draw("o", ops.Normal(), shape=(ops.Batch(), ops.BatchOf("x"))), (("x", T),), (("o", T),)),
    (ops.Fill("o", 0.0, shape=(ops.BatchOf("x"), 1)), (("x", T),), (("o", T),)),
    (ops.Concat("o", parts=("a", "b")), (("a", T), ("b", T)), (("o", T),)),
    (ops.Affine("o", x="a"), (("a", T),), (("o", T),)),
    (ops.Affine("o", x="a", plus="b"), (("a", T), ("b", T)), (("o", T),)),
    (ops.Call("o", model="m", x="x"), (("m", Kind.MODEL), ("x", T)), (("o", T),)),
    (
        ops.Loss("o", loss="l", target="t", prediction="p"),
        (("l", Kind.LOSS), ("t", T), ("p", T)),
        (("o", T),),
    ),
    (ops.AddTracked("o", loss="l", model="m"), (("l", T), ("m", Kind.MODEL)), (("o", T),)),
    (ops.Sum("o", parts=("a",)), (("a", T),), (("o", T),)),
    (ops.GradScope(("t1", "t2"), body=(CALL,)), (), (("t1", Kind.TAPE), ("t2", Kind.TAPE))),
    (
        ops.Gradients("g", tape="t", loss="l", model="m"),
        (("t", Kind.TAPE), ("l", T), ("m", Kind.MODEL)),
        (("g", Kind.GRADIENTS),),
    ),
    (
        ops.Apply("o", gradients="g", model="m"),
        (("o", Kind.OPTIMIZER), ("g", Kind.GRADIENTS), ("m", Kind.MODEL)),
        (),
    ),
    (
        ops.UpdateMetric("a", target="t", prediction="p"),
        (("a", Kind.METRIC), ("t", T), ("p", T)),
        (),
    ),
    (ops.Return(("l",), ("x",)), (("l", T), ("x", T)), ()),
    (ops.Log("{epoch} {step} {loss:.2f} {acc} {loss}"), (("loss", N), ("acc", N)), ()),
    (ops.SaveImage("i", file="f{epoch}"), (("i", T),), ()),
    (ops.Sheet("i", file="f"), (("i", T),), ()),
    (ops.ReadMetric("n", metric="m"), (("m", Kind.METRIC),), (("n", N),)),
    (ops.ResetMetric("m"), (("m", Kind.METRIC),), ()),
    (ops.Validate("d", batch=("x",)), (("d", Kind.DATASET),), ()),
    (ops.SaveModel("m", file="f"), (("m", Kind.MODEL),), ()),
)


@pytest.mark.parametrize(("op", "uses", "makes"), TABLE, ids=name_of)
def test_an_op_says_what_it_uses_and_makes(op: Op, uses: References, makes: References) -> None:
    assert uses == op.uses()
    assert makes == op.makes()


def test_no_op_is_missing_from_the_table() -> None:
    offered = {getattr(ops, name) for name in ops.__all__}
    kinds = {kind for kind in offered if isinstance(kind, type) and issubclass(kind, Op)}
    assert kinds == {type(op) for op, _, _ in TABLE}


RENAMED: tuple[tuple[Op, Op], ...] = (
    (ops.SplitData("t", "v", "p", 1), ops.SplitData("t2", "v2", "p2", 1)),
    (
        ops.Draw("o", ops.Normal(), shape=(ops.Batch(), 3, ops.BatchOf("x"))),
        ops.Draw("o2", ops.Normal(), shape=(ops.Batch(), 3, ops.BatchOf("x2"))),
    ),
    (ops.Affine("o", x="x"), ops.Affine("o2", x="x2")),
    (ops.Return(("l",), ("x",)), ops.Return(("l2",), ("x2",))),
    (ops.Log("{l:.3f} of {{l}}"), ops.Log("{l2:.3f} of {{l2}}")),
    (ops.SaveImage("i", file="{epoch}"), ops.SaveImage("i2", file="{epoch}")),
    (ops.Validate("d", batch=("x", "y")), ops.Validate("d2", batch=("x2", "y2"))),
    (ops.SeedFramework(1), ops.SeedFramework(1)),
)


@pytest.mark.parametrize(("op", "renamed"), RENAMED, ids=name_of)
def test_an_op_under_other_names(op: Op, renamed: Op) -> None:
    assert renamed == op.renamed(lambda name: f"{name}2")
