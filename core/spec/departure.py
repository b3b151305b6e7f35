"""Where a printed step differs from the guide's own text, and why."""

from __future__ import annotations

from attrs import field, frozen

from core.spec import rules


@frozen
class Departure:
    """One difference between a guide's training step and the printed one.

    Attributes:
        scenario: scenario id.
        lines: lines (from 1) of the guide's statements that are printed differently.
        ops: ids of the ops whose printed statements stand for them, or stand there in addition.
        reason: why, in one sentence.
    """

    scenario: str = field(validator=rules.text)
    lines: tuple[int, ...] = field(validator=rules.lines)
    ops: tuple[str, ...]
    reason: str = field(validator=rules.text)
