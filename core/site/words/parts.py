"""The parts of a program, as its rows are grouped."""

from __future__ import annotations

from attrs import frozen

from core.site.texts import Text
from core.site.words.loading import table


@frozen
class Part:
    """A part of a program.

    Attributes:
        title: its heading.
        words: what its rows do: phases of ops, and words of the loop around them.
        folded: whether a page shows it folded at first: the loop is what it is about.
    """

    title: Text
    words: tuple[str, ...] = ()
    folded: bool = False


PARTS = table("parts.toml", Part)
_BY_WORD = {word: key for key, part in PARTS.items() for word in part.words}


def part_of(key: str, current: str) -> str:
    """The part of a row; what belongs to none stays in the one it stands in."""
    if "/" in key:
        return "earlier"
    word = key.partition("[")[0]
    if word in _BY_WORD:
        return _BY_WORD[word]
    head = word.partition(".")[0]
    if head == "state":
        return "setup"
    return current
