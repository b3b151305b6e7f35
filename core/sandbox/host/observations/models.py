"""Keras models: what they are, how they were called, what `fit` did with them."""

from __future__ import annotations

from attrs import frozen

from core.sandbox.host.observations.observation import Observation


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
class Fit(Observation):
    """A call of `fit`.

    Attributes:
        activation: the activation that the model's output went through last.
        loss: the loss's name, None where there are several or none.
        from_logits: whether the loss takes logits.
    """

    event = "fit"
    cell: int
    line: int | None
    model: str
    steps: int
    cut: bool
    seconds: float
    activation: str | None
    loss: str | None
    from_logits: bool | None


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
