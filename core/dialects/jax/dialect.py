"""The JAX dialect."""

from __future__ import annotations

from typing import ClassVar

from core.dialects.jax.loop import JaxLoop
from core.dialects.jax.state import KEY, StateNames
from core.dialects.layout import call
from core.dialects.plan import Event, Train, draws_weights
from core.dialects.program import Watch
from core.dialects.python.dialect import PythonDialect
from core.dialects.python.layers import LayerWords
from core.dialects.python.needs import draws, needs_numpy
from core.dialects.python.page import Page
from core.spec import Scenario, layers, ops
from core.spec.kinds import Op
from core.spec.scenario import flat

BATCHES = '''\
class Batches:
    """Batches of arrays; each shuffled pass draws a new order of all samples."""

    def __init__(self, *arrays, batch_size, shuffle=False):
        self.arrays = arrays
        self.batch_size = batch_size
        self.shuffle = shuffle

    def __len__(self):
        return -(-len(self.arrays[0]) // self.batch_size)

    def __iter__(self):
        count = len(self.arrays[0])
        order = np.random.permutation(count) if self.shuffle else np.arange(count)
        for start in range(0, count, self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield tuple(array[chosen] for array in self.arrays)'''


class JaxDialect(PythonDialect):
    """Keras 3 on JAX."""

    id: ClassVar[str] = "jax"
    name: ClassVar[str] = "Keras on JAX"
    backend: ClassVar[str] = "jax"
    words: ClassVar[LayerWords] = LayerWords(
        "keras.layers", "negative_slope", {"sum": "jnp.sum", "mean": "jnp.mean"}
    )

    def draws(self, op: Op) -> bool:
        """An order is drawn when a pass begins, not when a dataset is opened."""
        return draws_weights(op)

    def imports(self, page: Page, events: tuple[Event, ...]) -> None:
        """Prints the imports."""
        self.import_keras(page, events, "import jax", *_numpy(events))
        if needs_numpy(events):
            page.line("import numpy as np", ["imports"])

    def seed(self, page: Page, events: tuple[Event, ...]) -> None:
        """Prints the seeding, and the key that draws are split from."""
        super().seed(page, events)
        if _draws(events):
            page.assign(KEY, f"jax.random.key({page.options.seed})", ["seed"])

    def definitions(self, page: Page, events: tuple[Event, ...]) -> None:
        """Prints what iterates over arrays."""
        page.line(BATCHES, ["batches"], gap=True)
        super().definitions(page, events)

    def open_dataset(self, page: Page, op: ops.OpenDataset, place: str, *, labels: bool) -> None:
        """Prints batches of arrays."""
        batch = self.set_batch_size(page, op, place)
        names = [f"x_{op.source}", *([f"y_{op.source}"] if labels else [])]
        shuffle = "True" if op.shuffle else None
        value = call("Batches", *names, batch_size=batch, shuffle=shuffle)
        page.assign(page.name(op.out), value, [place])

    def seed_framework(self, page: Page, op: ops.SeedFramework, place: str) -> None:
        """Prints a new key: JAX has no generator of its own to seed."""
        page.assign(KEY, f"jax.random.key({op.seed})", [place], gap=True)

    def built(self, page: Page, op: ops.BuildModel) -> None:
        """A new model's state is not held yet."""
        page.known -= set(StateNames(page, page.scenario).of(op.out))

    def train(self, page: Page, scenario: Scenario) -> Watch:
        """Prints a section's loop."""
        return JaxLoop(page, scenario).print()


def _draws(events: tuple[Event, ...]) -> bool:
    return any(isinstance(event, Train) and draws(event.scenario) for event in events)


def _numpy(events: tuple[Event, ...]) -> list[str]:
    """`jax.numpy`, where some step fills or joins arrays."""
    kinds = (ops.Fill, ops.Concat, layers.ActivityRegularization)
    for event in events:
        scenario = event.scenario
        steps = flat(scenario.step) if isinstance(event, Train) else iter(())
        models = (op.model for op in scenario.setup if isinstance(op, ops.BuildModel))
        stack = (layer for model in models for layer in model.layers)
        if any(isinstance(thing, kinds) for thing in (*steps, *stack)):
            return ["import jax.numpy as jnp"]
    return []
