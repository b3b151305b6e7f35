"""A document's loop and a section's program, both run as documents are, and their courses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import attrs
from attrs import frozen

from core.dialects import DIALECTS, Printing, printed
from core.dialects.running.comparing import batch_sizes, means
from core.diff.courses import Course, Courses
from core.diff.documents.standing_alone import standing_alone
from core.diff.subject import Subject
from core.documents.facts import seed as own_seed
from core.documents.facts.source import Loop, read_loop
from core.documents.program import program_of
from core.errors import UsageError
from core.run.data import ImageData, load_data
from core.sandbox.guest.events import Epoch, MetricReading, Running, Updates
from core.sandbox.guest.recorder.request import Cell
from core.sandbox.host import ExecutionRecord, Limits, Program, run

REPORTED = "mean loss so far"


@frozen
class Ask:
    """How documents are run.

    Attributes:
        data: data set's name or path.
        seed: the one seed, unless a document sets its own.
        steps: training steps after which both are ended; None for their whole length.
        known: the folder of guides.
    """

    data: str
    seed: int
    steps: int | None
    known: Path


def run_document_beside_section(path: Path, section: Subject, ask: Ask) -> Courses:
    """Runs a document and a section's program under one seed.

    Raises:
        UsageError: one of them cannot be read or run here.
    """
    scenario = section.scenario
    loop = read_loop(path, scenario.section.partition("~")[0], scenario.guide.id, ask.known)
    images = load_data(ask.data)
    seed = own_seed(loop.tree)
    chosen = ask.seed if seed is None else seed
    alone = standing_alone(scenario)
    dialect = DIALECTS["tensorflow"] if section.dialect.id == "r" else section.dialect
    program = printed(alone, dialect, Printing(seed=chosen))
    ours = _record(_of_document(loop), images, chosen, ask.steps)
    source = program.source
    cell = Cell(0, source, tuple(range(1, source.count("\n") + 2)))
    reference = Program("section.py", (cell,), None, script=True, backend=dialect.backend)
    theirs = _record(reference, images, chosen, ask.steps)
    sizes = batch_sizes(alone, images)
    return alike(course_of(ours, str(path)), course_of(theirs, section.text), sizes)


def run_documents(one: Path, other: Path, ask: Ask) -> Courses:
    """Runs two documents under one seed.

    Raises:
        UsageError: one of them cannot be read or run here.
    """
    images = load_data(ask.data)
    found = []
    for path in (one, other):
        loop = read_loop(path, "", "", ask.known)
        record = _record(_of_document(loop), images, ask.seed, ask.steps)
        found.append(course_of(record, str(path)))
    return alike(found[0], found[1], ())


def _of_document(loop: Loop) -> Program:
    """The cells of a document that were read."""
    last = max((line for line in loop.lines), default=0)
    cells = tuple(cell for cell in loop.document.cells if cell.line <= last)
    return program_of(attrs.evolve(loop.document, cells=cells))


def _record(program: Program, images: ImageData, seed: int, steps: int | None) -> ExecutionRecord:
    limits = Limits() if steps is None else Limits(max_steps=steps)
    record = run(program, limits, seed=seed, data=images)
    failed = record.first_error
    if failed is not None and failed.error is not None:
        raise UsageError(
            f"{failed.error.kind}: {failed.error.message}",
            where=f"{program.name}:{failed.error.line}",
            expected="code that runs",
            remedy=f"mend it; `parity validate {program.name}` says more",
        )
    return record


def course_of(record: ExecutionRecord, name: str) -> Course:
    """What an execution's last training loop did; of `fit` the means that it reports."""
    fitted = record.of(Running)
    updates = record.of(Updates)
    if fitted and (not updates or _later(fitted[-1], updates[-1], record)):
        losses = [math.nan if v is None else v for v in _whole(fitted)]
        epochs = [one for one in record.of(Epoch) if one.model == fitted[-1].model]
        per_epoch = epochs[0].steps if epochs else len(losses)
        return Course(name, {REPORTED: tuple(losses)}, _logged(epochs), per_epoch, so_far=True)
    groups: dict[str, list[Updates]] = {}
    for one in updates:
        groups.setdefault(one.optimizer, []).append(one)
    found: dict[str, tuple[float, ...]] = {}
    per_epoch = 0
    last = (updates[-1].cell, updates[-1].function) if updates else (0, None)
    for group in groups.values():
        own = [u for u in group if (u.cell, u.function) == last]
        own = [u for u in own if u.line == own[-1].line]
        if not own:
            continue
        values = [v[-1] if v else None for u in own for v in u.losses]
        word = "loss" if not found else f"loss {len(found) + 1}"
        found[word] = tuple(math.nan if v is None else v for v in values)
        first = own[0].pass_number
        per_epoch = per_epoch or sum(len(u.losses) for u in own if u.pass_number == first)
    return Course(name, found, _read(record.of(MetricReading)), per_epoch)


def _whole(fitted: Sequence[Running]) -> list[float | None]:
    """The losses of the last model that was fitted."""
    return [v for one in fitted if one.model == fitted[-1].model for v in one.losses]


def _later(one: Running, other: Updates, record: ExecutionRecord) -> bool:
    """Whether `fit` trained after the last loop did."""
    del record
    return (one.cell, one.line or 0) > (other.cell, other.line)


def _logged(epochs: Sequence[Epoch]) -> dict[str, tuple[float, ...]]:
    """The accuracies that `fit` logs after each epoch."""
    found: dict[str, list[float]] = {}
    for epoch in epochs:
        for key, value in epoch.logs.items():
            if isinstance(value, int | float) and key not in {"loss", "val_loss"}:
                role = "validation" if key.startswith("val_") else "training"
                found.setdefault(f"{role} metric", []).append(float(value))
    return {name: tuple(values) for name, values in found.items()}


def _read(readings: Sequence[MetricReading]) -> dict[str, tuple[float, ...]]:
    """What metrics were when they were reset, or read last; the first one is the training's."""
    found: dict[str, list[float]] = {}
    last: dict[str, float] = {}
    resets = {one.metric for one in readings if one.action == "reset"}
    for one in readings:
        if one.action == "result" and one.value is not None:
            found.setdefault(one.metric, [])
            if one.metric in resets:
                last[one.metric] = one.value
            else:
                found[one.metric].append(one.value)
        elif one.action == "reset" and one.metric in last:
            found[one.metric].append(last.pop(one.metric))
    for metric, value in last.items():
        found[metric].append(value)
    names = ("training metric", "validation metric")
    return {
        names[place] if place < len(names) else f"metric {place + 1}": tuple(values)
        for place, values in enumerate(found.values())
    }


def alike(a: Course, b: Course, sizes: Sequence[int]) -> Courses:
    """Two courses in the same terms: beside `fit` a loop's losses are averaged as `fit` does.

    Args:
        a: the first run.
        b: the second.
        sizes: sizes of an epoch's batches, where the section says them.
    """
    if a.so_far != b.so_far:
        a, b = (one if one.so_far else _averaged(one, sizes) for one in (a, b))
    return Courses(a, b)


def _averaged(one: Course, sizes: Sequence[int]) -> Course:
    per_epoch = one.steps_per_epoch
    if not one.losses or not per_epoch:
        return one
    used = sizes if len(sizes) == per_epoch else [1] * per_epoch
    losses = next(iter(one.losses.values()))
    return attrs.evolve(one, losses={REPORTED: tuple(means(losses, used))}, so_far=True)
