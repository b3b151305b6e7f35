"""What is recorded of TensorFlow loops, and that recording changes no number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.run.backends.registry import process_environment
from core.sandbox.guest.events import (
    Calls,
    CompiledCalls,
    Epoch,
    Exercised,
    FileWritten,
    Fit,
    FunctionSeen,
    LossSeen,
    MetricReading,
    ModelSeen,
    Pass,
    Running,
    Shown,
    Trained,
    Updates,
    Warned,
    Weights,
)
from core.sandbox.host import ExecutionRecord, Limits, run
from tests.core.sandbox.host.small_documents import cells, error_of, printed, program, statuses

SETUP = """
    import tensorflow as tf
    import keras
    import numpy as np
    from helper import scaled

    table = np.loadtxt("table.csv", delimiter=",").astype("float32")
    x, y = scaled(table[:, :4]), table[:, 4].astype("int32")
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(64).batch(10)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def get_model():
        hidden = keras.layers.Dense(8, activation="relu")
        return keras.Sequential([keras.Input((4,)), hidden, keras.layers.Dense(2)])
"""
EAGER = """
    model = get_model()
    optimizer = keras.optimizers.Adam(1e-2)
    accuracy = keras.metrics.SparseCategoricalAccuracy()
    stale = 1.0
    losses = []
    for epoch in range(2):
        for step, (a, b) in enumerate(dataset):
            with tf.GradientTape() as tape:
                logits = model(a, training=True)
                loss = loss_fn(b, logits)
            gradients = tape.gradient(loss, model.trainable_weights)
            optimizer.apply(gradients, model.trainable_weights)
            accuracy.update_state(b, logits)
            losses.append(float(loss))
            if step % 5 == 0:
                print(f"loss {float(loss):.4f} stale {stale}")
        print(float(accuracy.result()))
        accuracy.reset_state()
"""
COMPILED = """
    def doubled(value):
        if tf.reduce_sum(value) > 0.0:
            return value * 2.0
        return value

    @tf.function
    def train_step(a, b):
        with tf.GradientTape() as tape:
            logits = model(a, training=True)
            loss = doubled(loss_fn(b, logits))
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply(gradients, model.trainable_weights)
        noise = tf.random.normal(())
        return noise

    @tf.function
    def returning_step(a, b):
        with tf.GradientTape() as tape:
            loss = loss_fn(b, model(a))
        optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
        return loss

    noises = [float(train_step(a, b)) for a, b in dataset]
    for a, b in dataset:
        losses.append(float(returning_step(a, b)))
"""
LEFTOVER = """
    model = get_model()

    @tf.function
    def tracked_step(a, b):
        with tf.GradientTape() as tape:
            loss = loss_fn(b, model(a))
        optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
"""
FITTED = """
    model.compile("sgd", loss_fn, metrics=["accuracy"])
    history = model.fit(dataset, epochs=2, verbose=0)
    losses += history.history["loss"]
    import warnings
    for _ in range(3):
        warnings.warn("mind the gap")
    model.save("model.keras")
"""
BROKEN = "fresh = missing_name"
AFTER = "print(fresh)"
SOURCES = (SETUP, EAGER, COMPILED, LEFTOVER, FITTED, BROKEN, AFTER)
SEED = 11
STEPS = 100 // 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document's folder with a module and a table."""
    path = tmp_path_factory.mktemp("document")
    (path / "helper.py").write_text("def scaled(x):\n    return x * 2\n")
    rows = [f"{i % 7},{i % 5},{i % 3},{i % 2},{(i % 7) % 2}" for i in range(100)]
    (path / "table.csv").write_text("\n".join(rows))
    return path


@pytest.fixture(scope="module")
def record(folder: Path) -> ExecutionRecord:
    """The document, executed."""
    return run(
        program(*SOURCES, folder=folder), seed=SEED, exercise=((3, "tracked_step"), (1, "none"))
    )


def losses_of(record: ExecutionRecord, cell: int) -> list[float | None]:
    """The losses of a cell's updates, in order."""
    updates = [u for u in record.of(Updates) if u.cell == cell]
    return [values[0] for update in updates for values in update.losses]


def test_cells_end_as_they_should(record: ExecutionRecord) -> None:
    expected = ["ok", "ok", "ok", "ok", "ok", "error", "cascade"]
    assert expected == statuses(record)
    assert 5 == record.cells[6].cause
    assert "NameError" == error_of(record, 5)[0]


def test_recording_changes_no_number(record: ExecutionRecord, folder: Path) -> None:
    source = "\n".join(cell.source for cell in cells(*SOURCES[:5]))
    plain = folder / "plain.py"
    plain.write_text(
        f"import keras\nkeras.utils.set_random_seed({SEED})\n{source}\n"
        "print('\\n'.join(repr(value) for value in losses + noises))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(plain)],
        cwd=folder,
        env=process_environment("tensorflow"),
        capture_output=True,
        text=True,
        check=True,
    )
    plainly = [float(row) for row in done.stdout.splitlines() if not row.startswith("loss")][2:]
    eager = losses_of(record, 1)
    assert 2 * STEPS == len(eager)
    assert plainly[: 2 * STEPS] == eager
    assert plainly[2 * STEPS : 3 * STEPS] == losses_of(record, 2)[STEPS:]
    fitted = [epoch.logs["loss"] for epoch in record.of(Epoch)]
    assert plainly[3 * STEPS : 3 * STEPS + 2] == fitted


def test_a_loss_that_a_compiled_step_does_not_return_is_recorded(record: ExecutionRecord) -> None:
    first = losses_of(record, 2)[:STEPS]
    assert STEPS == len(first)
    assert all(isinstance(value, float) and value > 0 for value in first)
    functions = {u.function for u in record.of(Updates) if u.cell == 2}
    assert {"train_step", "returning_step"} == functions


