"""What a program is printed with."""

from __future__ import annotations

from attrs import field, frozen

from core.spec import rules


@frozen
class Printing:
    """Choices of a printed program.

    Attributes:
        seed: the one seed.
        data: path of an npz in Keras's MNIST layout; None is Keras's own MNIST.
    """

    seed: int = field(default=1, validator=rules.natural)
    data: str | None = field(default=None, validator=rules.optional(rules.text))
