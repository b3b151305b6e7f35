"""Which ops may change places unseen."""

from __future__ import annotations

from core.spec import ops
from core.spec.catalog import Catalog
from core.spec.mutation.effects import conflict, differs_in_training, moves_statistics
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)
(METRICS,) = CATALOG.select(["keras_io_tf/metrics"])
(DCGAN,) = CATALOG.select(["dcgan_article/dcgan"])
APPLY = ops.Apply("optimizer", gradients="grads", model="model")
CALL = ops.Call("again", model="model", x="x_batch_train", training=True)
READ = ops.ReadMetric("train_acc", metric="train_acc_metric")
RESET = ops.ResetMetric("train_acc_metric")
OTHER = ops.ResetMetric("val_acc_metric")


def test_an_update_matters_to_a_call_of_its_model() -> None:
    assert conflict(METRICS, APPLY, CALL)
    assert conflict(METRICS, CALL, APPLY)


def test_what_one_makes_and_the_other_uses_matters() -> None:
    assert conflict(METRICS, READ, ops.Log("{train_acc:.4f}"))


def test_metrics_matter_to_themselves_alone() -> None:
    assert conflict(METRICS, READ, RESET)
    assert not conflict(METRICS, READ, OTHER)
    assert conflict(
        METRICS, OTHER, ops.Validate("val_dataset", batch=("x_batch_val", "y_batch_val"))
    )


def test_lines_stand_in_an_order() -> None:
    assert conflict(METRICS, ops.Log("a"), ops.Log("b"))
    assert not conflict(METRICS, ops.Log("a"), RESET)


def test_two_calls_of_a_model_may_change_places_unless_they_move_its_statistics() -> None:
    first, second = (ops.Call(out, model="discriminator", x="x", training=True) for out in "ab")
    assert not conflict(DCGAN, first, second)
    of_generator = [ops.Call(out, model="generator", x="x", training=True) for out in "ab"]
    assert conflict(DCGAN, *of_generator)
    assert [False, True] == [moves_statistics(DCGAN, op) for op in (first, of_generator[0])]


def test_a_model_with_dropout_differs_in_training() -> None:
    assert differs_in_training(DCGAN, "discriminator")
    assert not differs_in_training(METRICS, "model")
