"""The torch dialect."""

from __future__ import annotations

from typing import ClassVar

from core.dialects.layout import call
from core.dialects.plan import Event, draws_weights
from core.dialects.program import Watch
from core.dialects.python.dialect import PythonDialect
from core.dialects.python.layers import LayerWords
from core.dialects.python.needs import needs_numpy
from core.dialects.python.page import Page
from core.dialects.torch.loop import TorchLoop
from core.spec import Scenario, ops
from core.spec.kinds import Op

IN_ORDER = "Batches in order need no loader, whose every pass would draw a seed."


class TorchDialect(PythonDialect):
    """Keras 3 on torch."""

    id: ClassVar[str] = "torch"
    name: ClassVar[str] = "Keras on torch"
    backend: ClassVar[str] = "torch"
    words: ClassVar[LayerWords] = LayerWords(
        "keras.layers", "negative_slope", {"sum": "torch.sum", "mean": "torch.mean"}
    )

    def draws(self, op: Op) -> bool:
        """An order is drawn when a pass begins, not when a dataset is opened."""
        return draws_weights(op)

    def imports(self, page: Page, events: tuple[Event, ...]) -> None:
        """Prints the imports."""
        self.import_keras(page, events)
        if needs_numpy(events):
            page.line("import numpy as np", ["imports"])
        page.line("import torch", ["imports"])

    def open_dataset(self, page: Page, op: ops.OpenDataset, place: str, *, labels: bool) -> None:
        """Prints a loader where the order is drawn, else the batches themselves."""
        batch = self.set_batch_size(page, op, place)
        names = [f"x_{op.source}", *([f"y_{op.source}"] if labels else [])]
        tensors = [f"torch.from_numpy({name})" for name in names]
        if op.shuffle is None:
            cut = [f"{tensor}.split({batch})" for tensor in tensors]
            value = call("list", call("zip", *cut)) if labels else cut[0]
            page.assign(page.name(op.out), value, [place], IN_ORDER)
            return
        held = call("torch.utils.data.TensorDataset", *tensors) if labels else tensors[0]
        loader = call("torch.utils.data.DataLoader", held, batch_size=batch, shuffle="True")
        page.assign(page.name(op.out), loader, [place])

    def seed_framework(self, page: Page, op: ops.SeedFramework, place: str) -> None:
        """Prints `torch.manual_seed`."""
        page.line(f"torch.manual_seed({op.seed})", [place], gap=True)

    def train(self, page: Page, scenario: Scenario) -> Watch:
        """Prints a section's loop."""
        return TorchLoop(page, scenario).print()
