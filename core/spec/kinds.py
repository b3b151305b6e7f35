"""What a name in a scenario stands for, and the base that every op shares."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from attrs import frozen


class Kind(Enum):
    """The sort of thing an op makes or uses."""

    MODEL = "model"
    OPTIMIZER = "optimizer"
    LOSS = "loss function"
    METRIC = "metric"
    ARRAYS = "arrays"
    DATASET = "dataset"
    TENSOR = "tensor"
    TAPE = "tape"
    GRADIENTS = "gradients"
    NUMBER = "number"


Reference = tuple[str, Kind]


@frozen
class Op:
    """One small thing a loop does.

    `uses` names what must exist before it; `makes` names what exists after it. Each name is made
    once within its phase (single assignment).
    """

    words: ClassVar[str] = "an operation"

    def uses(self) -> tuple[Reference, ...]:
        """Names and kinds this op reads."""
        return ()

    def makes(self) -> tuple[Reference, ...]:
        """Names and kinds this op creates."""
        return ()
