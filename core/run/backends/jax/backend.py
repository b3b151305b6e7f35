"""The JAX backend: state is threaded through Keras's `stateless_*` functions.

What native randomness means here, for whoever writes the same program by hand: after
`keras.utils.set_random_seed(seed)` there is one `key = jax.random.key(seed)`; every draw does
`key, drawn = jax.random.split(key)` and then `mean + stddev * jax.random.normal(drawn, shape)` or
`jax.random.uniform(drawn, shape, minval=low, maxval=high)`; every pass over a shuffled dataset
takes `numpy.random.permutation(count)`; Dropout layers use their own Keras seed generators.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.run.backends.building import named_variables, named_weights
from core.run.backends.common import KerasBackend, feed_masks
from core.run.backends.jax import state as states
from core.run.backends.jax.convolution import speed_up_transposed_convolution
from core.run.backends.jax.state import Arrays, adopted, entries, keys, trainable
from core.run.backends.jax.steppers import EagerStepper, FusedStepper, GraphStepper
from core.run.backends.protocol import StepFn, StepperSpec
from core.spec import ops


class JaxBackend(KerasBackend):
    """Keras on JAX; a state is never changed, each function returns the next one."""

    name = "jax"
    package = "jax"

    def __init__(self, precision: str = "float32") -> None:
        # XLA sizes its thread pool by NPROC, else by the machine; sums are cut by that size.
        if "OMP_NUM_THREADS" in os.environ:
            os.environ.setdefault("NPROC", os.environ["OMP_NUM_THREADS"])
        import jax

        jax.config.update("jax_enable_x64", precision == "float64")
        super().__init__(precision)
        speed_up_transposed_convolution(jax)
        self.jax: Any = jax
        self._seed = 0

    def seed(self, seed: int) -> None:
        """Forgets objects and names, seeds everything once, and starts the draws' key."""
        super().seed(seed)
        self._seed = seed

    def seed_framework(self, seed: int, state: Any) -> Any:
        """A new `jax.random.key`: JAX has no generator of its own to seed."""
        return {**adopted(state, ()), states.DRAWS: self.jax.random.key(seed)}

    def held(self, state: Any, *handles: Any) -> Arrays:
        """The state with everything that the given objects and native draws need."""
        if state is not None and states.DRAWS in state:
            missing = [h for h in handles if any(key not in state for key in keys(h))]
            return adopted(state, missing) if missing else state
        return {states.DRAWS: self.jax.random.key(self._seed), **adopted(state, handles)}

    def weights(self, model: Any, state: Any) -> dict[tuple[int, str], Any]:
        """Weights as arrays."""
        values = self._values(model, state)
        return {key: np.asarray(values[id(v)]) for key, v in named_weights(model).items()}

    def set_weights(self, model: Any, values: Mapping[tuple[int, str], Any], state: Any) -> Any:
        """The state with weights replaced."""
        weights = named_weights(model)
        given = {id(weights[key]): (weights[key], value) for key, value in values.items()}
        return self._with(model, given, state)

    def _with(self, handle: Any, given: Mapping[int, tuple[Any, Any]], state: Any) -> Any:
        """The state with variables replaced, by the variable's identity."""
        state = self.held(state, handle)
        for key, variables in entries(handle).items():
            held = zip(variables, state[key], strict=True)
            state = {**state, key: [self._given(given.get(id(v)), old) for v, old in held]}
        return state

    def _given(self, given: tuple[Any, Any] | None, old: Any) -> Any:
        return old if given is None else self.jax.numpy.asarray(given[1], dtype=given[0].dtype)

    def initial_state(self, pairs: Sequence[tuple[Any, Any]], state: Any) -> Any:
        """Builds optimizer slots that are missing, and takes both objects into the state."""
        super().initial_state(pairs, state)
        return self.held(state, *(handle for pair in pairs for handle in pair))

    def snapshot(self, handles: Sequence[Any], state: Any) -> list[Any]:
        """Copies of all variables."""
        state = self.held(state, *handles)
        return [np.array(value) for h in handles for key in keys(h) for value in state[key]]

    def restore(self, handles: Sequence[Any], saved: Sequence[Any], state: Any) -> Any:
        """The state with all variables as they were."""
        state = dict(self.held(state, *handles))
        values = iter(saved)
        for key in (key for handle in handles for key in keys(handle)):
            state[key] = [self.jax.numpy.asarray(next(values), old.dtype) for old in state[key]]
        return state

    def values(self, handle: Any, state: Any) -> dict[str, Any]:
        """Present values: arrays never change."""
        held = self._values(handle, state)
        return {name: held[id(v)] for name, v in named_variables(handle).items()}

    def set_values(self, handle: Any, values: Mapping[str, Any], state: Any) -> Any:
        """The state with some variables replaced."""
        variables = named_variables(handle)
        given = {id(variables[name]): (variables[name], value) for name, value in values.items()}
        return self._with(handle, given, state)

    def _values(self, handle: Any, state: Any) -> dict[int, Any]:
        """The values of an object's variables by the variable's identity."""
        state = self.held(state, handle)
        pairs = ((entries(handle)[key], state[key]) for key in keys(handle))
        return {
            id(variable): value
            for variables, values in pairs
            for variable, value in zip(variables, values, strict=True)
        }

    def put(self, array: Any) -> Any:
        """An array on the device; where JAX can, it shares the memory."""
        return self.jax.numpy.asarray(array)

    def get(self, value: Any) -> Any:
        """A NumPy array."""
        return np.asarray(value)

    def native_order(self, count: int, shuffle: int | None, batch: int) -> Iterator[Any]:  # noqa: ARG002
        """`numpy.random.permutation(count)` at each pass, from NumPy's global generator."""
        while True:
            yield np.arange(count) if shuffle is None else np.random.permutation(count)

    def draw(
        self, kind: ops.Normal | ops.Uniform, shape: tuple[Any, ...], state: Any
    ) -> tuple[Any, Any]:
        """Splits the state's key and draws with one half."""
        random = self.jax.random
        state = self.held(state)
        key, drawn = random.split(state[states.DRAWS])
        state = {**state, states.DRAWS: key}
        if isinstance(kind, ops.Normal):
            value = random.normal(drawn, shape, self.precision)
            return kind.mean + kind.stddev * value, state
        return random.uniform(drawn, shape, self.precision, kind.low, kind.high), state

    def fill(self, value: float, shape: tuple[Any, ...]) -> Any:
        """An array of one value."""
        return self.jax.numpy.full(shape, value, dtype=self.precision)

    def batch_of(self, value: Any) -> int:
        """The first axis, always static."""
        return int(value.shape[0])

    def concat(self, parts: Sequence[Any]) -> Any:
        """Joins along the first axis."""
        return self.jax.numpy.concatenate(list(parts), axis=0)

    def call(
        self, model: Any, x: Any, training: bool | None, masks: Sequence[Any], state: Any
    ) -> tuple[Any, Any]:
        """`stateless_call`; the new state holds its losses and non-trainable updates."""
        feed_masks(model, masks)
        state = self.held(state, model)
        asked = {} if training is None else {"training": training}
        value, others, losses = model.model.stateless_call(
            state[trainable(model)], state[states.others(model)], x, return_losses=True, **asked
        )
        return value, {**state, states.others(model): others, states.tracked(model): losses}

    def tracked(self, model: Any, state: Any) -> Sequence[Any]:
        """Losses tracked in the last call."""
        losses: Sequence[Any] = state[states.tracked(model)]
        return losses

    def grad_scope(
        self,
        scope: ops.GradScope,  # noqa: ARG002
        wanted: Sequence[tuple[ops.Gradients, Any]],
        body: StepFn,
        env: dict[str, Any],
        state: Any,
    ) -> tuple[dict[str, Any], Any]:
        """One `jax.vjp` over the union of trainables, one pullback per loss.

        The body runs once however many losses are wanted, so its draws, its dropout masks and its
        moving statistics happen once; what it made comes back as the auxiliary value.
        """
        state = self.held(state, *(model for _, model in wanted))
        losses = tuple(dict.fromkeys(op.loss for op, _ in wanted))
        variables = {trainable(model): state[trainable(model)] for _, model in wanted}

        def forward(variables: Arrays) -> tuple[Any, Any]:
            made, after = body(dict(env), {**state, **variables})
            return {name: made[name] for name in losses}, (made, after)

        values, pullback, (made, after) = self.jax.vjp(forward, variables, has_aux=True)
        numpy = self.jax.numpy
        pulled = {
            name: pullback(
                {
                    other: numpy.ones_like(value) if other == name else numpy.zeros_like(value)
                    for other, value in values.items()
                }
            )[0]
            for name in losses
        }
        gradients = {op.out: pulled[op.loss][trainable(model)] for op, model in wanted}
        return {**made, **gradients}, after

    def apply(self, optimizer: Any, gradients: Any, model: Any, state: Any) -> Any:
        """`stateless_apply`."""
        state = self.held(state, optimizer, model)
        variables, slots = optimizer.object.stateless_apply(
            state[optimizer.key], gradients, state[trainable(model)]
        )
        return {**state, trainable(model): variables, optimizer.key: slots}

    def update(self, metric: Any, target: Any, prediction: Any, state: Any) -> Any:
        """`stateless_update_state`."""
        state = self.held(state, metric)
        values = metric.object.stateless_update_state(state[metric.key], target, prediction)
        return {**state, metric.key: values}

    def read(self, metric: Any, state: Any) -> float:
        """`stateless_result`."""
        return float(metric.object.stateless_result(self.held(state, metric)[metric.key]))

    def reset(self, metric: Any, state: Any) -> Any:
        """`stateless_reset_state`."""
        return {**self.held(state, metric), metric.key: metric.object.stateless_reset_state()}

    def save_model(self, model: Any, path: Path, state: Any) -> None:
        """Hands the state's values to the model's variables, then saves it as `.keras`."""
        values = self._values(model, state)
        for variable in model.variables:
            variable.assign(values[id(variable)])
        model.model.save(path)

    def stepper(self, spec: StepperSpec) -> EagerStepper:
        """A stepper in one of the three execution modes.

        A step with convolutions runs compiled step by step in `fused` too: inside a compiled loop
        XLA's CPU code for them is fifteen times as slow (measured on the GAN: 29 s a step for 2 s).
        """
        kinds = {"eager": EagerStepper, "graph": GraphStepper, "fused": FusedStepper}
        convolutions = (self.keras.layers.Conv2D, self.keras.layers.Conv2DTranspose)
        layers = (layer for handle in spec.handles for layer in getattr(handle, "layers", ()))
        if spec.execution == "fused" and any(isinstance(layer, convolutions) for layer in layers):
            return GraphStepper(self.jax, spec, self.held)
        return kinds[spec.execution](self.jax, spec, self.held)
