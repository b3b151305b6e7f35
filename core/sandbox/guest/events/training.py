"""What a training loop did: updates, losses, metrics, passes over data."""

from __future__ import annotations

from dataclasses import dataclass

from .event import InCell


@dataclass(frozen=True)
class OptimizerSeen(InCell):
    """An optimizer at its first application."""

    event = "optimizer"
    optimizer: str
    kind: str
    name: str
    learning_rate: float | None


@dataclass(frozen=True)
class Updates(InCell):
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
    line: int
    optimizer: str
    function: str | None
    pass_number: int | None
    steps: tuple[int, ...]
    losses: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class Gradients(InCell):
    """Values that were differentiated and that no optimizer used: updates by hand, probably."""

    event = "gradients"
    line: int
    function: str | None
    pass_number: int | None
    steps: tuple[int, ...]
    losses: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class Returned(InCell):
    """What one call of a training function returned whose losses cannot be seen one by one."""

    event = "returned"
    function: str
    place: int
    values: tuple[float, ...]
    step: int


@dataclass(frozen=True)
class MetricReading(InCell):
    """A metric was read (`action` `result`) or reset (`reset`); `updates` since the last reset."""

    event = "metric"
    line: int | None
    metric: str
    name: str
    kind: str
    action: str
    value: float | None
    updates: int
    step: int
    after_cut: bool


@dataclass(frozen=True)
class Pass(InCell):
    """A pass over data; `ended` is `exhausted`, `left` (a break, or the cell's end) or `cut`.

    Attributes:
        data: `tf.data` or `DataLoader`.
        after_end: how often the iterator had been used again after its end.
    """

    event = "pass"
    line: int
    number: int
    data: str
    batches: int
    steps: int
    ended: str
    after_end: int
    seconds: float


@dataclass(frozen=True)
class CompiledCalls(InCell):
    """Calls and traces of a compiled function in one cell."""

    event = "compiled"
    line: int
    function: str
    kind: str
    calls: int
    traces: int
    trains: bool


@dataclass(frozen=True)
class Carried(InCell):
    """How many arrays that a pure step returns are given to its next call.

    Attributes:
        calls: pairs of calls that were looked at.
        outputs: arrays returned.
        always: how many of them are carried each time.
        never: how many are carried at no time.
        breaks: step and pass of calls to which something was not given that usually is.
        stale: how many are never carried while each call is given the same old array of that shape.
        restarts: step and pass of calls that were given an array of the first call again.
    """

    event = "carried"
    function: str
    calls: int
    outputs: int
    always: int
    never: int
    breaks: tuple[tuple[int, int | None], ...]
    stale: int
    restarts: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True)
class Trained(InCell):
    """The variables that an optimizer was applied to in a cell, and which of them stayed as is."""

    event = "trained"
    optimizer: str
    variables: int
    unchanged: tuple[str, ...]


@dataclass(frozen=True)
class LossSeen(InCell):
    """One of the first three calls of a loss object.

    Attributes:
        activation: the activation that the model's output went through last.
        logits_kept: the prediction carries its logits, which TensorFlow then uses.
        made_by: the graph operation that made the prediction.
        lowest, highest: its range, in eager code.
    """

    event = "loss"
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
