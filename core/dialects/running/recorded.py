"""What the recorder saw of a printed program, in the terms of the runner's trace."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping

from attrs import frozen

from core.dialects.program import Program, Watch
from core.sandbox.guest.events import Epoch, Fit, Line, MetricReading, Reading, Running, Updates
from core.sandbox.host import ExecutionRecord

OWN = 2
"""Index of the cell that holds the program's own section."""


@frozen
class Batch:
    """What `fit` reports after a batch: the mean loss of the epoch so far."""

    epoch: int
    loss: float


def printed(record: ExecutionRecord, cell: int) -> Iterator[str]:
    """The lines that a cell printed before it was cut short."""
    for row in record.of(Line):
        if row.cell == cell and row.stream == "stdout" and not row.after_cut:
            yield row.text


def losses(record: ExecutionRecord, watch: Watch) -> dict[str, tuple[float, ...]]:
    """The losses that each optimizer was given, by the order of the optimizers' first updates."""
    found: dict[str, list[float]] = {}
    for update in record.of(Updates):
        if update.cell == OWN:
            applied = [group[-1] if group else None for group in update.losses]
            values = found.setdefault(update.optimizer, [])
            values += [math.nan if value is None else value for value in applied]
    series = [tuple(values) for values in found.values()]
    series += [()] * (len(watch.losses) - len(series))
    return dict(zip(watch.losses, series, strict=False))


def readings(
    record: ExecutionRecord, program: Program, watch: Watch
) -> dict[str, tuple[float, ...]]:
    """What the program's own section read of its metrics, by the variable that it was put into."""
    begin = program.spans[watch.begin][0]
    lines: dict[str, range] = {}
    for node in ast.walk(ast.parse(program.source)):
        if isinstance(node, ast.Assign) and node.lineno >= begin:
            span = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            lines |= {target.id: span for target in node.targets if isinstance(target, ast.Name)}
    read = [one for one in record.of(MetricReading) if one.action == "result" and not one.after_cut]
    return {
        name: tuple(
            one.value
            for one in read
            if one.cell == OWN and one.line in lines[variable] and one.value is not None
        )
        for name, variable in watch.metrics.items()
    }


def fitted(
    record: ExecutionRecord,
) -> tuple[tuple[Batch, ...], tuple[Mapping[str, Reading], ...]]:
    """What the last call of `fit` reported: after each batch, and after each epoch."""
    found: tuple[tuple[Batch, ...], tuple[Mapping[str, Reading], ...]] = ((), ())
    batches: list[Batch] = []
    epochs: list[Mapping[str, Reading]] = []
    for event in record.events:
        match event:
            case Running():
                losses = [math.nan if loss is None else loss for loss in event.losses]
                batches += [Batch(len(epochs), loss) for loss in losses]
            case Epoch():
                epochs.append(event.logs)
            case Fit():
                found = (tuple(batches), tuple(epochs))
                batches, epochs = [], []
    return found


def reports(
    epochs: tuple[Mapping[str, Reading], ...], watch: Watch
) -> dict[str, tuple[float, ...]]:
    """The readings of `fit`, under the names that the trace gives them."""
    return {
        name: tuple(_report(logs, *place.split()) for logs in epochs)
        for name, place in watch.metrics.items()
    }


def _report(logs: Mapping[str, Reading], part: str, number: str) -> float:
    """A metric of an epoch's reports, by its number among those of training (`train`) or `val`."""
    names = [name for name in logs if name.startswith("val_") == (part == "val")]
    value = logs[[name for name in names if name not in {"loss", "val_loss"}][int(number)]]
    assert isinstance(value, float)
    return value
