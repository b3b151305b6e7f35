"""What `fit` does differently from a loop, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from core.dialects.fit.shape import supervised
from core.spec import Scenario, layers, ops


@frozen
class Note:
    """A difference between a loop and `fit`.

    Attributes:
        id: a word for it.
        ops: the phases or ops it is about, as the statements of programs name them.
        loop: what the loop does.
        fit: what `fit` does.
        sentence: both, and what follows from it.
        equal: whether training is the same all the same.
        concerns: whether a section shows it.
    """

    id: str
    ops: tuple[str, ...]
    loop: str
    fit: str
    sentence: str
    equal: bool
    concerns: Callable[[Scenario], bool]


def _always(scenario: Scenario) -> bool:
    return bool(scenario.step)


def _opens_again(scenario: Scenario) -> bool:
    """Whether `fit` has read some epoch before, in this section or in one that it continues."""
    several = scenario.loop.epochs > 1 or bool(scenario.trains_first)
    shuffled = scenario.maker(scenario.loop.dataset, ops.OpenDataset).shuffle is not None
    return several and shuffled and not scenario.loop.exhausted


def _updates_metrics(scenario: Scenario) -> bool:
    found = supervised(scenario)
    return found is not None and bool(found.metrics)


def _tracks(scenario: Scenario) -> bool:
    found = supervised(scenario)
    if found is None:
        return False
    stack = scenario.model_spec(found.model).layers
    return any(isinstance(layer, layers.ActivityRegularization) for layer in stack)


def _adds_tracked(scenario: Scenario) -> bool:
    found = supervised(scenario)
    return found is not None and found.adds_tracked


NOTES = (
    Note(
        id="exhausted-iterator",
        ops=("loop.exhausted",),
        loop="asks an iterator that is used up",
        fit="opens the dataset at every epoch",
        sentence="The loop asks for batches from an iterator that an earlier loop used up, and "
        "trains nothing; fit opens the dataset again at every epoch, and trains.",
        equal=False,
        concerns=lambda scenario: scenario.loop.exhausted,
    ),
    Note(
        id="shuffling",
        ops=("loop.batch",),
        loop="opens the dataset once an epoch",
        fit="opens it twice an epoch",
        sentence="The loop opens its dataset once an epoch; fit opens one more iterator as each "
        "epoch ends, and every opening draws another order, so that from fit's second epoch on "
        "the batches come in another order.",
        equal=False,
        concerns=_opens_again,
    ),
    Note(
        id="tracked-losses-left-out",
        ops=("step",),
        loop="leaves the model's tracked losses out",
        fit="adds them",
        sentence="The model tracks a loss that the loop never adds; fit adds whatever a model "
        "tracks, so that it descends on another sum.",
        equal=False,
        concerns=lambda scenario: _tracks(scenario) and not _adds_tracked(scenario),
    ),
    Note(
        id="tracked-losses",
        ops=("step",),
        loop="adds the model's tracked losses by hand",
        fit="adds them by itself",
        sentence="The loop adds the losses that the model tracks; fit does so by itself, so the "
        "sums are equal.",
        equal=True,
        concerns=_adds_tracked,
    ),
    Note(
        id="loss-averaging",
        ops=("on_log",),
        loop="prints each batch's own loss",
        fit="reports the mean of the epoch so far",
        sentence="The loss that fit reports is the mean over the epoch so far, each batch weighted "
        "by its size, where the loop prints each batch's own: after step 0 the two figures part, "
        "the training does not.",
        equal=True,
        concerns=lambda scenario: not scenario.loop.exhausted,
    ),
    Note(
        id="metric-reset",
        ops=("on_epoch_end",),
        loop="resets its metrics by hand",
        fit="resets them by itself",
        sentence="The loop resets its metrics by hand; fit resets them before each epoch and "
        "before each validation, so a forgotten reset shows as an accuracy that differs from the "
        "second epoch on.",
        equal=True,
        concerns=_updates_metrics,
    ),
    Note(
        id="one-metric",
        ops=("evaluate",),
        loop="has a metric for training and one for validation",
        fit="has one for both",
        sentence="The loop keeps a metric for training and one for validation; fit resets one and "
        "uses it for both.",
        equal=True,
        concerns=lambda scenario: bool(scenario.evaluate),
    ),
    Note(
        id="arrays",
        ops=("setup",),
        loop="iterates over the dataset",
        fit="iterates over the dataset",
        sentence="Given a dataset, fit shuffles nothing itself; given arrays, it would draw an "
        "order of all samples where the dataset draws through its buffer, and the losses would "
        "differ from the first step on.",
        equal=True,
        concerns=_always,
    ),
    Note(
        id="training-flag",
        ops=("step",),
        loop="passes training=True, in validation training=False",
        fit="passes both by itself",
        sentence="The loop passes training=True where it trains and training=False where it "
        "validates; fit passes both by itself.",
        equal=True,
        concerns=_always,
    ),
    Note(
        id="compiled",
        ops=("step",),
        loop="runs its step op by op",
        fit="compiles its step",
        sentence="The loop runs its step op by op where fit compiles it: on TensorFlow the same "
        "kernels run in the same order and give bit-identical numbers.",
        equal=True,
        concerns=lambda scenario: scenario.execution == "eager",
    ),
    Note(
        id="xla",
        ops=("compile",),
        loop="leaves XLA out",
        fit="would use XLA unless told otherwise",
        sentence="By default fit has XLA compile the step, which sums in another order and parts "
        "from the loop by rounding; jit_compile=False, as here, keeps TensorFlow's own kernels.",
        equal=True,
        concerns=_always,
    ),
)


def notes(scenario: Scenario) -> tuple[Note, ...]:
    """What `fit` does differently from a section's loop, what changes the training first."""
    return tuple(note for note in NOTES if note.concerns(scenario))
