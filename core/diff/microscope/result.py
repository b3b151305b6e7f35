"""What the microscope found."""

from __future__ import annotations

import math

from attrs import frozen

from core.trace.difference import Difference


@frozen
class Seen:
    """A difference at one place.

    Attributes:
        position: of the op in side A's step (side B's where A lacks it); empty for the setup.
        op: the op in a few words.
        step: the step, counted from 0 over epochs.
        tensor: which of the op's results.
        difference: relative to the tensor's largest magnitude; infinite where shapes differ, and
            None where the difference is one of structure.
        allowed: what rounding, as measured, accounts for at this place.
        structure: how the steps differ in their ops, empty where they do not.
        leaks: ids of the ledger entries that account for it.
        changed: what the two ops say differently.
        note: what else is known about it.
    """

    position: str
    op: str
    step: int
    tensor: str
    difference: float | None
    allowed: float = 0.0
    structure: str = ""
    leaks: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    note: str = ""

    @property
    def words(self) -> str:
        """The place and the size."""
        if self.difference is None:
            return f"{self.op}, {self.structure}"
        where = f"{self.op} ({self.tensor}), step {self.step}"
        size = (
            "of another shape or not finite"
            if math.isinf(self.difference)
            else (f"{self.difference:.1e} of the largest value")
        )
        return f"{where}: {size}"


@frozen
class Located:
    """The outcome of a comparison, op by op.

    Attributes:
        steps: how many steps were compared.
        unexplained: the first difference beyond rounding that no leak accounts for.
        explained: differences beyond rounding that leaks account for, first of each place.
        first_bits: where the first bits differ.
        largest: the largest difference anywhere in the compared steps.
        share: the largest part, anywhere, of what rounding or a leak accounts for; 1 where a
            difference is beyond it.
        undisturbed: side A's taps gave losses that are bit-identical to its free run's.
    """

    steps: int
    unexplained: Seen | None
    explained: tuple[Seen, ...]
    first_bits: Seen | None
    largest: Seen | None
    share: float
    undisturbed: bool

    @property
    def verdict(self) -> str:
        """`beyond rounding`, `leak`, `rounding` or `identical`."""
        if self.unexplained is not None:
            return "beyond rounding"
        if self.explained:
            return "leak"
        return "identical" if self.first_bits is None else "rounding"

    @property
    def place(self) -> Seen | None:
        """The place to name: unexplained, else explained by a leak, else of the first bits."""
        return self.unexplained or next(iter(self.explained), self.first_bits)


@frozen
class TraceDifference:
    """Where the losses of two free runs first differ, and by how much at most.

    Attributes:
        steps: how many steps both took.
        first: where they first differ; None where they do not.
        largest: the largest relative difference of any loss in any of the steps.
    """

    steps: int
    first: Difference | None
    largest: float
