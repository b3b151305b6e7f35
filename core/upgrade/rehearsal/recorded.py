"""What a document's execution did, as a trace: comparable with the same document's elsewhere."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping

from core.run.machine import machine
from core.run.runner.options import RunOptions
from core.sandbox.guest.control.calls import MARK
from core.sandbox.guest.events import (
    CellResult,
    CellStatus,
    Epoch,
    Evaluation,
    Line,
    MetricReading,
    ModelSeen,
    Reading,
    Running,
    Updates,
    Warned,
    Weights,
)
from core.sandbox.host import ExecutionRecord
from core.sandbox.host.record import Ending
from core.trace import LayerRow, LogLine, ModelSummary, Trace
from core.upgrade.rehearsal.run import Limits, Run, RunResult, RunStatus, Trouble

_ENDINGS = {
    Ending.TIMEOUT: RunStatus.TIMEOUT,
    Ending.MEMORY: RunStatus.MEMORY,
    Ending.DISK: RunStatus.FAILED,
    Ending.PROCESSES: RunStatus.FAILED,
    Ending.FAILED: RunStatus.KILLED,
    Ending.EXITED: RunStatus.FAILED,
}
UNSEEN = "updates"
"""The name of a series that counts updates whose losses cannot be seen."""


def result_of(
    record: ExecutionRecord, run: Run, limits: Limits, *, backend: str, data: tuple[str, str]
) -> RunResult:
    """What became of a document's run.

    Args:
        record: what the sandbox saw.
        run: what was asked for.
        limits: what it was allowed.
        backend: the framework.
        data: name and hash of the images that stand in for MNIST.
    """
    status = _ENDINGS.get(record.ending)
    if status is not None:
        said = "; ".join((*record.notes[:2], record.raw_output[-300:].strip()))
        what = f"the document {record.ending}: {said or 'no message'}"
        limit = {RunStatus.TIMEOUT: limits.seconds, RunStatus.MEMORY: float(limits.memory)}
        trouble = Trouble("Ended", what, run.subject)
        return RunResult(status, None, trouble, record.seconds, limit.get(status, 0.0))
    broken = next((cell for cell in record.cells if cell.status is CellStatus.ERROR), None)
    if broken is not None and broken.error is not None:
        return RunResult(RunStatus.FAILED, None, _trouble(broken, run.subject), record.seconds)
    late = next((cell for cell in record.cells if cell.status is CellStatus.TIMEOUT), None)
    if late is not None:
        trouble = Trouble("Timeout", f"cell {late.index} took too long", f"line {late.line}")
        return RunResult(RunStatus.TIMEOUT, None, trouble, record.seconds, limits.seconds)
    trace = trace_of(record, run.subject, run.options, backend=backend, data=data)
    return RunResult(RunStatus.RAN, trace, seconds=record.seconds)


def _trouble(cell: CellResult, subject: str) -> Trouble:
    error = cell.error
    assert error is not None
    return Trouble(error.kind, f"{error.kind}: {error.message}", f"{subject}:{error.line}")


def trace_of(
    record: ExecutionRecord,
    name: str,
    options: RunOptions,
    *,
    backend: str,
    data: tuple[str, str],
) -> Trace:
    """An execution as a trace: losses of every update, metrics, weights' hashes, printed lines."""
    losses = _losses(record)
    warned = tuple(dict.fromkeys(f"{w.category}: {w.text}" for w in record.of(Warned)))
    return Trace(
        scenario=name,
        backend=backend,
        randomness=options.randomness,
        execution="eager",
        precision=options.precision,
        seed=options.seed,
        data_name=data[0],
        data_sha256=data[1],
        sequence=(name,),
        models=tuple(_models(record)),
        losses=losses,
        metrics=_metrics(record),
        steps_per_epoch=max((len(values) for values in losses.values()), default=0),
        log=tuple(
            LogLine(line.text, timed=True) for line in record.of(Line) if line.stream == "stdout"
        ),
        warnings=warned,
        images=(),
        seconds=record.seconds,
        initial_weights="",
        final_weights=(),
        final_digest=_weights(record),
        environment=machine(),
    )


def uncontrolled(trace: Trace) -> tuple[str, ...]:
    """The draws of a run that its control does not reach."""
    return tuple(text.partition(MARK)[2] for text in trace.warnings if MARK in text)


def _losses(record: ExecutionRecord) -> dict[str, tuple[float, ...]]:
    """One number per update and differentiated value, by optimizer, in order."""
    found: dict[str, list[float]] = {}
    for update in record.of(Updates):
        for values in update.losses:
            if not values:
                found.setdefault(f"{update.optimizer} {UNSEEN}", []).append(1.0)
            for place, value in enumerate(values):
                name = update.optimizer if place == 0 else f"{update.optimizer} {place}"
                found.setdefault(name, []).append(_number(value))
    for running in record.of(Running):
        name = f"{running.model} fit"
        found.setdefault(name, []).extend(_number(value) for value in running.losses)
    return {name: tuple(values) for name, values in found.items()}


def _metrics(record: ExecutionRecord) -> dict[str, tuple[float, ...]]:
    found: dict[str, list[float]] = {}
    for reading in record.of(MetricReading):
        if reading.action == "result" and reading.value is not None:
            found.setdefault(reading.metric, []).append(reading.value)
    for epoch in record.of(Epoch):
        _log_numbers(found, f"{epoch.model} fit", epoch.logs)
    for evaluation in record.of(Evaluation):
        _log_numbers(found, f"{evaluation.model} evaluate", evaluation.logs)
    return {name: tuple(values) for name, values in found.items()}


def _log_numbers(found: dict[str, list[float]], owner: str, logs: Mapping[str, Reading]) -> None:
    for key, value in logs.items():
        values = value if isinstance(value, tuple) else (value,)
        numbers = [v for v in values if v is not None]
        if numbers:
            found.setdefault(f"{owner} {key}", []).extend(numbers)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _models(record: ExecutionRecord) -> Iterable[ModelSummary]:
    last = {model.model: model for model in record.of(ModelSeen)}
    for model in last.values():
        layers = tuple(
            LayerRow(layer.name, layer.kind, _shape(layer.output_shape), layer.params)
            for layer in model.layers
        )
        yield ModelSummary(model.model, model.total_params, model.trainable_params, layers)


def _shape(value: object) -> tuple[int | None, ...]:
    if not isinstance(value, tuple):
        return ()
    return tuple(size if isinstance(size, int) else None for size in value)


def _weights(record: ExecutionRecord) -> str:
    """A hash of the hashes of every model's weights, at the end of every cell."""
    total = hashlib.sha256()
    for weights in record.of(Weights):
        total.update("\n".join(str(digest) for digest in weights.digests).encode())
    return total.hexdigest()
