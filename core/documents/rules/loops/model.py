"""What a loop says, whichever language it is written in.

Conditions are kept as Python expressions (R's are translated), so that one evaluator serves both.
Lines are lines of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen


def _fixed(values: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(dict(values))


@frozen
class Printing:
    """A print call of a loop.

    Attributes:
        line: its first line.
        end: its last line.
        names: the variables in its arguments.
        guards: the conditions between the loop and the call, all of which have to hold.
    """

    line: int
    end: int
    names: frozenset[str]
    guards: tuple[str, ...]

    @property
    def periodic(self) -> bool:
        """Whether it prints every so many steps: a condition holds a remainder."""
        return any("%" in guard for guard in self.guards)


@frozen
class Counted:
    """`name` goes up by `by` each time this place is passed."""

    name: str
    by: int


@frozen
class Assigned:
    """`name` is given a value: a whole number, or None for one that only a run knows."""

    name: str
    value: int | None


@frozen
class PrintReached:
    """The place of a print call: its number among the loop's."""

    number: int


@frozen
class Left:
    """The loop is left if all the conditions hold; `early` is False for the loop's own head."""

    guards: tuple[str, ...]
    early: bool = True


Happening = Counted | Assigned | PrintReached | Left


@frozen
class Loop:
    """A loop.

    Attributes:
        cell: index of its cell.
        line: its first line.
        end: its last line.
        first: first line of its body.
        function: name of the function it stands in, None at a cell's top level.
        outer: number of the loop around it, None for none.
        assigned: every name that it binds, loops inside it included.
        prints: print calls of its body, without those of loops inside it.
        before: whole numbers that names hold when it starts.
        counters: names that count its passes by themselves, with their first value.
        passes: how often it runs if nothing leaves it, None where only a run knows.
        happenings: what matters of its body, in order.
        leaves: whether something in it can leave it early.
    """

    cell: int
    line: int
    end: int
    first: int
    function: str | None
    outer: int | None
    assigned: frozenset[str]
    prints: tuple[Printing, ...] = ()
    before: Mapping[str, int] = field(factory=dict, converter=_fixed)
    counters: Mapping[str, int] = field(factory=dict, converter=_fixed)
    passes: int | None = None
    happenings: tuple[Happening, ...] = ()
    leaves: bool = False

    def holds(self, line: int) -> bool:
        """Whether a line of the document stands in it."""
        return self.line <= line <= self.end


@frozen
class Drain:
    """A use of a name that matters to iterators, in the order of the code.

    Attributes:
        kind: `made` (bound to a fresh iterator), `bound` (to something else), `drained` (a loop
            goes through it to its end), `started` (a loop takes some of it and may leave early).
        name: the iterator's name.
        line: where.
        function: name of the function it stands in, None at top level.
        loops: numbers of the loops around it, outermost first; the loop that drains it is the last.
    """

    kind: str
    name: str
    line: int
    function: str | None
    loops: tuple[int, ...]
