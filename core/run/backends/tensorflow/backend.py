"""The TensorFlow backend: gradient tapes, `tf.function`, `tf.data` orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from core.run.backends.common import KerasBackend
from core.run.backends.protocol import StepFn, StepperSpec
from core.run.backends.tensorflow.steppers import EagerStepper, FusedStepper, GraphStepper
from core.spec import ops


class TensorFlowBackend(KerasBackend):
    """Keras on TensorFlow; state is changed in place."""

    name = "tensorflow"
    package = "tensorflow"

    def __init__(self, precision: str = "float32") -> None:
        super().__init__(precision)
        import tensorflow

        self.tf: Any = tensorflow

    def seed_framework(self, seed: int, state: Any) -> Any:
        """`tf.random.set_seed`."""
        self.tf.random.set_seed(seed)
        return state

    def put(self, array: Any) -> Any:
        """A tensor in memory."""
        return self.tf.constant(array)

    def get(self, value: Any) -> Any:
        """A NumPy array."""
        return value.numpy()

    def copied(self, value: Any) -> Any:
        """A read of the variable."""
        return self.tf.identity(value)

    def native_order(self, count: int, shuffle: int | None, batch: int) -> Iterator[Any]:  # noqa: ARG002
        """The order of `tf.data.Dataset.range(count).shuffle(…)`.

        It equals the order of a dataset of samples opened at the same place, because the shuffle's
        seed is drawn here and another pass draws from the dataset's own seed generator.
        """
        dataset = self.tf.data.Dataset.range(count)
        if shuffle is not None:
            dataset = dataset.shuffle(buffer_size=shuffle)
        return _passes(dataset.batch(count))

    def draw(
        self, kind: ops.Normal | ops.Uniform, shape: tuple[Any, ...], state: Any
    ) -> tuple[Any, Any]:
        """`tf.random.normal` or `tf.random.uniform`."""
        random = self.tf.random
        if isinstance(kind, ops.Normal):
            return random.normal(shape, kind.mean, kind.stddev, dtype=self.precision), state
        return random.uniform(shape, kind.low, kind.high, dtype=self.precision), state

    def fill(self, value: float, shape: tuple[Any, ...]) -> Any:
        """A tensor of one value."""
        return self.tf.fill(shape, self.tf.constant(value, dtype=self.precision))

    def batch_of(self, value: Any) -> Any:
        """The first axis: a number where it is static, else a scalar tensor."""
        static = value.shape[0]
        return self.tf.shape(value)[0] if static is None else static

    def concat(self, parts: Sequence[Any]) -> Any:
        """Joins along the first axis."""
        return self.tf.concat(list(parts), axis=0)

    def grad_scope(
        self,
        scope: ops.GradScope,
        wanted: Sequence[tuple[ops.Gradients, Any]],
        body: StepFn,
        env: dict[str, Any],
        state: Any,
    ) -> tuple[dict[str, Any], Any]:
        """Runs the body under the declared tapes."""
        with ExitStack() as stack:
            tapes = {name: stack.enter_context(self.tf.GradientTape()) for name in scope.tapes}
            env, state = body(env, state)
        for op, model in wanted:
            tape = tapes[op.tape]
            env[op.out] = tape.gradient(env[op.loss], model.model.trainable_weights)
        return env, state

    def stepper(self, spec: StepperSpec) -> EagerStepper:
        """A stepper in one of the three execution modes."""
        kinds = {"eager": EagerStepper, "graph": GraphStepper, "fused": FusedStepper}
        return kinds[spec.execution](self.tf, spec)


def _passes(dataset: Any) -> Iterator[Any]:
    while True:
        for order in dataset:
            yield order.numpy()
