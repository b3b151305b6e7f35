"""What the recorder tells: one class for each kind of event, the same on both sides of the channel.

`encoded(event)` is the line that travels, `decoded(line)` reads it back, strictly. Lines are lines
of the document; a step is a training step, counted over the whole run from 1.
"""

from .code import Coverage, Exercised, FileWritten, FunctionSeen, Line, Shown, Warned
from .event import Event, InCell, MalformedEventError, decoded, encoded
from .models import (
    Calls,
    Epoch,
    Evaluation,
    Fit,
    LayerSeen,
    ModelSeen,
    Reading,
    Running,
    Shape,
    Weights,
)
from .run import (
    CellError,
    CellResult,
    CellStarted,
    CellStatus,
    Cut,
    Ended,
    Exited,
    GuardFailed,
    Started,
)
from .training import (
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
    "CellError",
    "CellResult",
    "CellStarted",
    "CellStatus",
    "CompiledCalls",
    "Coverage",
    "Cut",
    "Ended",
    "Epoch",
    "Evaluation",
    "Event",
    "Exercised",
    "Exited",
    "FileWritten",
    "Fit",
    "FunctionSeen",
    "Gradients",
    "GuardFailed",
    "InCell",
    "LayerSeen",
    "Line",
    "LossSeen",
    "MalformedEventError",
    "MetricReading",
    "ModelSeen",
    "OptimizerSeen",
    "Pass",
    "Reading",
    "Returned",
    "Running",
    "Shape",
    "Shown",
    "Started",
    "Trained",
    "Updates",
    "Warned",
    "Weights",
    "decoded",
    "encoded",
]
