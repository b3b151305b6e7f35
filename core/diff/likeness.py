"""How alike ops are, and how two orders of the same items relate."""

from __future__ import annotations

import attrs

from core.diff.resolved import SectionOp
from core.spec import ops
from core.spec.kinds import Op


def likeness(a: SectionOp, b: SectionOp) -> float:
    """How alike two placed ops are."""
    return likeness_of_ops(a.op, b.op)


def likeness_of_lines(a: ops.Log, b: ops.Log) -> float:
    """How alike two printed lines are."""
    return likeness_of_ops(a, b)


def likeness_of_ops(a: Op, b: Op) -> float:
    """How alike two ops are: none of different kinds, more for each field in common."""
    if type(a) is not type(b):
        return 0.0
    names = [f.name for f in attrs.fields(type(a))]
    if isinstance(a, ops.Log) and isinstance(b, ops.Log):
        words = [set(op.template.split()) for op in (a, b)]
        shared = len(words[0] & words[1]) / max(1, len(words[0] | words[1]))
        return 1.0 + 8.0 * shared if shared else 0.5
    return 1.0 + sum(2.0 for name in names if getattr(a, name) == getattr(b, name))


def in_both_orders(a: list[int], b: list[int]) -> list[int]:
    """A longest run of items that two orders of the same items have in the same order."""
    place = {item: index for index, item in enumerate(b)}
    best: list[list[int]] = []
    for item in a:
        before = [run for run in best if place[run[-1]] < place[item]]
        best.append([*max(before, key=len, default=[]), item])
    return max(best, key=len, default=[])
