"""The TensorFlow dialect."""

from __future__ import annotations

from typing import ClassVar

from core.dialects.layout import call
from core.dialects.plan import Event, draws_in_tensorflow
from core.dialects.program import Watch
from core.dialects.python.dialect import PythonDialect
from core.dialects.python.layers import LayerWords
from core.dialects.python.needs import needs_numpy
from core.dialects.python.page import Page
from core.dialects.tensorflow.loop import TensorFlowLoop
from core.spec import Scenario, ops
from core.spec.kinds import Op

TOTALS = {"sum": "tf.reduce_sum", "mean": "tf.reduce_mean"}


class TensorFlowDialect(PythonDialect):
    """Keras 3 on TensorFlow."""

    id: ClassVar[str] = "tensorflow"
    name: ClassVar[str] = "Keras on TensorFlow"
    backend: ClassVar[str] = "tensorflow"
    words: ClassVar[LayerWords] = LayerWords("keras.layers", "negative_slope", TOTALS)

    def draws(self, op: Op) -> bool:
        """An opened shuffle takes a seed here."""
        return draws_in_tensorflow(op)

    loop: ClassVar[type[TensorFlowLoop]] = TensorFlowLoop

    def imports(self, page: Page, events: tuple[Event, ...]) -> None:
        """Prints the imports."""
        self.import_keras(page, events)
        if needs_numpy(events):
            page.line("import numpy as np", ["imports"])
        page.line("import tensorflow as tf", ["imports"])

    def open_dataset(self, page: Page, op: ops.OpenDataset, place: str, *, labels: bool) -> None:
        """Prints a `tf.data` pipeline."""
        batch = self.set_batch_size(page, op, place)
        x, y, name = f"x_{op.source}", f"y_{op.source}", page.name(op.out)
        held = f"({x}, {y})" if labels else x
        page.assign(name, call("tf.data.Dataset.from_tensor_slices", held), [place])
        shuffled = f".shuffle(buffer_size={op.shuffle})" if op.shuffle else ""
        page.assign(name, f"{name}{shuffled}.batch({batch})", [place])

    def seed_framework(self, page: Page, op: ops.SeedFramework, place: str) -> None:
        """Prints `tf.random.set_seed`."""
        page.line(
            f"tf.random.set_seed({op.seed})",
            [place],
            "Seeds TensorFlow alone; Keras drew its own seeds from the line above.",
            gap=True,
        )

    def train(self, page: Page, scenario: Scenario) -> Watch:
        """Prints a section's loop."""
        return self.loop(page, scenario).print()
