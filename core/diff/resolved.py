"""A scenario's ops with their ids, continued ones in the place where they are taken up."""

from __future__ import annotations

from attrs import frozen

from core.spec import Scenario, ops
from core.spec.kinds import Op


@frozen
class SectionOp:
    """An op of a section.

    Attributes:
        id: the id that statements of its programs carry.
        op: the op.
        origin: the earlier section whose op it is, empty for the section's own.
    """

    id: str
    op: Op
    origin: str = ""


def phase_ops(scenario: Scenario, phase: str) -> tuple[SectionOp, ...]:
    """The ops of a phase in order, a gradient scope's body after it."""
    if phase == "setup":
        return _setup(scenario)
    return tuple(_walk(scenario.phase(phase), phase, ""))


def _walk(sequence: tuple[Op, ...], phase: str, inside: str) -> list[SectionOp]:
    found = []
    for index, op in enumerate(sequence):
        found.append(SectionOp(f"{phase}[{inside}{index}]", op))
        if isinstance(op, ops.GradScope):
            found += _walk(op.body, phase, f"{inside}{index}.")
    return found


def _setup(scenario: Scenario) -> tuple[SectionOp, ...]:
    found: list[SectionOp] = []
    for index, op in enumerate(scenario.setup):
        if isinstance(op, ops.Continue):
            found += _continued(op)
        else:
            found.append(SectionOp(f"setup[{index}]", op))
    return tuple(found)


def _continued(op: ops.Continue) -> list[SectionOp]:
    """What an earlier section's setup did for the objects that are taken up."""
    section = op.section
    needed = set(op.names)
    found: list[SectionOp] = []
    for placed in reversed(_setup(section)):
        made = {name for name, _ in placed.op.makes()}
        if made & needed:
            needed |= {name for name, _ in placed.op.uses()}
            origin = placed.origin or section.section
            own = placed.id if placed.origin else f"{section.section}/{placed.id}"
            found.append(SectionOp(own, placed.op, origin))
    return list(reversed(found))
