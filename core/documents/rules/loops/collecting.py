"""Collects what a reader of either language meets, in the order of the code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from attrs import define, evolve, field, frozen

from core.documents.rules.loops.model import (
    Assigned,
    Counted,
    Drain,
    Happening,
    Left,
    Loop,
    Printing,
    PrintReached,
)


@frozen
class Region:
    """Where a statement stands: its function, the loops around it, conditions since the last."""

    function: str | None = None
    loops: tuple[int, ...] = ()
    guards: tuple[str, ...] = ()

    def guarded(self, guard: str) -> Region:
        """The same place under one more condition."""
        return evolve(self, guards=(*self.guards, guard))

    def inside(self, loop: int) -> Region:
        """The body of a loop."""
        return evolve(self, loops=(*self.loops, loop), guards=())


@frozen
class _Known:
    """A whole number that a name holds, and the loops around the place that gave it."""

    value: int
    loops: tuple[int, ...]


@define
class _Open:
    """A loop that is being read."""

    cell: int
    line: int
    end: int
    first: int
    region: Region
    before: dict[str, _Known]
    assigned: set[str] = field(factory=set)
    prints: list[Printing] = field(factory=list)
    counters: dict[str, int] = field(factory=dict)
    passes: int | None = None
    happenings: list[Happening] = field(factory=list)
    leaves: bool = False


class Collector:
    """Takes loops, bindings and print calls, and makes loops of them.

    Attributes:
        generators: functions of the document whose calls are iterators.
        defined: names that the document defines, so that built-in ones mean something else.
        drains: uses of iterators and other names, in order.
    """

    def __init__(self, generators: Iterable[str] = (), defined: Iterable[str] = ()) -> None:
        self.generators = frozenset(generators)
        self.defined = frozenset(defined)
        self.drains: list[Drain] = []
        self._loops: list[_Open] = []
        self._ints: dict[str | None, dict[str, _Known]] = {}
        self._shared: set[str] = set()

    @property
    def constants(self) -> Mapping[str, int]:
        """The whole numbers that names hold at this place of the code."""
        known = {**self._ints.get(None, {}), **self._ints.get(self._function, {})}
        return MappingProxyType({name: one.value for name, one in known.items()})

    _function: str | None = None

    def open(self, cell: int, line: int, end: int, first: int, region: Region) -> int:
        """A loop begins; returns its number."""
        known = {**self._ints.get(None, {}), **self._ints.get(region.function, {})}
        self._loops.append(_Open(cell, line, end, first, region, known))
        return len(self._loops) - 1

    def close(self, number: int) -> None:
        """A loop ends: what it assigns is assigned in the loops around it."""
        loop = self._loops[number]
        for outer in loop.region.loops:
            self._loops[outer].assigned |= loop.assigned
        if loop.region.loops:
            around = self._loops[loop.region.loops[-1]]
            around.happenings += [Assigned(name, None) for name in sorted(loop.assigned)]
        for name in loop.assigned:
            self._forget(name, loop.region)

    def counts(self, number: int, name: str | None, start: int, passes: int | None) -> None:
        """A loop's variable counts its passes from a number on."""
        if name is not None:
            self._loops[number].counters[name] = start
        self._loops[number].passes = passes

    def assigned(self, name: str, region: Region) -> None:
        """A name is bound in loops."""
        for loop in region.loops:
            self._loops[loop].assigned.add(name)

    def bound(
        self, name: str, whole: int | None, line: int, region: Region, *, iterator: bool
    ) -> None:
        """A name is given a value; a whole number where the code says which."""
        self._function = region.function
        self.assigned(name, region)
        kind = "made" if iterator else "bound"
        self.drains.append(Drain(kind, name, line, region.function, region.loops))
        if region.loops:
            certain = whole if not region.guards else None
            self._loops[region.loops[-1]].happenings.append(Assigned(name, certain))
        if whole is None or region.guards:
            self._forget(name, region)
        else:
            known = self._ints.setdefault(region.function, {})
            known[name] = _Known(whole, region.loops)

    def _forget(self, name: str, region: Region) -> None:
        self._ints.get(region.function, {}).pop(name, None)

    def counted(self, name: str, by: int | None, region: Region) -> None:
        """A name goes up by a number."""
        self.assigned(name, region)
        if region.loops:
            happening = Assigned(name, None) if by is None or region.guards else Counted(name, by)
            self._loops[region.loops[-1]].happenings.append(happening)
        self._forget(name, region)

    def printed(self, first: int, last: int, names: Iterable[str], region: Region) -> None:
        """A print call; outside loops it does not matter."""
        if region.loops:
            loop = self._loops[region.loops[-1]]
            loop.happenings.append(PrintReached(len(loop.prints)))
            loop.prints.append(Printing(first, last, frozenset(names), region.guards))

    def left(self, region: Region, *, anywhere: bool = False, counts: bool = True) -> None:
        """A loop may be left here.

        Args:
            region: the place.
            anywhere: every loop around it is left, not the innermost one alone.
            counts: this ends it early; False for the condition in a loop's own head.
        """
        if not region.loops:
            return
        self._loops[region.loops[-1]].happenings.append(Left(region.guards, early=counts))
        for number in region.loops if anywhere else region.loops[-1:]:
            self._loops[number].leaves |= counts

    def drained(self, name: str, line: int, region: Region) -> None:
        """The innermost loop goes through an iterator."""
        leaves = self._loops[region.loops[-1]].leaves
        kind = "started" if leaves else "drained"
        self.drains.append(Drain(kind, name, line, region.function, region.loops))

    def shared(self, names: Iterable[str]) -> None:
        """Names that functions change outside themselves."""
        self._shared.update(names)

    def loops(self) -> tuple[Loop, ...]:
        """Every loop, in order."""
        return tuple(self._made(loop) for loop in self._loops)

    def _made(self, loop: _Open) -> Loop:
        before = {
            name: known.value
            for name, known in loop.before.items()
            if name not in self._shared
            and not any(
                name in self._loops[outer].assigned
                for outer in loop.region.loops
                if outer not in known.loops
            )
        }
        return Loop(
            cell=loop.cell,
            line=loop.line,
            end=loop.end,
            first=loop.first,
            function=loop.region.function,
            outer=loop.region.loops[-1] if loop.region.loops else None,
            assigned=frozenset(loop.assigned | self._shared),
            prints=tuple(loop.prints),
            before=before,
            counters=loop.counters,
            passes=loop.passes,
            happenings=tuple(loop.happenings),
            leaves=loop.leaves,
        )
