"""Keras models: what they are, how they were called, what `fit` did with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .event import InCell

Shape: TypeAlias = tuple[int | None, ...]
Reading: TypeAlias = float | tuple[float | None, ...] | None
"""A figure of Keras's logs; several where it reports several under one name."""


@dataclass(frozen=True)
class LayerSeen:
    """A layer; a shape's None is the batch, or any other free size."""

    name: str
    kind: str
    output_shape: Shape | tuple[Shape, ...] | None
    params: int
    activation: str | None


@dataclass(frozen=True)
class ModelSeen(InCell):
    """A Keras model, when it was first seen and whenever it has grown since."""

    event = "model"
    model: str
    name: str
    kind: str
    built: bool
    total_params: int
    trainable_params: int
    layers: tuple[LayerSeen, ...]


@dataclass(frozen=True)
class Weights(InCell):
    """A model's weights after a cell that changed them; paths of trainable ones.

    Attributes:
        new: the model had no weights before, so that all count as changed.
    """

    event = "weights"
    model: str
    new: bool
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    digests: tuple[str | None, ...]


@dataclass(frozen=True)
class Calls(InCell):
    """Calls of a model at one line. `training` is `true`, `false`, `none` or `unset`."""

    event = "calls"
    line: int | None
    model: str
    training: str
    gradient: bool
    traced: bool
    calls: int


@dataclass(frozen=True)
class Fit(InCell):
    """A call of `fit`.

    Attributes:
        activation: the activation that the model's output went through last.
        loss: the loss's name, None where there are several or none.
        from_logits: whether the loss takes logits.
    """

    event = "fit"
    line: int | None
    model: str
    steps: int
    cut: bool
    seconds: float
    activation: str | None
    loss: str | None
    from_logits: bool | None


@dataclass(frozen=True)
class Epoch(InCell):
    """An epoch of `fit`, from 0, with its logs."""

    event = "epoch"
    line: int | None
    model: str
    epoch: int
    logs: dict[str, Reading]
    steps: int
    seconds: float
    cut: bool


@dataclass(frozen=True)
class Running(InCell):
    """The running mean of the loss after each step of `fit`."""

    event = "running"
    line: int | None
    model: str
    losses: tuple[float | None, ...]


@dataclass(frozen=True)
class Evaluation(InCell):
    """What `evaluate` returned: by name, or under `values`."""

    event = "evaluate"
    line: int | None
    model: str
    logs: dict[str, Reading]
    after_cut: bool
