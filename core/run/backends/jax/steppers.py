"""Running a step over a segment: op by op, as a `jax.jit` per step, or as one compiled loop.

Nothing is donated: a state that was handed in stays readable. Losses are read once per segment,
not once per step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from core.run.backends.jax.state import Arrays, part, without_tracked
from core.run.backends.protocol import Segment, SegmentResult, StepperSpec

# Steps that one call of the compiled loop has room for. Segments are padded to it, so that each
# batch size compiles once; fed draws and taps are large, their padding must be small.
ROOM, ROOM_FED, ROOM_TAPPED = 512, 16, 4


class EagerStepper:
    """Every op runs on its own, as in a plain Python loop."""

    def __init__(self, jax: Any, spec: StepperSpec, held: Callable[..., Arrays]) -> None:
        self.jax = jax
        self.spec = spec
        self._held = held

    def step(
        self, indices: Any, fed: Mapping[str, Any], fields: Mapping[str, Any], state: Arrays
    ) -> tuple[Arrays, Arrays]:
        """Gathers a batch and takes one step: (what is returned by name, next state)."""
        batch = {name: self.jax.numpy.take(array, indices, 0) for name, array in fields.items()}
        inputs = {name: self._floats(value) for name, value in {**batch, **fed}.items()}
        env, after = self.spec.step(inputs, state)
        assert isinstance(after, dict)
        made = {name: env[name] for name in self.spec.names.everything}
        return made, without_tracked(after)

    def _floats(self, value: Any) -> Any:
        """Float data in the run's precision: images and draws are stored in single precision."""
        other = value.dtype.kind == "f" and value.dtype != self.spec.precision
        return value.astype(self.spec.precision) if other else value

    def run(self, segment: Segment, state: Any) -> tuple[SegmentResult, Any]:
        """Runs the segment's steps one by one."""
        names = self.spec.names
        whole = self._held(state, *self.spec.handles)
        state = part(whole, self.spec.handles)
        kept: dict[str, list[Any]] = {name: [] for name in (*names.losses, *names.taps)}
        made: Arrays = {}
        for position, indices in enumerate(segment.indices):
            fed = {name: array[position] for name, array in segment.fed.items()}
            made, state = self.step(indices, fed, self.spec.fields, state)
            for name, values in kept.items():
                values.append(made[name])
        result = SegmentResult(
            losses={name: np.array(kept[name], dtype=np.float64) for name in names.losses},
            tensors={name: made[name] for name in names.tensors},
            taps={name: np.stack(kept[name]) for name in names.taps},
        )
        return result, {**whole, **state}


class GraphStepper(EagerStepper):
    """One `jax.jit` per step, compiled for each batch shape."""

    def __init__(self, jax: Any, spec: StepperSpec, held: Callable[..., Arrays]) -> None:
        super().__init__(jax, spec, held)
        self._compiled = jax.jit(super().step)

    def step(
        self, indices: Any, fed: Mapping[str, Any], fields: Mapping[str, Any], state: Arrays
    ) -> tuple[Arrays, Arrays]:
        """One compiled step."""
        made: tuple[Arrays, Arrays] = self._compiled(indices, fed, fields, state)
        return made


class FusedStepper(EagerStepper):
    """One compiled loop over many steps that keeps every step's losses.

    The number of steps is an argument of the compiled loop, not a constant in it: one compilation
    serves segments of any length, and a step computes the same wherever its segment is cut.
    """

    def __init__(self, jax: Any, spec: StepperSpec, held: Callable[..., Arrays]) -> None:
        super().__init__(jax, spec, held)
        self._compiled = jax.jit(self._loop)

    def _loop(
        self,
        count: Any,
        indices: Any,
        fed: Mapping[str, Any],
        fields: Mapping[str, Any],
        state: Arrays,
    ) -> tuple[Arrays, Arrays, Arrays]:
        """(losses and taps by step, tensors of the last step, next state) after `count` steps."""
        jax, numpy, names = self.jax, self.jax.numpy, self.spec.names

        def step(position: Any, state: Arrays) -> tuple[Arrays, Arrays]:
            fed_here = {name: array[position] for name, array in fed.items()}
            return self.step(indices[position], fed_here, fields, state)

        def body(position: Any, carry: tuple[Arrays, Arrays, Arrays]) -> Any:
            kept, _, state = carry
            made, state = step(position, state)
            kept = {name: values.at[position].set(made[name]) for name, values in kept.items()}
            return kept, {name: made[name] for name in names.tensors}, state

        kept = {name: numpy.zeros(len(indices), self.spec.precision) for name in names.losses}
        tensors = {}
        if names.tensors or names.taps:
            shapes, _ = jax.eval_shape(step, 0, state)
            tensors = {n: numpy.zeros(shapes[n].shape, shapes[n].dtype) for n in names.tensors}
            for name in names.taps:
                whole = (len(indices), *shapes[name].shape)
                kept[name] = numpy.zeros(whole, shapes[name].dtype)
        made: tuple[Arrays, Arrays, Arrays]
        made = jax.lax.fori_loop(0, count, body, (kept, tensors, state))
        return made

    def run(self, segment: Segment, state: Any) -> tuple[SegmentResult, Any]:
        """Runs the segment in as few calls as its room allows."""
        names = self.spec.names
        whole = self._held(state, *self.spec.handles)
        state = part(whole, self.spec.handles)
        room = ROOM_TAPPED if names.taps else ROOM_FED if segment.fed else ROOM
        kept: dict[str, list[Any]] = {name: [] for name in (*names.losses, *names.taps)}
        tensors: Arrays = {}
        for start in range(0, len(segment.indices), room):
            rows = slice(start, start + room)
            count = len(segment.indices[rows])
            indices = _padded(segment.indices[rows], room)
            fed = {name: _padded(array[rows], room) for name, array in segment.fed.items()}
            made, tensors, state = self._compiled(count, indices, fed, self.spec.fields, state)
            for name, values in kept.items():
                values.append(np.asarray(made[name])[:count])
        joined = {name: np.concatenate(values) for name, values in kept.items()}
        result = SegmentResult(
            losses={name: np.asarray(joined[name], dtype=np.float64) for name in names.losses},
            tensors=tensors,
            taps={name: joined[name] for name in names.taps},
        )
        return result, {**whole, **state}


def _padded(array: Any, room: int) -> Any:
    """The array with zeros after its last row, `room` rows in all."""
    return np.concatenate([array, np.zeros((room - len(array), *array.shape[1:]), array.dtype)])
