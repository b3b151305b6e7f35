"""The legacy dialect: what Keras 2 called things.

It needs TensorFlow 2.15 or older, or the package tf-keras with `TF_USE_LEGACY_KERAS=1`.
"""

from __future__ import annotations

from typing import ClassVar

from core.dialects.layout import call
from core.dialects.plan import Event
from core.dialects.python.layers import LayerWords
from core.dialects.python.needs import needs_numpy, needs_time
from core.dialects.python.page import Page
from core.dialects.tensorflow.dialect import TOTALS, TensorFlowDialect
from core.dialects.tensorflow.loop import TensorFlowLoop
from core.dialects.tensorflow.steps import TensorFlowSteps
from core.spec import ops


class LegacySteps(TensorFlowSteps):
    """Steps whose optimizers take pairs."""

    def apply(self, op: ops.Apply, ids: list[str]) -> None:
        """Prints `apply_gradients` over zipped pairs."""
        weights = f"{self.name(op.model)}.trainable_weights"
        pairs = call("zip", self.name(op.gradients), weights)
        self.page.line(call(f"{self.name(op.optimizer)}.apply_gradients", pairs), ids)


class LegacyLoop(TensorFlowLoop):
    """Loops whose metrics have a `reset_states`."""

    steps: ClassVar[type[TensorFlowSteps]] = LegacySteps
    reset_method: ClassVar[str] = "reset_states"


class LegacyDialect(TensorFlowDialect):
    """Keras 2 on TensorFlow."""

    id: ClassVar[str] = "legacy"
    name: ClassVar[str] = "Keras 2 on TensorFlow"
    words: ClassVar[LayerWords] = LayerWords("layers", "alpha", TOTALS)
    loop: ClassVar[type[TensorFlowLoop]] = LegacyLoop

    def imports(self, page: Page, events: tuple[Event, ...]) -> None:
        """Prints the imports."""
        if needs_time(events):
            page.line("import time", ["imports"])
        if needs_numpy(events):
            page.line("import numpy as np", ["imports"], gap=True)
        page.line("import tensorflow as tf", ["imports"])
        page.line("from tensorflow import keras", ["imports"])
        page.line("from tensorflow.keras import layers", ["imports"])
