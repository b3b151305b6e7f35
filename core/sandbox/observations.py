"""What the recorder's events mean: one class per kind of event, and how to read them.

`observed(record, Line)` gives every printed line of a record, in order. Lines are lines of the
document; a step is a training step, counted over the whole run from 1.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

import cattrs
from attrs import frozen

from core.sandbox.record import ExecutionRecord


class Observation:
    """Something the recorder saw; `event` is the name of its kind."""

    event: ClassVar[str]


Seen = TypeVar("Seen", bound=Observation)


@frozen
class Line(Observation):
    """A printed line. `step`: steps taken before; `after_cut`: the cell had been cut short."""

    event = "line"
    cell: int
    line: int | None
    stream: str
    text: str
    step: int
    after_cut: bool


@frozen
class Warned(Observation):
    """A warning, or a record of a logger (`category` is then `logger.level`), once per line."""

    event = "warning"
    cell: int
    line: int | None
    category: str
    text: str


@frozen
class OptimizerSeen(Observation):
    """An optimizer at its first application."""

    event = "optimizer"
    cell: int
    optimizer: str
    kind: str
    name: str
    learning_rate: float | None


@frozen
class Updates(Observation):
    """Consecutive updates of one optimizer at one place.

    Attributes:
        optimizer: its short name; for `train_on_batch` the model's.
        function: the compiled function they happened in, None in eager code.
        pass_number: the pass over data that drove them.
        steps: the step of each update.
        losses: for each update the values it was differentiated from, as many as there were;
            none where they cannot be seen.
    """

    event = "updates"
    cell: int
    line: int
    optimizer: str
    function: str | None
    pass_number: int | None
    steps: tuple[int, ...]
    losses: tuple[tuple[float | None, ...], ...]


@frozen
class Gradients(Observation):
    """Values that were differentiated and that no optimizer used: updates by hand, probably."""

    event = "gradients"
    cell: int
    line: int
    function: str | None
    pass_number: int | None
    steps: tuple[int, ...]
    losses: tuple[tuple[float | None, ...], ...]


@frozen
class Returned(Observation):
    """What one call of a training function returned whose losses cannot be seen one by one."""

    event = "returned"
    cell: int
    function: str
    place: int
    values: tuple[float, ...]
    step: int


@frozen
class MetricReading(Observation):
    """A metric was read (`action` `result`) or reset (`reset`); `updates` since the last reset."""

    event = "metric"
    cell: int
    line: int | None
    metric: str
    name: str
    kind: str
    action: str
    value: float | None
    updates: int
    step: int
    after_cut: bool


@frozen
class Pass(Observation):
    """A pass over data; `ended` is `exhausted`, `left` (a break, or the cell's end) or `cut`.

    Attributes:
        data: `tf.data` or `DataLoader`.
        after_end: how often the iterator had been used again after its end.
    """

    event = "pass"
    cell: int
    line: int
    number: int
    data: str
    batches: int
    steps: int
    ended: str
    after_end: int
    seconds: float


@frozen
class CompiledCalls(Observation):
    """Calls and traces of a compiled function in one cell."""

    event = "compiled"
    cell: int
    line: int
    function: str
    kind: str
    calls: int
    traces: int
    trains: bool


@frozen
class Carried(Observation):
    """How many arrays that a pure step returns are given to its next call.

    Attributes:
        calls: pairs of calls that were looked at.
        outputs: arrays returned.
        always: how many of them are carried each time.
        never: how many are carried at no time.
        breaks: step and pass of calls to which something was not given that usually is.
    """

    event = "carried"
    cell: int
    function: str
    calls: int
    outputs: int
    always: int
    never: int
    breaks: tuple[tuple[int, int | None], ...]


@frozen
class LayerSeen:
    """A layer; a shape's None is the batch, or any other free size."""

    name: str
    kind: str
    output_shape: object
    params: int
    activation: str | None


@frozen
class ModelSeen(Observation):
    """A Keras model, when it was first seen and whenever it has grown since."""

    event = "model"
    cell: int
    model: str
    name: str
    kind: str
    built: bool
    total_params: int
    trainable_params: int
    layers: tuple[LayerSeen, ...]


@frozen
class Weights(Observation):
    """A model's weights after a cell that changed them; paths of trainable ones.

    Attributes:
        new: the model had no weights before, so that all count as changed.
    """

    event = "weights"
    cell: int
    model: str
    new: bool
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    digests: tuple[str | None, ...]


@frozen
class Trained(Observation):
    """The variables that an optimizer was applied to in a cell, and which of them stayed as is."""

    event = "trained"
    cell: int
    optimizer: str
    variables: int
    unchanged: tuple[str, ...]


@frozen
class Calls(Observation):
    """Calls of a model at one line. `training` is `true`, `false`, `none` or `unset`."""

    event = "calls"
    cell: int
    line: int | None
    model: str
    training: str
    gradient: bool
    traced: bool
    calls: int


@frozen
class LossSeen(Observation):
    """One of the first three calls of a loss object.

    Attributes:
        activation: the activation that the model's output went through last.
        logits_kept: the prediction carries its logits, which TensorFlow then uses.
        made_by: the graph operation that made the prediction.
        lowest, highest: its range, in eager code.
    """

    event = "loss"
    cell: int
    line: int | None
    loss: str
    kind: str
    from_logits: bool | None
    activation: str | None
    logits_kept: bool
    made_by: str | None
    traced: bool
    lowest: float | None
    highest: float | None


@frozen
class Fit(Observation):
    """A call of `fit`."""

    event = "fit"
    cell: int
    line: int | None
    model: str
    steps: int
    cut: bool
    seconds: float


@frozen
class Epoch(Observation):
    """An epoch of `fit`, from 0, with its logs."""

    event = "epoch"
    cell: int
    line: int | None
    model: str
    epoch: int
    logs: dict[str, object]
    steps: int
    seconds: float
    cut: bool


@frozen
class Running(Observation):
    """The running mean of the loss after each step of `fit`."""

    event = "running"
    cell: int
    line: int | None
    model: str
    losses: tuple[float | None, ...]


@frozen
class Evaluation(Observation):
    """What `evaluate` returned: by name, or under `values`."""

    event = "evaluate"
    cell: int
    line: int | None
    model: str
    logs: dict[str, object]
    after_cut: bool


@frozen
class FileWritten(Observation):
    """A file that a cell made (`new`), changed or removed (`gone`); `kind` by its first bytes."""

    event = "file"
    cell: int
    path: str
    bytes: int
    kind: str
    change: str


@frozen
class Shown(Observation):
    """A variable in a print statement, over one cell.

    Attributes:
        kind: the class of its value.
        times: how often it was printed.
        distinct: different values, as far as they can be told apart.
        objects: different objects.
        values: the first of the values, in short.
        steps: the training step at the first and at the last print.
    """

    event = "printed"
    cell: int
    line: int
    name: str
    kind: str
    times: int
    distinct: int
    objects: int
    values: tuple[str, ...]
    steps: tuple[int, ...]


@frozen
class FunctionSeen(Observation):
    """A function of the document.

    Attributes:
        called: None where that cannot be said, because not everything was watched.
        referenced: its name is read somewhere it can mean this function.
        top: defined at a cell's top level.
    """

    event = "function"
    cell: int
    name: str
    line: int
    end: int
    parameters: tuple[str, ...]
    top: bool
    called: bool | None
    referenced: bool


@frozen
class Coverage(Observation):
    """The lines executed in a cell; all of them where `exact`, else the ones seen."""

    event = "coverage"
    cell: int
    exact: bool
    lines: tuple[int, ...]


@frozen
class Exercised(Observation):
    """A function was called once; `called` is False where no arguments could be found.

    Attributes:
        error: what it raised, with `type`, `message` and `line`.
    """

    event = "exercised"
    cell: int
    name: str
    called: bool
    error: dict[str, object] | None


_CONVERTER = cattrs.Converter()
_CONVERTER.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)


def observed(record: ExecutionRecord, kind: type[Seen]) -> tuple[Seen, ...]:
    """The observations of one kind in a record, in order."""
    return tuple(_CONVERTER.structure(event, kind) for event in record.of(kind.event))
