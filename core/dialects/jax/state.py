"""What a JAX step takes in and hands back: the variables that hold each object's state."""

from __future__ import annotations

from attrs import frozen

from core.dialects.python.page import Page
from core.spec import Scenario, layers, ops
from core.spec.kinds import Kind, Op
from core.spec.parts import ModelSpec
from core.spec.scenario import flat

KEY = "key"


@frozen
class StateNames:
    """The variables of the state of one section's objects."""

    page: Page
    scenario: Scenario

    def weights(self, model: str) -> str:
        """A model's trainable weights."""
        return f"{self.page.name(model)}_weights"

    def others(self, model: str) -> str:
        """A model's other variables: moving statistics and seeds."""
        return f"{self.page.name(model)}_others"

    def slots(self, optimizer: str) -> str:
        """An optimizer's variables."""
        return f"{self.page.name(optimizer)}_slots"

    def counts(self, metric: str) -> str:
        """A metric's variables."""
        return f"{self.page.name(metric)}_counts"

    def of(self, name: str) -> tuple[str, ...]:
        """The variables of an object of the setup; none of a loss function."""
        match self.scenario.setup_names[name]:
            case Kind.MODEL:
                return self.weights(name), self.others(name)
            case Kind.OPTIMIZER:
                return (self.slots(name),)
            case Kind.METRIC:
                return (self.counts(name),)
        return ()

    def taken(self, sequence: tuple[Op, ...]) -> tuple[str, ...]:
        """What ops read or change, in the order of the setup, the draws' key last."""
        used = {name for op in flat(sequence) for name, _ in op.uses()}
        found = [
            variable
            for name in self.scenario.setup_names
            if name in used
            for variable in self.of(name)
        ]
        if any(isinstance(op, ops.Draw) for op in flat(sequence)):
            found.append(KEY)
        return tuple(found)

    def changed(self, sequence: tuple[Op, ...]) -> tuple[str, ...]:
        """What ops change, in the same order."""
        new: set[str] = set()
        for op in flat(sequence):
            match op:
                case ops.Call(training=True) | ops.Call(training=None):
                    new.add(self.others(op.model))
                case ops.Apply():
                    new |= {self.weights(op.model), self.slots(op.optimizer)}
                case ops.UpdateMetric():
                    new.add(self.counts(op.metric))
                case ops.Draw():
                    new.add(KEY)
        return tuple(name for name in self.taken(sequence) if name in new)


def has_others(model: ModelSpec) -> bool:
    """Whether a model has variables besides its trainable weights."""
    return any(
        isinstance(layer, layers.BatchNormalization | layers.Dropout) for layer in model.layers
    )
