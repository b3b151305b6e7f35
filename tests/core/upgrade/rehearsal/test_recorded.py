from __future__ import annotations

import math
from dataclasses import replace

import pytest

from core.sandbox.guest.events import (
    CellError,
    CellResult,
    CellStatus,
    Epoch,
    Event,
    MetricReading,
    Updates,
    Warned,
    Weights,
)
from core.sandbox.host.record import Ending, ExecutionRecord
from core.upgrade.rehearsal.recorded import result_of, uncontrolled
from core.upgrade.rehearsal.run import Limits, Run, RunResult, RunStatus
from tests.core.upgrade.rehearsal.runs import CONTROLLED

RUN = Run("loop.py", CONTROLLED)
LIMITS = Limits(60.0, 1 << 30)


def record(
    *events: Event,
    ending: Ending = Ending.COMPLETED,
    cells: tuple[CellResult, ...] = (),
) -> ExecutionRecord:
    return ExecutionRecord(cells, events, ending, 0, 3.0, 0, ())


def updates(optimizer: str, losses: list[list[float | None]], line: int = 9) -> Updates:
    steps = tuple(range(len(losses)))
    return Updates(0, line, optimizer, None, 1, steps, tuple(map(tuple, losses)))


def result(found: ExecutionRecord) -> RunResult:
    return result_of(found, RUN, LIMITS, backend="tensorflow", data=("digits", "d" * 64))


def test_losses_are_one_number_per_update_by_optimizer_in_order() -> None:
    trace = result(
        record(
            updates("adam-1", [[0.9], [0.8]]),
            updates("adam-2", [[0.5, 0.4]]),
            updates("adam-1", [[0.7]]),
        )
    ).trace
    assert trace is not None
    assert {
        "adam-1": (0.9, 0.8, 0.7),
        "adam-2": (0.5,),
        "adam-2 1": (0.4,),
    } == trace.losses
    assert 3 == trace.steps


def test_updates_whose_losses_cannot_be_seen_are_counted() -> None:
    trace = result(record(updates("sgd-1", [[], []]))).trace
    assert trace is not None
    assert {"sgd-1 updates": (1.0, 1.0)} == trace.losses


def test_a_loss_without_a_value_is_not_finite() -> None:
    trace = result(record(updates("sgd-1", [[None]]))).trace
    assert trace is not None
    assert math.isnan(trace.losses["sgd-1"][0])


def test_metrics_come_from_readings_epochs_and_evaluations() -> None:
    reading = MetricReading(
        cell=0,
        line=3,
        metric="accuracy-1",
        name="accuracy",
        kind="Accuracy",
        action="result",
        value=0.5,
        updates=3,
        step=3,
        after_cut=False,
    )
    epoch = Epoch(0, 3, "model-1", 0, {"loss": 0.3}, 3, 1.0, cut=False)
    trace = result(record(reading, epoch, replace(reading, action="reset"))).trace
    assert trace is not None
    assert {"accuracy-1": (0.5,), "model-1 fit loss": (0.3,)} == trace.metrics


def test_the_weights_hashes_decide_the_digest() -> None:
    def digest(*digests: str) -> str:
        event = Weights(0, "model-1", True, ("a",), (), digests)
        trace = result(record(event)).trace
        assert trace is not None
        return trace.final_digest

    assert digest("a", "b") == digest("a", "b") != digest("a", "c")


def test_uncontrolled_draws_are_read_from_the_warnings() -> None:
    text = "uncontrolled draw: tf.random.gamma"
    event = Warned(0, 3, "UserWarning", text)
    trace = result(record(event)).trace
    assert trace is not None
    assert ("tf.random.gamma",) == uncontrolled(trace)


def test_the_first_cell_that_raises_breaks_the_document_with_its_line() -> None:
    error = CellError("AttributeError", "no reset_states", line=41, call_line=41)
    cells = (
        CellResult(0, 1, CellStatus.OK),
        CellResult(1, 40, CellStatus.ERROR, error=error),
        CellResult(2, 50, CellStatus.CASCADE, error=error, cause=1),
    )
    found = result(record(cells=cells))
    assert RunStatus.FAILED == found.status
    assert found.trouble is not None
    assert ("loop.py:41", "AttributeError: no reset_states") == (
        found.trouble.where,
        found.trouble.what,
    )


@pytest.mark.parametrize(
    ("ending", "status", "limit"),
    [
        (Ending.TIMEOUT, RunStatus.TIMEOUT, 60.0),
        (Ending.MEMORY, RunStatus.MEMORY, float(1 << 30)),
        (Ending.EXITED, RunStatus.FAILED, 0.0),
        (Ending.FAILED, RunStatus.KILLED, 0.0),
    ],
)
def test_how_a_document_ends_is_told_apart(ending: Ending, status: RunStatus, limit: float) -> None:
    found = result(record(ending=ending))
    assert (status, limit) == (found.status, found.limit)
