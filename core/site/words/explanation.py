"""One thing that a loop does, explained once."""

from __future__ import annotations

from attrs import frozen

from core.site.texts import Text


@frozen
class Explanation:
    """An op, or a word of the loop around the ops.

    Attributes:
        key: the op's class, `GradScope`, or the word, `loop.batch`.
        name: what a row of code is called.
        what: what it is.
        without: what goes wrong without it, or where it is done wrongly.
    """

    key: str
    name: Text
    what: Text
    without: Text

    @property
    def anchor(self) -> str:
        """Its place on the page of ops."""
        return self.key.replace(".", "-").lower()
