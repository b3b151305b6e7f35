"""The reference backend: a scenario in NumPy, in double precision, the same on every machine.

It imports no framework. Where frameworks mean different things by the same step, it takes the
meaning that it is given (`core.spec.reading.Reading`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from core.errors import UsageError
from core.run.backends.protocol import (
    Array,
    Env,
    Handle,
    State,
    StepFn,
    StepperSpec,
    Value,
)
from core.run.backends.reference.model import ReferenceModel, weights_of
from core.run.backends.reference.objects import (
    ReferenceMetric,
    ReferenceOptimizer,
    margins,
    metric_of,
    model_of,
    optimizer_of,
    variables,
)
from core.run.backends.reference.stepper import ReferenceStepper
from core.run.backends.reference.tape import Node, array, made, node, now, slopes
from core.run.backends.reference.training import loss, update
from core.spec import ops
from core.spec.parts import (
    Adam,
    BinaryCrossentropy,
    LossSpec,
    MetricSpec,
    ModelSpec,
    OptimizerSpec,
    SparseCategoricalCrossentropy,
)
from core.spec.reading import Reading
from core.trace import ModelSummary

NAME = "reference"
KEPT_MARGINS = 64


class ReferenceBackend:
    """A scenario's arithmetic in NumPy; state is changed in place.

    Args:
        reading: the meanings to take where frameworks differ.
    """

    name = NAME
    precision = "float64"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def environment(self) -> dict[str, str]:
        """The version of NumPy."""
        return {"numpy": np.__version__}

    def seed(self, seed: int) -> None:
        """Nothing is drawn here."""

    def seed_framework(self, seed: int, state: State) -> State:  # noqa: ARG002
        """Nothing is drawn here."""
        return state

    def build_model(self, key: str, spec: ModelSpec, *, masks_fed: bool) -> Handle:
        """A model whose weights are still to be set.

        Raises:
            UsageError: native randomness, which belongs to a framework.
        """
        if not masks_fed:
            raise UsageError(
                "native randomness on the reference backend",
                where="--backend reference",
                expected="controlled randomness: a framework's own draws are no mathematics",
                remedy="add --randomness controlled",
            )
        return ReferenceModel(key, spec, self.reading.slope_at_zero)

    def make_optimizer(self, key: str, spec: OptimizerSpec) -> Handle:  # noqa: ARG002
        """An optimizer before its first update."""
        return ReferenceOptimizer(spec)

    def make_loss(self, spec: LossSpec) -> Handle:
        """The spec itself."""
        return spec

    def make_metric(self, key: str, spec: MetricSpec) -> Handle:  # noqa: ARG002
        """An accuracy of nothing yet."""
        return ReferenceMetric()

    def summary(self, model: Handle, name: str) -> ModelSummary:
        """The model's summary."""
        return model_of(model).summary(name)

    def weights(self, model: Handle, state: State) -> dict[tuple[int, str], Array]:  # noqa: ARG002
        """Weights by (layer position, weight name)."""
        return dict(model_of(model).weights)

    def set_weights(
        self, model: Handle, values: Mapping[tuple[int, str], Array], state: State
    ) -> State:
        """Replaces weights."""
        weights_of(model_of(model), values)
        return state

    def initial_state(self, pairs: Sequence[tuple[Handle, Handle]], state: State) -> State:
        """Slots of zeros for optimizers that have none yet."""
        for handle, model in pairs:
            optimizer = optimizer_of(handle)
            if isinstance(optimizer.spec, Adam) and not optimizer.slots:
                trained = [model_of(model).weights[key] for key in model_of(model).trainable]
                for slot in ("momentum", "velocity"):
                    optimizer.slots[slot] = [np.zeros_like(value) for value in trained]
        return state

    def snapshot(self, handles: Sequence[Handle], state: State) -> list[Array]:  # noqa: ARG002
        """Copies of every variable."""
        return [np.array(v) for h in handles for v in variables(h).values()]

    def restore(self, handles: Sequence[Handle], saved: Sequence[Array], state: State) -> State:
        """Sets every variable back."""
        left = iter(saved)
        for handle in handles:
            state = self.set_values(handle, {n: next(left) for n in self.variables(handle)}, state)
        return state

    def variables(self, handle: Handle) -> tuple[str, ...]:
        """Names of what training changes."""
        return tuple(variables(handle))

    def values(self, handle: Handle, state: State) -> dict[str, Value]:  # noqa: ARG002
        """Present values. Arrays are replaced and never written to, so they stay as they are.

        An accuracy has its `margins` besides, which no framework has.
        """
        found: dict[str, Value] = dict(variables(handle))
        if isinstance(handle, ReferenceMetric):
            found["margins"] = handle.margins
        return found

    def set_values(self, handle: Handle, values: Mapping[str, Array], state: State) -> State:
        """Sets some variables."""
        for name, value in values.items():
            word, _, rest = name.partition("/")
            match handle:
                case ReferenceModel():
                    handle.weights[int(word), rest] = np.array(value, dtype=np.float64)
                case ReferenceOptimizer() if word == "iteration":
                    handle.iteration = int(value)
                case ReferenceOptimizer():
                    handle.slots[word][int(rest)] = np.array(value, dtype=np.float64)
                case ReferenceMetric():
                    setattr(handle, name, float(value))
                    handle.margins = np.zeros(0)
        return state

    def trainable(self, model: Handle) -> tuple[str, ...]:
        """Names of a model's trainable weights."""
        return tuple(f"{layer}/{name}" for layer, name in model_of(model).trainable)

    def keep_layers(self, model: Handle) -> None:
        """From now on layers leave their outputs."""
        model_of(model).outputs = {}

    def layers(self, model: Handle) -> dict[int, Value]:
        """Outputs of the layers in the last call."""
        return dict(model_of(model).outputs or {})

    def put(self, array: Array) -> Value:
        """The array itself."""
        return array

    def get(self, value: Value) -> Array:
        """The numbers of a value."""
        return array(value)

    def native_order(self, count: int, shuffle: int | None, batch: int) -> Iterator[Array]:
        """There is none: `build_model` refuses native randomness."""
        del shuffle, batch
        while True:
            yield np.arange(count)

    def draw(
        self,
        kind: ops.Normal | ops.Uniform,
        shape: tuple[Value, ...],  # noqa: ARG002
        state: State,  # noqa: ARG002
    ) -> tuple[Value, State]:
        """Draws are fed in, never made here."""
        raise AssertionError(f"a draw of {kind!r} was not fed")

    def fill(self, value: float, shape: tuple[Value, ...]) -> Value:
        """A tensor of one value."""
        return Node(np.full([int(str(size)) for size in shape], value))

    def batch_of(self, value: Value) -> Value:
        """The size of the first axis."""
        return len(array(value))

    def concat(self, parts: Sequence[Value]) -> Value:
        """Joins along the first axis."""
        nodes = [node(part) for part in parts]
        ends = np.cumsum([len(part.value) for part in nodes])[:-1]
        value = np.concatenate([part.value for part in nodes])
        return made(value, nodes, lambda slope: (tuple(np.split(slope, ends)), {}))

    def affine(self, x: Value, scale: float, plus: Value | None) -> Value:
        """`scale · x + plus`."""
        scaled = node(x)
        if plus is None:
            return made(scale * scaled.value, (scaled,), lambda slope: ((scale * slope,), {}))
        added = node(plus)
        value = added.value + scale * scaled.value
        return made(value, (scaled, added), lambda slope: ((scale * slope, slope), {}))

    def add(self, parts: Sequence[Value]) -> Value:
        """The sum from left to right."""
        nodes = [node(part) for part in parts]
        value = sum((part.value for part in nodes), np.zeros(()))
        return made(value, nodes, lambda slope: ((slope,) * len(nodes), {}))

    def call(
        self,
        model: Handle,
        x: Value,
        training: bool | None,
        masks: Sequence[Value],
        state: State,
    ) -> tuple[Value, State]:
        """Calls a model in place."""
        fed = [array(mask) for mask in masks]
        return model_of(model).call(node(x), training=bool(training), masks=fed), state

    def tracked(self, model: Handle, state: State) -> Sequence[Value]:  # noqa: ARG002
        """The losses of the last call."""
        return list(model_of(model).tracked)

    def loss(self, loss_spec: Handle, target: Value, prediction: Value) -> Value:
        """Applies a loss function, to the logits behind a sigmoid where the reading says so."""
        assert isinstance(loss_spec, BinaryCrossentropy | SparseCategoricalCrossentropy)
        given, spec = node(prediction), loss_spec
        if given.logits is not None and self.reading.back_to_logits:
            given, spec = given.logits, BinaryCrossentropy(from_logits=True)
        value, slope = loss(spec, node(target).value, given.value)
        return made(np.asarray(value), (given,), lambda g: ((g * slope,), {}))

    def grad_scope(
        self,
        scope: ops.GradScope,  # noqa: ARG002
        wanted: Sequence[tuple[ops.Gradients, Handle]],
        body: StepFn,
        env: Env,
        state: State,
    ) -> tuple[Env, State]:
        """Runs the body, then goes back from each loss over what it made."""
        start = now()
        env, state = body(env, state)
        for op, handle in wanted:
            model = model_of(handle)
            found = slopes(node(env[op.loss]), model.key, start)
            env[op.out] = [
                found.get((model.key, *key), np.zeros_like(model.weights[key]))
                for key in model.trainable
            ]
        return env, state

    def apply(self, optimizer: Handle, gradients: Value, model: Handle, state: State) -> State:
        """One optimizer step in place."""
        assert isinstance(gradients, list)
        own, trained = optimizer_of(optimizer), model_of(model)
        own.iteration += 1
        for index, (key, gradient) in enumerate(zip(trained.trainable, gradients, strict=True)):
            slots = {name: values[index] for name, values in own.slots.items()}
            after, slots = update(own.spec, trained.weights[key], gradient, slots, own.iteration)
            trained.weights[key] = after
            for name, value in slots.items():
                own.slots[name][index] = value
        return state

    def update(self, metric: Handle, target: Value, prediction: Value, state: State) -> State:
        """Adds a batch to an accuracy."""
        own = metric_of(metric)
        labels = array(target).reshape(-1)
        outputs = np.asarray(array(prediction), dtype=np.float64)
        own.total += float((outputs.argmax(axis=1) == labels).sum())
        own.count += float(labels.size)
        own.margins = np.sort(np.append(own.margins, margins(labels, outputs)))[:KEPT_MARGINS]
        return state

    def read(self, metric: Handle, state: State) -> float:  # noqa: ARG002
        """An accuracy; 0 of nothing, as in Keras."""
        own = metric_of(metric)
        return own.total / own.count if own.count else 0.0

    def reset(self, metric: Handle, state: State) -> State:
        """An accuracy of nothing again."""
        own = metric_of(metric)
        own.total = own.count = 0.0
        own.margins = np.zeros(0)
        return state

    def stepper(self, spec: StepperSpec) -> ReferenceStepper:
        """A stepper; every execution mode computes the same here."""
        return ReferenceStepper(spec)

    def save_model(self, model: Handle, path: Path, state: State) -> None:  # noqa: ARG002
        """Saves the weights alone, by `layer/name`, as NumPy's npz beside where Keras saves."""
        np.savez(path.with_suffix(".npz"), **variables(model))  # type: ignore[arg-type]
