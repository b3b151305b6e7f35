"""Which op of one step belongs to which op of another."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import attrs
from attrs import frozen

from core.run.runner.taps import positions
from core.spec import Scenario, ops
from core.spec.kinds import Kind, Op

Identity = tuple[str, ...]


@frozen
class StepOp:
    """An op at its position in a step."""

    position: str
    op: Op

    @property
    def identity(self) -> Identity:
        """What makes it the same op in another step: its kind and what it makes or changes."""
        op = self.op
        kind = type(op).__name__
        if isinstance(op, ops.Apply):
            return (kind, op.optimizer, op.model)
        if isinstance(op, ops.UpdateMetric):
            return (kind, op.metric)
        if isinstance(op, ops.Return):
            return (kind,)
        return (kind, *(name for name, made in op.makes() if made is not Kind.TAPE))

    @property
    def title(self) -> str:
        """The op in a few words: `Call logits`, `Apply optimizer to model`."""
        op = self.op
        kind = type(op).__name__
        if isinstance(op, ops.Apply):
            return f"{kind} {op.optimizer} to {op.model}"
        return " ".join(self.identity)


@frozen
class Pair:
    """Two ops that belong together, or one that the other side lacks or has elsewhere.

    Attributes:
        a: the op of side A, None where it is missing.
        b: the op of side B, None where it is missing.
        moved: both sides have it, at places that cannot be aligned.
    """

    a: StepOp | None
    b: StepOp | None
    moved: bool = False

    @property
    def op(self) -> StepOp:
        """The op, from whichever side has it."""
        placed = self.a or self.b
        assert placed is not None
        return placed

    @property
    def changed(self) -> tuple[str, ...]:
        """What the ops say differently, one line for each field."""
        if self.a is None or self.b is None:
            return ()
        return tuple(_changes(self.a.op, self.b.op))

    @property
    def structure(self) -> str:
        """How the steps differ in their order or in which ops there are; empty where they do not.

        A Return makes nothing, so that what it returns counts as structure.
        """
        if self.a is None:
            return "moved" if self.moved else "only in B"
        if self.b is None:
            return "moved" if self.moved else "only in A"
        if isinstance(self.a.op, ops.Return) and self.changed:
            return "; ".join(self.changed)
        return ""


def _changes(a: Op, b: Op) -> list[str]:
    body = {"body"} if isinstance(a, ops.GradScope) else set()  # its ops are aligned themselves
    return [
        f"{name}: {getattr(a, name)!r} in A, {getattr(b, name)!r} in B"
        for name in (f.name for f in attrs.fields(type(a)))
        if name not in body and getattr(a, name) != getattr(b, name)
    ]


def placed(scenario: Scenario) -> tuple[StepOp, ...]:
    """The ops of a scenario's step, in execution order."""
    return tuple(StepOp(position, op) for position, op in positions(scenario.step))


def align(a: Sequence[StepOp], b: Sequence[StepOp]) -> tuple[Pair, ...]:
    """Pairs in execution order; an op that only B has stands before A's next one."""
    one, other = ([item.identity for item in side] for side in (a, b))
    pairs: list[Pair] = []
    # `autojunk` would leave out of the alignment whatever occurs often in a long step.
    for kind, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs += [Pair(x, y) for x, y in zip(a[i:j], b[k:m], strict=True)]
            continue
        pairs += [Pair(x, None, x.identity in other) for x in a[i:j]]
        pairs += [Pair(None, y, y.identity in one) for y in b[k:m]]
    return tuple(pairs)
