"""What the runner asks of a backend.

Values of a framework (tensors, models, optimizers) are `object`s here: only the backend that made
one looks inside. `State` is what training changes: TensorFlow and torch change it in place and
pass the token through; JAX threads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from core.spec import ops
from core.spec.parts import LossSpec, MetricSpec, ModelSpec, OptimizerSpec
from core.trace import ModelSummary

Value = object
Handle = object
State = object
Env = dict[str, Value]
Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
StepFn = Callable[[Env, State], tuple[Env, State]]


@frozen
class Names:
    """What a step hands back: scalars kept for every step, tensors kept for the last one.

    Attributes:
        losses: scalars kept for every step.
        tensors: kept for the last step.
        taps: tensors kept for every step; extra outputs of the same step that runs without them.
    """

    losses: tuple[str, ...]
    tensors: tuple[str, ...] = ()
    taps: tuple[str, ...] = ()

    @property
    def everything(self) -> tuple[str, ...]:
        """All that a step returns, each name once."""
        return tuple(dict.fromkeys((*self.losses, *self.tensors, *self.taps)))


@frozen(eq=False)
class Segment:
    """Consecutive steps to run at once, all with the same batch size.

    Attributes:
        indices: sample numbers, shape (steps, batch).
        fed: controlled draws by name, each of shape (steps, …).
    """

    indices: NDArray[np.int64]
    fed: Mapping[str, Array] = field(factory=dict)


@frozen(eq=False)
class SegmentResult:
    """What a segment did.

    Attributes:
        losses: by name, shape (steps,).
        tensors: by name, the last step's value.
        taps: by name, every step's value, shape (steps, …).
    """

    losses: Mapping[str, NDArray[np.float64]]
    tensors: Mapping[str, Value]
    taps: Mapping[str, Array] = field(factory=dict)


class Stepper(Protocol):
    """A step made ready to run over segments in one execution mode."""

    def run(self, segment: Segment, state: State) -> tuple[SegmentResult, State]:
        """Runs every step of the segment, in order."""
        ...


@frozen
class StepperSpec:
    """What a backend needs to prepare a stepper.

    Attributes:
        step: interprets one step over (env, state).
        fields: the data set's arrays by the name one batch has in env.
        handles: the models, optimizers and metrics whose state the step reads or changes.
        names: what the step returns.
        execution: `eager`, `graph` or `fused`.
        precision: `float32` or `float64`, the dtype of everything the step returns.
    """

    step: StepFn
    fields: Mapping[str, Value]
    handles: tuple[Handle, ...]
    names: Names
    execution: str
    precision: str


class Backend(Protocol):
    """One framework under Keras."""

    name: str
    precision: str

    def environment(self) -> dict[str, str]:
        """Versions of Keras and the framework."""
        ...

    def seed(self, seed: int) -> None:
        """Forgets all objects and names, then seeds Python, NumPy, Keras and the framework."""
        ...

    def seed_framework(self, seed: int, state: State) -> State:
        """Seeds the framework's own generator only."""
        ...

    def build_model(self, key: str, spec: ModelSpec, *, masks_fed: bool) -> Handle:
        """Builds a model; with `masks_fed` its Dropout layers take their masks from env."""
        ...

    def make_optimizer(self, key: str, spec: OptimizerSpec) -> Handle:
        """Creates an optimizer."""
        ...

    def make_loss(self, spec: LossSpec) -> Handle:
        """Creates a loss function."""
        ...

    def make_metric(self, key: str, spec: MetricSpec) -> Handle:
        """Creates a metric."""
        ...

    def summary(self, model: Handle, name: str) -> ModelSummary:
        """The model's summary under the name it has in the scenario."""
        ...

    def weights(self, model: Handle, state: State) -> dict[tuple[int, str], Array]:
        """Weights by (layer position in the spec, weight name)."""
        ...

    def set_weights(
        self, model: Handle, values: Mapping[tuple[int, str], Array], state: State
    ) -> State:
        """Replaces weights."""
        ...

    def initial_state(self, pairs: Sequence[tuple[Handle, Handle]], state: State) -> State:
        """Builds the slots of (optimizer, model) pairs that have none yet."""
        ...

    def snapshot(self, handles: Sequence[Handle], state: State) -> list[Array]:
        """Copies of every variable of models, optimizers and metrics."""
        ...

    def restore(self, handles: Sequence[Handle], saved: Sequence[Array], state: State) -> State:
        """Sets every variable back to a snapshot."""
        ...

    def variables(self, handle: Handle) -> tuple[str, ...]:
        """Names of the variables that training changes, the same on every backend.

        Weights are `position of the layer/weight`, an optimizer's `slot/position of the trainable
        weight` and `iteration`. Left out are seeds, and the learning rate: a program sets it.
        """
        ...

    def values(self, handle: Handle, state: State) -> dict[str, Value]:
        """The present values of those variables, as tensors of their own; works within a step."""
        ...

    def set_values(self, handle: Handle, values: Mapping[str, Array], state: State) -> State:
        """Sets some of those variables, in every bit."""
        ...

    def trainable(self, model: Handle) -> tuple[str, ...]:
        """The names of a model's trainable weights, in the order of its gradients."""
        ...

    def keep_layers(self, model: Handle) -> None:
        """From now on the outputs of a model's layers stay reachable after each call."""
        ...

    def layers(self, model: Handle) -> dict[int, Value]:
        """Outputs of the layers in the last call, by position: the objects the next layer got."""
        ...

    def put(self, array: Array) -> Value:
        """The array as a tensor of the framework."""
        ...

    def get(self, value: Value) -> Array:
        """The tensor as a NumPy array."""
        ...

    def native_order(self, count: int, shuffle: int | None, batch: int) -> Iterator[Array]:
        """Opens a native order: each `next` gives the sample order of one pass, shape (count,)."""
        ...

    def draw(
        self, kind: ops.Normal | ops.Uniform, shape: tuple[Value, ...], state: State
    ) -> tuple[Value, State]:
        """Draws from the framework's own generator."""
        ...

    def fill(self, value: float, shape: tuple[Value, ...]) -> Value:
        """A tensor of one value."""
        ...

    def batch_of(self, value: Value) -> Value:
        """The size of the first axis."""
        ...

    def concat(self, parts: Sequence[Value]) -> Value:
        """Joins along the first axis."""
        ...

    def affine(self, x: Value, scale: float, plus: Value | None) -> Value:
        """`scale · x + plus`."""
        ...

    def add(self, parts: Sequence[Value]) -> Value:
        """The sum from left to right."""
        ...

    def call(
        self,
        model: Handle,
        x: Value,
        training: bool | None,
        masks: Sequence[Value],
        state: State,
    ) -> tuple[Value, State]:
        """Calls a model; `masks` feeds its Dropout layers, in order, where masks are fed."""
        ...

    def tracked(self, model: Handle, state: State) -> Sequence[Value]:
        """The losses the model tracked in its last call."""
        ...

    def loss(self, loss: Handle, target: Value, prediction: Value) -> Value:
        """Applies a loss function."""
        ...

    def grad_scope(
        self,
        scope: ops.GradScope,
        wanted: Sequence[tuple[ops.Gradients, Handle]],
        body: StepFn,
        env: Env,
        state: State,
    ) -> tuple[Env, State]:
        """Runs the body under the scope's tapes; the result holds its names and the gradients."""
        ...

    def apply(self, optimizer: Handle, gradients: Value, model: Handle, state: State) -> State:
        """One optimizer step."""
        ...

    def update(self, metric: Handle, target: Value, prediction: Value, state: State) -> State:
        """Adds a batch to a metric."""
        ...

    def read(self, metric: Handle, state: State) -> float:
        """A metric's value."""
        ...

    def reset(self, metric: Handle, state: State) -> State:
        """A metric's state back to zero."""
        ...

    def stepper(self, spec: StepperSpec) -> Stepper:
        """Makes a step ready to run."""
        ...

    def save_model(self, model: Handle, path: Path, state: State) -> None:
        """Saves a model in Keras's current format."""
        ...