def test_steps_and_updates_are_counted(record: ExecutionRecord) -> None:
    assert [0, 2 * STEPS, 2 * STEPS, 0, 2 * STEPS] == [cell.steps for cell in record.cells[:5]]
    assert 2 * STEPS == record.cells[2].updates
    steps = [s for u in record.of(Updates) for s in u.steps]
    assert list(range(1, 4 * STEPS + 1)) == steps


def test_compiled_functions_calls_and_traces(record: ExecutionRecord) -> None:
    found = {c.function: c for c in record.of(CompiledCalls)}
    assert STEPS == found["train_step"].calls
    assert 1 == found["train_step"].traces
    assert found["train_step"].trains
    assert "tf.function" == found["train_step"].kind


def test_passes_over_data(record: ExecutionRecord) -> None:
    passes = record.of(Pass)
    assert [1, 1, 2, 2] == [p.cell for p in passes]
    assert {"exhausted"} == {p.ended for p in passes}
    assert {STEPS} == {p.batches for p in passes}
    assert {STEPS} == {p.steps for p in passes}


def test_metric_readings_and_resets(record: ExecutionRecord) -> None:
    readings = [m for m in record.of(MetricReading) if m.cell == 1]
    assert ["result", "reset", "result", "reset"] == [m.action for m in readings]
    values = [str(m.value) for m in readings if m.action == "result"]
    assert values == [row for row in printed(record) if not row.startswith("loss")]
    assert {STEPS} == {m.updates for m in readings}


def test_the_model_and_its_layers(record: ExecutionRecord) -> None:
    first = record.of(ModelSeen)[0]
    assert 58 == first.total_params
    assert [("Dense", 40, "relu"), ("Dense", 18, "linear")] == [
        (layer.kind, layer.params, layer.activation) for layer in first.layers
    ]
    assert (None, 8) == first.layers[0].output_shape


def test_weights_that_changed(record: ExecutionRecord) -> None:
    changed = [w for w in record.of(Weights) if w.model == "model-1"]
    assert [1, 2] == [w.cell for w in changed]
    assert 4 == len(changed[0].changed)
    assert () == changed[0].unchanged
    assert {()} == {t.unchanged for t in record.of(Trained)}


def test_calls_of_the_model_with_their_training_argument(record: ExecutionRecord) -> None:
    calls = [c for c in record.of(Calls) if c.cell == 1]
    assert [("true", True, False, 2 * STEPS)] == [
        (c.training, c.gradient, c.traced, c.calls) for c in calls
    ]
    assert {"true", "unset"} == {c.training for c in record.of(Calls) if c.cell == 2}


def test_the_loss_object_and_what_it_is_given(record: ExecutionRecord) -> None:
    first = record.of(LossSeen)[0]
    assert ("SparseCategoricalCrossentropy", True) == (first.kind, first.from_logits)
    assert "linear" == first.activation


def test_fit_is_recorded_by_epochs_and_steps(record: ExecutionRecord) -> None:
    (fit,) = record.of(Fit)
    assert 2 * STEPS == fit.steps
    assert [0, 1] == [epoch.epoch for epoch in record.of(Epoch)]
    assert {"loss", "accuracy"} == set(record.of(Epoch)[0].logs)
    running = [loss for run in record.of(Running) for loss in run.losses]
    assert 2 * STEPS == len(running)


def test_a_warning_is_recorded_once_with_its_line(record: ExecutionRecord) -> None:
    found = [w for w in record.of(Warned) if w.text == "mind the gap"]
    assert 1 == len(found)
    assert found[0].line == record.cells[4].line + 5


def test_files_written(record: ExecutionRecord) -> None:
    files = [(f.path, f.kind, f.change) for f in record.of(FileWritten)]
    assert ("model.keras", "zip", "new") in files


def test_a_variable_that_the_loop_never_updates(record: ExecutionRecord) -> None:
    shown = {s.name: s for s in record.of(Shown) if s.cell == 1}
    assert 1 == shown["stale"].distinct
    assert 1 < shown["loss"].distinct


def test_functions_called_and_never_called(record: ExecutionRecord) -> None:
    called = {f.name: f.called for f in record.of(FunctionSeen)}
    assert called["get_model"]
    assert called["doubled"]
    assert called["train_step"]
    assert called["tracked_step"] in (True, False)


def test_an_exercised_function_meets_the_optimizer_of_another_model(
    record: ExecutionRecord,
) -> None:
    (found,) = record.of(Exercised)
    assert found.called
    assert found.error is not None
    assert "Unknown variable" in found.error.message


def test_the_budget_ends_iterators_and_fit(folder: Path) -> None:
    sources = (SETUP, EAGER, "model.compile('sgd', loss_fn)\nmodel.fit(dataset, verbose=0)")
    record = run(program(*sources, folder=folder), Limits(max_steps=8), seed=SEED)
    assert ["ok", "ok", "ok"] == statuses(record)
    first, second = record.cells[1].cut, record.cells[2].cut
    assert first is not None
    assert second is not None
    assert ("ended", 6, 1, "steps") == (first.how, first.step, first.pass_number, first.reason)
    assert ("fit", 8) == (second.how, second.step)
    assert [6, 0] == [p.steps for p in record.of(Pass)]
    assert ["cut", "cut"] == [p.ended for p in record.of(Pass)]
    after = [m.after_cut for m in record.of(MetricReading)]
    assert {True} == set(after)
    (fit,) = record.of(Fit)
    assert fit.cut
