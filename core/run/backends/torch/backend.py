"""The torch backend: state in place, `torch.autograd.grad`, on the CPU.

What native randomness means here, for whoever writes the same program by hand: after
`keras.utils.set_random_seed(seed)`, which calls `torch.manual_seed`, draws come from torch's global
generator (`torch.randn`, `torch.rand`), and so does the order of
`torch.utils.data.DataLoader(…, shuffle=True)`, whose iterator draws when a pass begins.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from core.run.backends.building import named_variables
from core.run.backends.common import KerasBackend
from core.run.backends.protocol import StepFn, StepperSpec
from core.run.backends.torch.convolution import keep_double_precision_contiguous
from core.run.backends.torch.steppers import EagerStepper, FusedStepper
from core.spec import ops


class TorchBackend(KerasBackend):
    """Keras on torch; state is changed in place."""

    name = "torch"
    package = "torch"

    def __init__(self, precision: str = "float32") -> None:
        super().__init__(precision)
        import torch

        threads = os.environ.get("OMP_NUM_THREADS")
        if threads:
            torch.set_num_threads(int(threads))
        if os.environ.get("LOOP_PARITY_TORCH_ONEDNN") == "off":  # torch has no variable for it
            torch.backends.mkldnn.set_flags(False)
        self.torch: Any = torch
        if precision == "float64":
            keep_double_precision_contiguous(torch)

    def seed_framework(self, seed: int, state: Any) -> Any:
        """`torch.manual_seed`."""
        self.torch.manual_seed(seed)
        return state

    def put(self, array: Any) -> Any:
        """A tensor with memory of its own: the data set's arrays are read-only."""
        return self.torch.tensor(array)

    def get(self, value: Any) -> Any:
        """A NumPy array."""
        return value.detach().numpy()

    def copied(self, value: Any) -> Any:
        """A tensor with memory of its own."""
        return value.detach().clone()

    def set_values(self, handle: Any, values: Mapping[str, Any], state: Any) -> Any:
        """Copies arrays into the variables; in double precision Keras's own assignment rounds."""
        variables = named_variables(handle)
        with self.torch.no_grad():
            for name, value in values.items():
                variables[name].value.copy_(self.torch.from_numpy(np.array(value)))
        return state

    def native_order(self, count: int, shuffle: int | None, batch: int) -> Iterator[Any]:  # noqa: ARG002
        """The order of a `DataLoader` over `count` samples.

        One batch of all samples stands for the batches of a guide: both draw one seed for the
        workers and one for the order when a pass begins, and none after that.
        """
        loader = self.torch.utils.data.DataLoader(
            range(count), batch_size=count, shuffle=shuffle is not None
        )
        while True:
            for order in loader:
                yield order.numpy()

    def draw(
        self, kind: ops.Normal | ops.Uniform, shape: tuple[Any, ...], state: Any
    ) -> tuple[Any, Any]:
        """Fills a tensor from the global generator, as `torch.randn` and `torch.rand` do."""
        empty = self.torch.empty(shape, dtype=getattr(self.torch, self.precision))
        if isinstance(kind, ops.Normal):
            return empty.normal_(kind.mean, kind.stddev), state
        return empty.uniform_(kind.low, kind.high), state

    def fill(self, value: float, shape: tuple[Any, ...]) -> Any:
        """A tensor of one value."""
        return self.torch.full(shape, value, dtype=getattr(self.torch, self.precision))

    def batch_of(self, value: Any) -> int:
        """The first axis, always a number."""
        return int(value.shape[0])

    def concat(self, parts: Sequence[Any]) -> Any:
        """Joins along the first axis."""
        return self.torch.cat(list(parts), dim=0)

    def grad_scope(
        self,
        scope: ops.GradScope,  # noqa: ARG002
        wanted: Sequence[tuple[ops.Gradients, Any]],
        body: StepFn,
        env: dict[str, Any],
        state: Any,
    ) -> tuple[dict[str, Any], Any]:
        """Records the body, then differentiates each loss over the same recording."""
        before = set(env)
        with self.torch.enable_grad():
            result, state = body(env, state)
            env = dict(result)
            for position, (op, model) in enumerate(wanted, start=1):
                values = [variable.value for variable in model.model.trainable_weights]
                again = position < len(wanted)
                env[op.out] = self.torch.autograd.grad(env[op.loss], values, retain_graph=again)
        made = env.keys() - before - {op.out for op, _ in wanted}
        return {**env, **{name: env[name].detach() for name in made}}, state

    def apply(self, optimizer: Any, gradients: Any, model: Any, state: Any) -> Any:
        """One optimizer step in place, by Keras's own update."""
        optimizer.object.apply(list(gradients), model.model.trainable_weights)
        return state

    def stepper(self, spec: StepperSpec) -> EagerStepper:
        """A stepper; torch has no graph mode that Keras uses, so `graph` runs as `eager`."""
        kinds = {"eager": EagerStepper, "graph": EagerStepper, "fused": FusedStepper}
        return kinds[spec.execution](self.torch, spec)
