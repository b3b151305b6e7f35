"""Batch sizes of a step's tensors, worked out from the ops alone.

Controlled draws are made before the step runs, so their shapes must be known without running it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from core.spec import ops
from core.spec.kinds import Op


@frozen
class Needed:
    """A random array that a step needs.

    Attributes:
        name: the name it is fed under.
        shape: its shape.
        op: the drawing op, or the call whose Dropout layer needs a mask.
        rate: the dropout rate of a mask, else None.
    """

    name: str
    shape: tuple[int, ...]
    op: ops.Draw | ops.Call
    rate: float | None = None


@frozen
class Masks:
    """The Dropout layers of a model: shape of each layer's input without batch, and its rate."""

    layers: tuple[tuple[tuple[int, ...], float], ...]


def mask_name(call: str, position: int) -> str:
    """The name a dropout mask is fed under."""
    return f"{call}/mask/{position}"


def needed(
    sequence: Sequence[Op], sizes: Mapping[str, int], batch: int, masks: Mapping[str, Masks]
) -> Iterator[Needed]:
    """Every random array that the ops need, in order.

    Args:
        sequence: a phase's ops.
        sizes: first-axis size of each tensor that exists before them.
        batch: the loop's constant batch size.
        masks: Dropout layers by model name.
    """
    known = dict(sizes)

    def size(dim: ops.Dim) -> int:
        match dim:
            case ops.Batch():
                return batch
            case ops.BatchOf():
                return known[dim.tensor]
            case _:
                return dim

    def walk(sequence: Sequence[Op]) -> Iterator[Needed]:
        for op in sequence:
            match op:
                case ops.Draw():
                    shape = tuple(size(dim) for dim in op.shape)
                    known[op.out] = shape[0]
                    yield Needed(op.out, shape, op)
                case ops.Fill():
                    known[op.out] = size(op.shape[0])
                case ops.Concat():
                    known[op.out] = sum(known[part] for part in op.parts)
                case ops.Sum():
                    if sized := [known[part] for part in op.parts if part in known]:
                        known[op.out] = sized[0]
                case ops.Affine() | ops.Call():
                    if op.x in known:
                        known[op.out] = known[op.x]
                    if isinstance(op, ops.Call) and op.training and op.model in masks:
                        for position, (shape, rate) in enumerate(masks[op.model].layers):
                            full = (known[op.x], *shape)
                            yield Needed(mask_name(op.out, position), full, op, rate)
                case ops.GradScope():
                    yield from walk(op.body)

    yield from walk(sequence)
