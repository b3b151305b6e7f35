"""What is recorded of JAX loops."""

from __future__ import annotations

import pytest

from core.sandbox.guest.events import (
    Carried,
    CompiledCalls,
    Gradients,
    Line,
    MetricReading,
    Returned,
    Started,
    Updates,
)
from core.sandbox.host import ExecutionRecord, Limits, run
from tests.core.sandbox.host.small_documents import program, statuses

SETUP = """
    import os
    os.environ["KERAS_BACKEND"] = "jax"
    import jax
    import keras
    import numpy as np

    x = np.random.rand(60, 4).astype("float32")
    y = (x.sum(1) > 2).astype("int32")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    optimizer = keras.optimizers.Adam(1e-2)
    optimizer.build(model.trainable_variables)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    accuracy = keras.metrics.SparseCategoricalAccuracy()

    def compute_loss(trainable, others, a, b):
        logits, others = model.stateless_call(trainable, others, a, training=True)
        return loss_fn(b, logits), (others, logits)

    gradient_of = jax.value_and_grad(compute_loss, has_aux=True)
    trainable = [v.value for v in model.trainable_variables]
    others = [v.value for v in model.non_trainable_variables]
    slots = [v.value for v in optimizer.variables]
    metric = [v.value for v in accuracy.variables]
"""
CARRIED = """
    @jax.jit
    def train_step(state, a, b):
        trainable, others, slots, metric = state
        (loss, (others, logits)), gradients = gradient_of(trainable, others, a, b)
        trainable, slots = optimizer.stateless_apply(slots, gradients, trainable)
        metric = accuracy.stateless_update_state(metric, b, logits)
        return loss, (trainable, others, slots, metric)

    state = trainable, others, slots, metric
    for start in range(0, 60, 10):
        loss, state = train_step(state, x[start : start + 10], y[start : start + 10])
    print(float(loss), float(accuracy.stateless_result(state[3])))
"""
LOST = """
    for start in range(0, 60, 20):
        (loss, _), gradients = gradient_of(trainable, others, x[:20], y[:20])
        new, new_slots = optimizer.stateless_apply(slots, gradients, trainable)
"""
BY_HAND = """
    weights = jax.numpy.zeros(4)

    @jax.jit
    def descend(weights):
        value, gradient = jax.value_and_grad(lambda w: ((x @ w - 1.0) ** 2).mean())(weights)
        return weights - 0.1 * gradient

    for _ in range(4):
        weights = descend(weights)

    def body(weights, _):
        value, gradient = jax.value_and_grad(lambda w: ((x @ w - 1.0) ** 2).mean())(weights)
        return weights - 0.1 * gradient, value

    weights, values = jax.jit(lambda w: jax.lax.scan(body, w, None, length=5))(weights)
"""


@pytest.fixture(scope="module")
def record() -> ExecutionRecord:
    """The document, executed."""
    return run(program(SETUP, CARRIED, LOST, BY_HAND), seed=3)


def test_the_backend_is_what_the_document_sets(record: ExecutionRecord) -> None:
    (start,) = record.of(Started)
    assert "jax" == start.backend
    assert ["ok"] * 4 == statuses(record)


def test_losses_of_a_compiled_step(record: ExecutionRecord) -> None:
    updates = [u for u in record.of(Updates) if u.cell == 1]
    values = [value for update in updates for (value,) in update.losses]
    assert 6 == len(values)
    assert {"train_step"} == {u.function for u in updates}
    (line,) = record.of(Line)
    assert str(values[-1]) == line.text.split()[0]
    compiled = {c.function: c for c in record.of(CompiledCalls)}
    assert (6, 1) == (compiled["train_step"].calls, compiled["train_step"].traces)


def test_stateless_metric_readings(record: ExecutionRecord) -> None:
    (reading,) = record.of(MetricReading)
    (line,) = record.of(Line)
    assert str(reading.value) == line.text.split()[1]


def test_state_that_is_carried_and_state_that_is_lost(record: ExecutionRecord) -> None:
    carried, lost = [c for c in record.of(Carried) if c.cell in (1, 2)]
    assert carried.outputs == carried.always
    assert 5 == carried.calls
    assert 0 == lost.always
    assert lost.outputs == lost.never


def test_gradients_without_an_optimizer(record: ExecutionRecord) -> None:
    found = [g for g in record.of(Gradients) if g.cell == 3]
    values = [value for gradients in found for (value,) in gradients.losses]
    assert 4 == len(values)
    assert sorted((v for v in values if v is not None), reverse=True) == values


def test_what_a_scan_returns_stands_for_losses_that_cannot_be_seen(
    record: ExecutionRecord,
) -> None:
    values = [r.values for r in record.of(Returned) if r.cell == 3]
    assert [4, 5] == sorted(len(v) for v in values)


def test_a_loop_without_an_iterator_is_left_when_the_budget_is_used_up() -> None:
    after = "print('after')"
    record = run(program(SETUP, LOST, after), Limits(max_steps=2), seed=3)
    cut = record.cells[1].cut
    assert cut is not None
    assert ("stopped", 2) == (cut.how, cut.step)
    assert ["ok", "ok", "ok"] == statuses(record)
