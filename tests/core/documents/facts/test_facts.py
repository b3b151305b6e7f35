"""What a loop's code says it does: flags, metrics, gradients, figures."""

from __future__ import annotations

import ast

import pytest

from core.documents import facts
from core.documents.facts.figures import figure
from core.documents.facts.parts import Parts, parts

LOOP = """
import keras
model = keras.Sequential([keras.layers.Dense(10), keras.layers.Dropout(0.5)])
optimizer = keras.optimizers.Adam(learning_rate=1e-3)
seen = keras.metrics.SparseCategoricalAccuracy()
kept = keras.metrics.SparseCategoricalAccuracy()
epochs = 2
for epoch in range(epochs):
    for x, y in dataset:
        with tf.GradientTape() as tape:
            guess = model(x, training=True)
            loss = loss_fn(y, guess)
        grads = tape.gradient(loss, model.trainable_weights)
        optimizer.apply(grads, model.trainable_weights)
        seen.update_state(y, guess)
    print(seen.result())
    seen.reset_state()
    for x, y in held_out:
        kept.update_state(y, model(x))
    print(kept.result())
"""
TORCH = """
model = Sequential([Dense(10)])
for epoch in range(2):
    for x, y in dataset:
        loss = loss_fn(y, model(x))
        loss.backward()
        optimizer.step()
"""


def read(source: str) -> Parts:
    return parts(ast.parse(source))


def test_a_metric_is_read_and_reset_or_not_by_where_it_is_updated() -> None:
    found = {use.name: (use.role, use.read, use.reset) for use in facts.metric_uses(read(LOOP))}
    assert {"seen": ("training", True, True), "kept": ("validation", True, False)} == found


def test_a_call_of_a_model_says_its_training_flag_or_none() -> None:
    loop = read(LOOP)
    known = facts.models(loop)
    assert ["training=True"] == [one.text for one in facts.flags(loop.step, known)]
    assert [facts.NO_FLAG] == [one.text for one in facts.flags(loop.evaluation, known)]
    assert ["Dropout"] == facts.modes(loop)


def test_gradients_of_torch_add_up_where_nothing_clears_them() -> None:
    assert facts.accumulates(read(TORCH))
    cleared = TORCH.replace(
        "        loss.backward", "        model.zero_grad()\n        loss.backward"
    )
    assert not facts.accumulates(read(cleared))
    assert not facts.accumulates(read(LOOP))


def test_epochs_and_objects_are_said_in_words_that_can_be_compared() -> None:
    loop = read(LOOP)
    epochs = facts.epochs(loop)
    assert epochs is not None
    assert "2" == epochs.text
    assert ["Adam"] == [one.text for one in facts.objects(loop, facts.OPTIMIZERS)]


@pytest.mark.parametrize(
    ("code", "value"), [("7 * 7 * 128", 6272), ("-1 / 4", -0.25), ("1 / 0", None), ("n + 1", None)]
)
def test_a_figure_is_the_value_of_a_sum_of_numbers(code: str, value: float | None) -> None:
    assert value == figure(ast.parse(code, mode="eval").body)
