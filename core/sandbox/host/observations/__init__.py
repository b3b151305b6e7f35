"""What the recorder's events mean: one class per kind of event, and how to read them.

`observed(record, Line)` gives every printed line of a record, in order. Lines are lines of the
document; a step is a training step, counted over the whole run from 1.
"""

from core.sandbox.host.observations.code import (
    Coverage,
    Exercised,
    FileWritten,
    FunctionSeen,
    Line,
    Shown,
    Warned,
)
from core.sandbox.host.observations.models import (
    Calls,
    Epoch,
    Evaluation,
    Fit,
    LayerSeen,
    ModelSeen,
    Running,
    Weights,
)
from core.sandbox.host.observations.observation import Observation, observed
from core.sandbox.host.observations.training import (
    Carried,
    CompiledCalls,
    Gradients,
    LossSeen,
    MetricReading,
    OptimizerSeen,
    Pass,
    Returned,
    Trained,
    Updates,
)

__all__ = [
    "Calls",
    "Carried",
    "CompiledCalls",
    "Coverage",
    "Epoch",
    "Evaluation",
    "Exercised",
    "FileWritten",
    "Fit",
    "FunctionSeen",
    "Gradients",
    "LayerSeen",
    "Line",
    "LossSeen",
    "MetricReading",
    "ModelSeen",
    "Observation",
    "OptimizerSeen",
    "Pass",
    "Returned",
    "Running",
    "Shown",
    "Trained",
    "Updates",
    "Warned",
    "Weights",
    "observed",
]
