"""What a seeded defect teaches."""

from __future__ import annotations

from attrs import frozen

from core.site.texts import Text


@frozen
class Lesson:
    """One defect in words.

    Attributes:
        name: what was done.
        seen: what the curve does.
        notice: how to notice it in a loop of one's own.
        shows: what its chart shows: `loss`, `train_acc` or `val_acc`.
    """

    name: Text
    seen: Text
    notice: Text
    shows: str = "loss"
