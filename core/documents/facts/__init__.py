"""What a loop's code says it does, read from its syntax: the same questions to every program."""

from core.documents.facts.loop import (
    batch_size,
    dataset,
    divided,
    epochs,
    logged_every,
    seed,
    set_aside,
    shuffle,
)
from core.documents.facts.metrics import MetricUse, metric_uses
from core.documents.facts.objects import OPTIMIZERS, layers, losses, metrics, objects
from core.documents.facts.said import Said
from core.documents.facts.step import (
    NO_FLAG,
    accumulates,
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
    "NO_FLAG",
    "OPTIMIZERS",
    "MetricUse",
    "Said",
    "accumulates",
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
