"""A section as a program of its own: all of it newly made, nothing made or trained before.

A reader's own loop seldom replays a guide's earlier sections, whose models draw weights first.
"""

from __future__ import annotations

import attrs

from core.diff.resolved import phase_ops
from core.spec import Scenario, ops


def standing_alone(scenario: Scenario) -> Scenario:
    """The section with what it takes up from earlier ones made in its own setup."""
    if not any(isinstance(op, ops.Continue) for op in scenario.setup) and not scenario.after:
        return scenario
    setup = tuple(placed.op for placed in phase_ops(scenario, "setup"))
    return attrs.evolve(scenario, after=(), setup=setup)
