"""Where ops stand, and what is known there."""

from __future__ import annotations

from core.spec import ops
from core.spec.catalog import Catalog
from core.spec.kinds import Kind
from core.spec.mutation.places import known_before, moved, places, put, remade
from tests.conftest import REPOSITORY

CATALOG = Catalog.load(REPOSITORY)
(METRICS,) = CATALOG.select(["keras_io_tf/metrics"])
PLACES = {place.name: place for place in places(METRICS)}


def test_places_are_named_by_phase_and_index_and_in_the_setup_by_what_they_make() -> None:
    assert {"setup[0]", "model", "optimizer", "step[0]", "step[0.1]", "on_epoch_end[7]"} <= set(
        PLACES
    )
    assert isinstance(PLACES["step[0.1]"].op, ops.Loss)


def test_an_op_is_replaced_in_the_body_of_a_scope() -> None:
    again = ops.Affine("loss", x="logits")
    changed = put(METRICS, PLACES["step[0.1]"], again)
    scope = changed.step[0]
    assert isinstance(scope, ops.GradScope)
    assert (again, METRICS.step[1:]) == (scope.body[1], changed.step[1:])


def test_an_op_moves_among_its_siblings() -> None:
    changed = moved(METRICS, PLACES["on_epoch_end[2]"], 0)
    assert METRICS.on_epoch_end[2] == changed.on_epoch_end[0]
    assert METRICS.on_epoch_end[0] == changed.on_epoch_end[1]
    assert METRICS.on_epoch_end[3:] == changed.on_epoch_end[3:]


def test_what_is_known_before_an_op() -> None:
    inside = known_before(METRICS, PLACES["step[0.1]"])
    assert Kind.TENSOR is inside["logits"]
    assert "loss" not in inside
    assert "tape" not in inside
    assert Kind.NUMBER is known_before(METRICS, PLACES["on_log[0]"])["loss"]
    assert "x_batch_val" in known_before(METRICS, PLACES["evaluate[0]"])


def test_an_object_is_made_anew_where_it_was_continued() -> None:
    opened = METRICS.maker("train_dataset", ops.OpenDataset)
    changed = remade(METRICS, "train_dataset", opened)
    assert {**METRICS.setup_names, "train": Kind.ARRAYS} == changed.setup_names
    assert changed.setup[-5:] == METRICS.setup[1:]
