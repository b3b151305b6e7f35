from __future__ import annotations

from core.dialects.plan import (
    SetUp,
    Train,
    draws_in_tensorflow,
    draws_weights,
    identifiers,
    origin,
    plan,
)
from scenarios.keras_io_tf.compiled import COMPILED
from scenarios.keras_io_tf.first_loop import FIRST_LOOP
from scenarios.keras_io_tf.gan import GAN
from scenarios.keras_io_tf.metrics import METRICS
from scenarios.keras_io_tf.tracked_losses import TRACKED_LOSSES


def order(events: tuple[SetUp | Train, ...]) -> list[str]:
    return [f"{type(event).__name__} {event.scenario.section}" for event in events]


def test_a_first_section_is_set_up_and_trained() -> None:
    expected = ["SetUp first_loop", "Train first_loop"]
    assert expected == order(plan(FIRST_LOOP, draws_in_tensorflow))


def test_a_section_that_goes_on_with_a_model_trains_it_first() -> None:
    expected = [
        "SetUp first_loop",
        "SetUp metrics",
        "Train metrics",
        "SetUp compiled",
        "Train compiled",
    ]
    assert expected == order(plan(COMPILED, draws_in_tensorflow))


def test_of_sections_that_are_not_trained_only_what_draws_or_is_needed_is_printed() -> None:
    first, second, third, *_ = plan(GAN, draws_in_tensorflow)
    kept = [type(first.scenario.setup[place]).__name__ for place in _positions(first)]
    assert ["BuildModel", "LoadImages", "SplitData", "OpenDataset"] == kept
    assert ["BuildModel"] == [type(METRICS.setup[place]).__name__ for place in _positions(second)]
    assert TRACKED_LOSSES is third.scenario


def test_where_opening_a_dataset_draws_nothing_it_is_left_out_too() -> None:
    first = plan(GAN, draws_weights)[0]
    assert ["BuildModel"] == [type(FIRST_LOOP.setup[p]).__name__ for p in _positions(first)]


def _positions(event: SetUp | Train) -> tuple[int, ...]:
    assert isinstance(event, SetUp)
    return event.positions


def test_an_object_belongs_to_the_section_that_made_it() -> None:
    assert ("keras_io_tf/first_loop", "train_dataset") == origin(COMPILED, "train_dataset")
    assert ("keras_io_tf/metrics", "model") == origin(COMPILED, "model")


def test_a_name_made_again_is_the_same_variable_unless_the_old_object_is_still_needed() -> None:
    names = identifiers(plan(COMPILED, draws_in_tensorflow))
    assert "model" == names[("keras_io_tf/first_loop", "model")]
    assert "model" == names[("keras_io_tf/metrics", "model")]
    events = (*plan(METRICS, draws_in_tensorflow), Train(FIRST_LOOP))
    assert "model_first_loop" == identifiers(events)[("keras_io_tf/first_loop", "model")]
