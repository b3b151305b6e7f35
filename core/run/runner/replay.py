"""The spot check: whether another execution mode may stand in for the one a guide declares.

A step that draws nothing computes the same in every mode, up to rounding. Before a section is
replayed, its first steps run in the declared mode and in the other one, from the same weights and
over the same batches; then every variable is set back.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.run.backends.protocol import Segment, Stepper
from core.run.runner.session import Session
from core.spec import Scenario
from core.trace import Replay

CHECKED_STEPS = 5
# On TensorFlow the modes are bit-identical for the guides' MLP. Where a backend's compiler
# reorders sums (JAX eager against jit) five steps differ by less than 1e-6; a step that means
# something else differs by far more than this.
LARGEST_RELATIVE = 1e-5


def spot_check(
    session: Session,
    scenario: Scenario,
    stepper: Callable[[str], Stepper],
    pieces: list[NDArray[np.int64]],
    *,
    used: str,
) -> tuple[Replay, bool]:
    """Compares the first steps in the declared mode and in `used`.

    Returns:
        What was measured, and whether the modes agree to within `LARGEST_RELATIVE`.
    """
    # One segment has one batch size: a smaller last batch is left out of the check.
    first = [piece for piece in pieces[:CHECKED_STEPS] if len(piece) == len(pieces[0])]
    handles = session.stateful(scenario)
    # Both modes start from these variables, and so does training afterwards: the check leaves no
    # trace.
    saved = session.backend.snapshot(handles, session.state)
    losses = []
    for execution in (scenario.execution, used):
        result, state = stepper(execution).run(Segment(np.stack(first)), session.state)
        losses.append(np.stack([result.losses[name] for name in scenario.returned.losses]))
        session.state = session.backend.restore(handles, saved, state)
    declared, other = losses
    # The floor keeps a loss of exactly 0 from dividing by zero.
    scale = np.maximum(np.abs(declared), np.finfo(np.float32).tiny)
    largest = float(np.max(np.abs(declared - other) / scale))
    replay = Replay(
        declared=scenario.execution,
        used=used,
        checked_steps=len(first),
        max_relative=largest,
    )
    return replay, largest <= LARGEST_RELATIVE
