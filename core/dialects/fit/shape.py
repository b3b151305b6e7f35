"""Which sections `fit` can train: one model, one optimizer, one loss of its outputs."""

from __future__ import annotations

from attrs import frozen

from core.spec import Scenario, ops

SUPERVISED = (ops.GradScope, ops.Gradients, ops.Apply, ops.UpdateMetric, ops.Return)


@frozen
class Supervised:
    """What a supervised step works with.

    Attributes:
        model: the model's name in the setup.
        optimizer: the optimizer's.
        loss: the loss function's.
        metrics: the metrics that the step updates.
        adds_tracked: whether losses that the model tracks join the loss.
    """

    model: str
    optimizer: str
    loss: str
    metrics: tuple[str, ...]
    adds_tracked: bool


def supervised(scenario: Scenario) -> Supervised | None:
    """The step as `fit` would take it; None where it does something else."""
    step = scenario.step
    scopes = [op for op in step if isinstance(op, ops.GradScope)]
    applies = [op for op in step if isinstance(op, ops.Apply)]
    if len(scopes) != 1 or len(applies) != 1 or len(scenario.loop.batch) != 2:
        return None
    if not all(isinstance(op, SUPERVISED) for op in step) or scenario.loop.break_above is not None:
        return None
    images, labels = scenario.loop.batch
    match scopes[0].body:
        case (
            ops.Call(x=x, training=True) as call,
            ops.Loss() as loss,
            *rest,
        ) if x == images and (loss.target, loss.prediction) == (labels, call.out):
            tracked = [op for op in rest if isinstance(op, ops.AddTracked)]
            if len(tracked) != len(rest) or len(tracked) > 1:
                return None
        case _:
            return None
    metrics = [op for op in step if isinstance(op, ops.UpdateMetric)]
    if any((op.target, op.prediction) != (labels, call.out) for op in metrics):
        return None
    return Supervised(
        model=call.model,
        optimizer=applies[0].optimizer,
        loss=loss.loss,
        metrics=tuple(op.metric for op in metrics),
        adds_tracked=bool(tracked),
    )


def trained_models(scenario: Scenario) -> str:
    """The models of a section in words."""
    names = [op.out for op in scenario.setup if isinstance(op, ops.BuildModel)]
    return " and ".join(names)
