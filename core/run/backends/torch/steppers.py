"""Running a step over a segment on torch.

Everything runs under `torch.no_grad`; a gradient scope alone records. Losses are read once per
segment, not once per step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.run.backends.protocol import Segment, SegmentResult, StepperSpec
from core.run.backends.torch.recorded import Function, Tensors, recorded

# A recording costs about as much as this many steps of a small model.
WORTH_RECORDING = 32


class EagerStepper:
    """Every op runs on its own, as in a plain Python loop. Also what `graph` means on torch."""

    def __init__(self, torch: Any, spec: StepperSpec) -> None:
        self.torch = torch
        self.spec = spec

    def step(self, indices: Any, fed: Tensors) -> Tensors:
        """Gathers a batch and takes one step: what is returned, by name."""
        fields: Mapping[str, Any] = self.spec.fields
        batch = {name: array[indices] for name, array in fields.items()}
        inputs = {name: self._floats(value) for name, value in {**batch, **fed}.items()}
        env, _ = self.spec.step(inputs, None)
        return {name: env[name] for name in self.spec.names.everything}

    def _floats(self, value: Any) -> Any:
        """Float data in the run's precision: images and draws are stored in single precision."""
        return (
            value.to(getattr(self.torch, self.spec.precision))
            if value.is_floating_point()
            else value
        )

    def function(self, indices: Any, fed: Tensors) -> Function:  # noqa: ARG002
        """What to call for each step of a segment."""
        return self.step

    def run(self, segment: Segment, state: Any) -> tuple[SegmentResult, Any]:
        """Runs the segment's steps one by one."""
        torch, names = self.torch, self.spec.names
        indices = torch.from_numpy(segment.indices)
        fed = {name: torch.from_numpy(array) for name, array in segment.fed.items()}
        kept: dict[str, list[Any]] = {name: [] for name in (*names.losses, *names.taps)}
        made: Tensors = {}
        with torch.no_grad():
            step = self.function(indices, fed)
            for position, batch in enumerate(indices):
                made = step(batch, {name: array[position] for name, array in fed.items()})
                for name, values in kept.items():
                    values.append(made[name])
        result = SegmentResult(
            losses={
                name: np.asarray(torch.stack(kept[name]).numpy(), dtype=np.float64)
                for name in names.losses
            },
            tensors={name: made[name] for name in names.tensors},
            taps={name: torch.stack(kept[name]).numpy() for name in names.taps},
        )
        return result, state


class FusedStepper(EagerStepper):
    """Long segments replay a recording of the step, short ones run the step itself."""

    def __init__(self, torch: Any, spec: StepperSpec) -> None:
        super().__init__(torch, spec)
        self._recordings: dict[int, Function] = {}

    def function(self, indices: Any, fed: Tensors) -> Function:
        """The recording for this batch size where there is one."""
        steps, batch = indices.shape
        # A tapped run looks at the recording itself, worth its time or not.
        worth = steps >= WORTH_RECORDING or bool(self.spec.names.taps)
        if batch not in self._recordings and worth:
            variables = [v.value for handle in self.spec.handles for v in _variables(handle)]
            made = recorded(self.torch, self.step, variables, indices, fed)
            self._recordings[batch] = made or self.step
        return self._recordings.get(batch, self.step)


def _variables(handle: Any) -> list[Any]:
    variables: list[Any] = handle.variables
    return variables
