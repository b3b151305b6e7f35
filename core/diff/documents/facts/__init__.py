"""What a loop's code says it does, read from its syntax: the same questions to every program."""

from core.diff.documents.facts.loop import (
    batch_size,
    dataset,
    divided,
    epochs,
    logged_every,
    seed,
    set_aside,
    shuffle,
)
from core.diff.documents.facts.metrics import MetricUse, metric_uses
from core.diff.documents.facts.objects import OPTIMIZERS, layers, losses, metrics, objects
from core.diff.documents.facts.said import Said
from core.diff.documents.facts.step import (
    applied,
    averages,
    compiled,
    flags,
    models,
    modes,
    tracked,
    unreduced,
)

__all__ = [
    "OPTIMIZERS",
    "MetricUse",
    "Said",
    "applied",
    "averages",
    "batch_size",
    "compiled",
    "dataset",
    "divided",
    "epochs",
    "flags",
    "layers",
    "logged_every",
    "losses",
    "metric_uses",
    "metrics",
    "models",
    "modes",
    "objects",
    "seed",
    "set_aside",
    "shuffle",
    "tracked",
    "unreduced",
]
