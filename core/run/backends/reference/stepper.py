"""Running a step over a segment on the reference backend."""

from __future__ import annotations

import numpy as np
from attrs import define

from core.run.backends.protocol import Array, Env, Segment, SegmentResult, State, StepperSpec
from core.run.backends.reference.tape import array


@define(eq=False)
class ReferenceStepper:
    """Takes the steps of a segment one by one."""

    spec: StepperSpec

    def run(self, segment: Segment, state: State) -> tuple[SegmentResult, State]:
        """Runs every step of the segment, in order."""
        names = self.spec.names
        kept: dict[str, list[Array]] = {name: [] for name in (*names.losses, *names.taps)}
        env: Env = {}
        for position, rows in enumerate(segment.indices):
            batch = {name: np.asarray(f)[rows] for name, f in self.spec.fields.items()}
            fed = {name: values[position] for name, values in segment.fed.items()}
            env, state = self.spec.step({**batch, **fed}, state)
            for name, values in kept.items():
                values.append(array(env[name]))
        result = SegmentResult(
            losses={name: np.array(kept[name], dtype=np.float64) for name in names.losses},
            tensors={name: env[name] for name in names.tensors},
            taps={name: np.stack(kept[name]) for name in names.taps},
        )
        return result, state
