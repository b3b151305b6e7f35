"""Running a step over a segment: eagerly, as a `tf.function` per step, or as one in-graph loop.

Losses are read once per segment, not once per step: waiting for each would cost more than the
step itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from core.run.backends.protocol import Segment, SegmentResult, StepperSpec


class EagerStepper:
    """Every op runs on its own, as in a plain Python loop."""

    def __init__(self, tf: Any, spec: StepperSpec) -> None:
        self.tf = tf
        self.spec = spec

    def step(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """One step over a batch and its fed draws."""
        env, _ = self.spec.step({name: self._floats(v) for name, v in inputs.items()}, None)
        return {name: env[name] for name in self.spec.names.everything}

    def _floats(self, value: Any) -> Any:
        """Float data in the run's precision: images and draws are stored in single precision."""
        other = value.dtype.is_floating and value.dtype.name != self.spec.precision
        return self.tf.cast(value, self.spec.precision) if other else value

    def batch(self, indices: Any) -> dict[str, Any]:
        """The samples of one batch, by name."""
        return {name: self.tf.gather(array, indices) for name, array in self.spec.fields.items()}

    def run(self, segment: Segment, state: Any) -> tuple[SegmentResult, Any]:
        """Runs the segment's steps one by one."""
        names = self.spec.names
        kept: dict[str, list[Any]] = {name: [] for name in (*names.losses, *names.taps)}
        made: dict[str, Any] = {}
        for position, indices in enumerate(segment.indices):
            fed = {name: self.tf.constant(array[position]) for name, array in segment.fed.items()}
            made = self.step(self.batch(indices) | fed)
            for name, values in kept.items():
                values.append(made[name])
        result = SegmentResult(
            losses={name: _numbers(self.tf.stack(kept[name])) for name in names.losses},
            tensors={name: made[name] for name in names.tensors},
            taps={name: np.stack([value.numpy() for value in kept[name]]) for name in names.taps},
        )
        return result, state


class GraphStepper(EagerStepper):
    """One `tf.function` per step, traced for each batch shape, as a guide's own is."""

    def __init__(self, tf: Any, spec: StepperSpec) -> None:
        super().__init__(tf, spec)
        self._compiled = tf.function(super().step, autograph=False)

    def step(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """One compiled step."""
        made: dict[str, Any] = self._compiled(inputs)
        return made


class FusedStepper(EagerStepper):
    """One in-graph loop over the whole segment that keeps every step's losses.

    TensorFlow's constant folding is off for it. Inside a loop it regroups products with constants
    (a dropout mask times its scale) in an order that changes from one compilation to the next, so
    that two runs of the article differed in the last bits of the generator's weights (measured,
    TensorFlow 2.21). Without it a loop computes what the single step does.
    """

    def __init__(self, tf: Any, spec: StepperSpec) -> None:
        super().__init__(tf, spec)
        self._compiled: dict[int, Any] = {}

    def _trace(self, segment: Segment) -> Any:
        """A function over any number of steps of this batch size."""
        tf = self.tf
        fed = {
            name: tf.TensorSpec((None, *array.shape[1:]), array.dtype)
            for name, array in segment.fed.items()
        }
        indices = tf.TensorSpec((None, segment.indices.shape[1]), tf.int64)
        return tf.function(self._loop, input_signature=(indices, fed), autograph=False)

    def _loop(self, indices: Any, fed: dict[str, Any]) -> dict[str, Any]:
        tf = self.tf
        names = self.spec.names
        count = tf.shape(indices)[0]
        shapes = dict.fromkeys(names.everything) | dict.fromkeys(names.losses, ())
        arrays = {
            name: tf.TensorArray(self.spec.precision, size=count, element_shape=shape)
            for name, shape in shapes.items()
        }

        def body(position: Any, arrays: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            fed_here = {name: array[position] for name, array in fed.items()}
            made = EagerStepper.step(self, self.batch(indices[position]) | fed_here)
            return position + 1, {name: arrays[name].write(position, made[name]) for name in arrays}

        _, arrays = tf.while_loop(
            lambda position, _: position < count,
            body,
            (tf.constant(0), arrays),
            parallel_iterations=1,
        )
        made: dict[str, Any] = {name: arrays[name].stack() for name in (*names.losses, *names.taps)}
        return made | {_last(name): arrays[name].read(count - 1) for name in names.tensors}

    def run(self, segment: Segment, state: Any) -> tuple[SegmentResult, Any]:
        """Runs the segment in one call."""
        batch = segment.indices.shape[1]
        if batch not in self._compiled:
            self._compiled[batch] = self._trace(segment)
        with _unfolded(self.tf):
            made = self._compiled[batch](
                self.tf.constant(segment.indices),
                {name: self.tf.constant(array) for name, array in segment.fed.items()},
            )
        names = self.spec.names
        result = SegmentResult(
            losses={name: _numbers(made[name]) for name in names.losses},
            tensors={name: made[_last(name)] for name in names.tensors},
            taps={name: made[name].numpy() for name in names.taps},
        )
        return result, state


@contextmanager
def _unfolded(tf: Any) -> Iterator[None]:
    optimizer = tf.config.optimizer
    before = optimizer.get_experimental_options().get("constant_folding", True)
    optimizer.set_experimental_options({"constant_folding": False})
    try:
        yield
    finally:
        optimizer.set_experimental_options({"constant_folding": before})


def _last(name: str) -> str:
    return f"last {name}"


def _numbers(values: Any) -> Any:
    return np.asarray(values.numpy(), dtype=np.float64)
