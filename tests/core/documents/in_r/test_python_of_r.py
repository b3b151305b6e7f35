"""Documents in R that lead to Python: reticulate's Keras is recorded as any other."""

from __future__ import annotations

import platform
from itertools import pairwise

import pytest
from attrs import evolve

from core.sandbox.guest.events import (
    CellError,
    Line,
    MetricReading,
    ModelSeen,
    Pass,
    Started,
    Updates,
    Weights,
)
from core.sandbox.host import ExecutionRecord
from core.sandbox.host.record import Ending
from tests.core.documents.in_r.small_r import QUICK, execute, lines_of, need_reticulate
from tests.core.sandbox.host.small_documents import statuses

MODEL = """
library(reticulate)
keras <- import("keras")
tf <- import("tensorflow")
np <- import("numpy")
inputs <- keras$Input(shape = list(4L))
outputs <- keras$layers$Dense(2L, name = "out")(inputs)
model <- keras$Model(inputs, outputs)
optimizer <- keras$optimizers$SGD(0.1)
loss_fn <- keras$losses$SparseCategoricalCrossentropy(from_logits = TRUE)
metric <- keras$metrics$SparseCategoricalAccuracy()
data <- tf$data$Dataset$from_tensor_slices(tuple(
  np$ones(tuple(40L, 4L), dtype = "float32"), np$zeros(tuple(40L), dtype = "int64")
))$batch(8L)
model$summary()
"""
LOOP = """
for (epoch in 1:2) {
  iterator <- as_iterator(data)
  step <- 0
  while (!is.null(batch <- iter_next(iterator))) {
    step <- step + 1
    with(tf$GradientTape() %as% tape, {
      logits <- model(batch[[1]], training = TRUE)
      loss <- loss_fn(batch[[2]], logits)
    })
    gradients <- tape$gradient(loss, model$trainable_weights)
    optimizer$apply(gradients, model$trainable_weights)
    metric$update_state(batch[[2]], logits)
    if (step == 3) cat("step", step, "\\n")
  }
  metric$result()
  metric$reset_state()
}
"""
CELLS = (
    MODEL,
    LOOP,
    "model$nothing()",
    "py_run_string('import sys; print(sys.executable); raise ValueError(\"mine\")')",
    "py_run_string('while True: pass')",
    "repeat model(np$ones(tuple(1L, 4L)))",
    "keras$random$normal(tuple(1L))\nsample.int(3)",
)
AGAIN = (MODEL, LOOP, "loss$nothing()", LOOP)


@pytest.fixture(scope="module")
def record() -> ExecutionRecord:
    """One run of all the cells above."""
    need_reticulate()
    return execute(*CELLS, limits=evolve(QUICK, memory=6 << 30, seconds=600, cell_seconds=20))


def error(record: ExecutionRecord, cell: int) -> CellError:
    """A cell's error."""
    found = record.cells[cell].error
    assert found is not None
    return found


def test_python_under_r_is_this_very_python_with_its_keras(record: ExecutionRecord) -> None:
    (start,) = record.of(Started)
    versions = start.versions
    assert platform.python_version() == start.python
    assert "tensorflow" == start.backend
    assert {"R", "R:reticulate", "keras", "tensorflow"} <= set(versions)


def test_every_cell_has_its_turn_and_both_languages_heed_an_interruption(
    record: ExecutionRecord,
) -> None:
    assert Ending.COMPLETED is record.ending
    assert ["ok", "ok", "error", "error", "timeout", "timeout", "ok"] == statuses(record)


def test_updates_are_recorded_with_rs_line_and_the_loss_they_came_from(
    record: ExecutionRecord,
) -> None:
    updates = record.of(Updates)
    line = record.cells[1].line + 10
    losses = [loss for update in updates for (loss,) in update.losses]
    assert {line} == {update.line for update in updates}
    assert list(range(1, 11)) == [step for update in updates for step in update.steps]
    assert all(a is not None and b is not None and b < a for a, b in pairwise(losses))
    assert (10, 10) == (record.cells[1].steps, record.cells[1].updates)


def test_passes_over_data_begin_where_r_opens_them_and_end_by_themselves(
    record: ExecutionRecord,
) -> None:
    found = [(p.line, p.batches, p.ended) for p in record.of(Pass)]
    assert [(record.cells[1].line + 1, 5, "exhausted")] * 2 == found


def test_metrics_that_r_reads_and_resets_are_recorded(record: ExecutionRecord) -> None:
    line = record.cells[1].line
    found = [(m.action, m.line, m.updates) for m in record.of(MetricReading)]
    assert [("result", line + 14, 5), ("reset", line + 15, 5)] * 2 == found


def test_lines_of_r_stand_at_the_step_they_were_printed_at(record: ExecutionRecord) -> None:
    line = record.cells[1].line + 12
    assert [(line, "step 3 ")] * 2 == lines_of(record, 1)
    steps = [row.step for row in record.of(Line) if row.cell == 1 and row.stream == "stdout"]
    assert [3, 8] == steps


def test_what_python_prints_stands_at_the_line_of_r_that_made_it(record: ExecutionRecord) -> None:
    printed = lines_of(record, 0)
    assert {record.cells[0].line + 13} == {line for line, _ in printed}
    assert any("Total params: 10" in text for _, text in printed)


def test_an_error_of_python_keeps_its_name(record: ExecutionRecord) -> None:
    assert ("AttributeError", "nothing") == (error(record, 2).kind, error(record, 2).missing)
    assert ("ValueError", "mine") == (error(record, 3).kind, error(record, 3).message)


def test_models_and_their_weights_are_followed(record: ExecutionRecord) -> None:
    assert [10] == [model.total_params for model in record.of(ModelSeen)]
    assert [("out/kernel", "out/bias")] == [w.changed for w in record.of(Weights)]


def test_a_budget_of_steps_ends_rs_loops_by_their_iterators() -> None:
    need_reticulate()
    limits = evolve(QUICK, memory=6 << 30, seconds=600, cell_seconds=120, max_steps=8)
    record = execute(*AGAIN, limits=limits)
    assert ["ok", "ok", "error", "ok"] == statuses(record)
    cuts = [cell.cut for cell in record.cells]
    assert [cut.how for cut in cuts if cut is not None] == ["ended", "ended"]
    assert 8 >= record.cells[1].steps + record.cells[3].steps
    assert 4 == record.cells[3].steps or record.cells[1].steps > record.cells[3].steps > 0


def test_the_same_seed_gives_the_same_losses_again(record: ExecutionRecord) -> None:
    need_reticulate()
    again = execute(MODEL, LOOP, limits=evolve(QUICK, memory=6 << 30, seconds=600, cell_seconds=60))
    assert [u.losses for u in record.of(Updates)] != []
    first = [loss for u in record.of(Updates) for loss in u.losses]
    assert first == [loss for u in again.of(Updates) for loss in u.losses]
