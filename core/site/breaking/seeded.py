"""The seeded defects, each a spec that differs from a sound one in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import attrs
from attrs import frozen

from core.errors import UsageError
from core.site.breaking.lesson import Lesson
from core.site.words.loading import table
from core.spec import Scenario, layers, ops
from core.spec.kinds import Op
from core.spec.parts import Adam, ModelSpec

BASE = "keras_io_tf/metrics"
EPOCHS = 3
Change = Callable[[Op], tuple[Op, ...]]


@frozen
class Seeded:
    """One defect.

    Attributes:
        id: its word.
        scenario: the changed spec.
        sound: the spec it was changed from.
        data: `mixed`, or `sorted` by label.
    """

    id: str
    scenario: Scenario
    sound: Scenario
    data: str = "mixed"

    @property
    def lesson(self) -> Lesson:
        """What it is, in words."""
        return _LESSONS[self.id]


def sound(section: Scenario) -> Scenario:
    """The section on its own: what it continues becomes part of its setup.

    Raises:
        UsageError: a section that goes on with more than datasets.
    """
    setup: list[Op] = []
    for op in section.setup:
        if not isinstance(op, ops.Continue):
            setup.append(op)
            continue
        kept = [
            each
            for each in op.section.setup
            if not isinstance(
                each, ops.Continue | ops.BuildModel | ops.MakeOptimizer | ops.MakeLoss
            )
        ]
        if not set(op.names) <= {name for each in kept for name, _ in each.makes()}:
            raise UsageError(
                f"the section goes on with {', '.join(op.names)}",
                where=section.id,
                expected="a section that takes over datasets only",
                remedy="seed defects into another section",
            )
        setup.extend(kept)
    return attrs.evolve(
        section,
        setup=tuple(setup),
        after=(),
        loop=attrs.evolve(section.loop, epochs=EPOCHS),
        lineage=section.stream,
    )


def with_dropout(section: Scenario) -> Scenario:
    """The section with a Dropout after each hidden layer, and pixels scaled to 0…1.

    On raw pixels the noise of the masks is so large that the model learns nothing at all.
    """

    def change(op: Op) -> tuple[Op, ...]:
        if not isinstance(op, ops.BuildModel):
            return _scaled(op)
        *hidden, last = op.model.layers
        stack = [layer for one in hidden for layer in (one, layers.Dropout(0.5))]
        model: ModelSpec = attrs.evolve(op.model, layers=(*stack, last))
        return (attrs.evolve(op, model=model),)

    return changed(section, change, execution="graph")


def changed(section: Scenario, change: Change, execution: str | None = None) -> Scenario:
    """A section with every op put through a change, and another execution where one is named."""

    def put(sequence: tuple[Op, ...]) -> tuple[Op, ...]:
        found: list[Op] = []
        for op in sequence:
            inside = attrs.evolve(op, body=put(op.body)) if isinstance(op, ops.GradScope) else op
            found.extend(change(inside))
        return tuple(found)

    return attrs.evolve(
        section,
        setup=put(section.setup),
        step=put(section.step),
        evaluate=put(section.evaluate),
        on_log=put(section.on_log),
        on_epoch_end=put(section.on_epoch_end),
        execution=execution or section.execution,
    )


def seeded(section: Scenario) -> Iterator[Seeded]:
    """Every defect, seeded into a section.

    Args:
        section: `keras_io_tf/metrics`, or a section of the same ops.
    """
    base, dropout = sound(section), with_dropout(sound(section))
    yield Seeded("sound", base, base)
    for name, change in _CHANGES.items():
        yield Seeded(name, changed(base, change), base)
    yield Seeded("wrong-model", _wrong_model(base), base)
    yield Seeded("sorted-data", base, base, data="sorted")
    yield Seeded("sound-dropout", dropout, dropout)
    for name, change in _DROPOUT_CHANGES.items():
        yield Seeded(name, changed(dropout, change), dropout)


def _without(kind: type[Op], name: str) -> Change:
    def change(op: Op) -> tuple[Op, ...]:
        named = name in {used for used, _ in op.uses()}
        return () if isinstance(op, kind) and named else (op,)

    return change


def _rate(rate: float) -> Change:
    def change(op: Op) -> tuple[Op, ...]:
        return (
            (attrs.evolve(op, optimizer=Adam(learning_rate=rate)),)
            if isinstance(op, ops.MakeOptimizer)
            else (op,)
        )

    return change


def _probabilities(op: Op) -> tuple[Op, ...]:
    if isinstance(op, ops.MakeLoss):
        return (attrs.evolve(op, loss=attrs.evolve(op.loss, from_logits=False)),)
    return (op,)


def _squashed(op: Op) -> tuple[Op, ...]:
    if not isinstance(op, ops.BuildModel):
        return (op,)
    *hidden, last = op.model.layers
    assert isinstance(last, layers.Dense)
    stack = (*hidden, attrs.evolve(last, activation="sigmoid"))
    return (attrs.evolve(op, model=attrs.evolve(op.model, layers=stack)),)


def _scaled(op: Op) -> tuple[Op, ...]:
    if isinstance(op, ops.LoadImages):
        return (attrs.evolve(op, dtype="float32", divisor=255.0),)
    return (op,)


def _unshuffled(op: Op) -> tuple[Op, ...]:
    return (attrs.evolve(op, shuffle=None),) if isinstance(op, ops.OpenDataset) else (op,)


def _on_training_data(op: Op) -> tuple[Op, ...]:
    return (attrs.evolve(op, dataset="train_dataset"),) if isinstance(op, ops.Validate) else (op,)


def _one_metric(op: Op) -> tuple[Op, ...]:
    if isinstance(op, ops.UpdateMetric) and op.metric == "val_acc_metric":
        return (attrs.evolve(op, metric="train_acc_metric"),)
    return (op,)


def _no_flag(op: Op) -> tuple[Op, ...]:
    if isinstance(op, ops.Call) and op.x == "x_batch_train":
        return (attrs.evolve(op, training=None),)
    return (op,)


def _wrong_model(base: Scenario) -> Scenario:
    def change(op: Op) -> tuple[Op, ...]:
        if isinstance(op, ops.BuildModel):
            return op, attrs.evolve(op, out="old_model")
        return (attrs.evolve(op, model="old_model"),) if isinstance(op, ops.Apply) else (op,)

    return changed(base, change)


_CHANGES: Mapping[str, Change] = {
    "no-apply": _without(ops.Apply, "grads"),
    "rate-times-10": _rate(1e-2),
    "rate-times-100": _rate(1e-1),
    "rate-over-100": _rate(1e-5),
    "probabilities": _probabilities,
    "squashed": _squashed,
    "scaled": _scaled,
    "no-shuffle": _unshuffled,
    "never-reset": _without(ops.ResetMetric, "train_acc_metric"),
    "one-metric": _one_metric,
    "on-training-data": _on_training_data,
}
_DROPOUT_CHANGES: Mapping[str, Change] = {
    "no-training-flag": _no_flag,
}
_OTHERS = ("sound", "wrong-model", "sorted-data", "sound-dropout")
_LESSONS = table("lessons.toml", Lesson, {*_CHANGES, *_DROPOUT_CHANGES, *_OTHERS})
