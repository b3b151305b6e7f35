"""Whether what a pure training step returns is given to the next one."""

from __future__ import annotations

from collections.abc import Callable

from .. import events
from .channel import Channel
from .ledger import Ledger

_BREAKS = 10


class Carry:
    """Follows one function's array outputs into its next call.

    An output counts as carried when the very array is among the next call's arguments. Where one is
    not, and the next call is given an old array of its shape instead (the call before was given it
    too, or the first call was), the state is stale, or starts again.
    """

    def __init__(
        self,
        name: str,
        channel: Channel,
        ledger: Ledger,
        leaves: Callable[[object], list[object]],
    ) -> None:
        self._name = name
        self._channel = channel
        self._ledger = ledger
        self._leaves = leaves
        self._last: list[object] = []
        self._given: list[object] = []
        self._first: list[object] = []
        self._stale: set[int] = set()
        self._restarts: list[tuple[int, int | None]] = []
        self._carried: dict[int, int] = {}
        self._calls = 0
        self._breaks: list[tuple[int, int | None]] = []

    def seen(self, args: tuple[object, ...], result: object) -> None:
        """A call with these arguments returned this."""
        if self._last:
            # Identities can be compared because the arrays of the last call are held: no address is
            # used again.
            leaves = self._leaves(args)
            given = {id(leaf) for leaf in leaves}
            held = [place for place, leaf in enumerate(self._last) if id(leaf) in given]
            usual = [place for place, times in self._carried.items() if times == self._calls]
            if self._calls and set(usual) - set(held) and len(self._breaks) < _BREAKS:
                self._breaks.append((self._ledger.steps, self._ledger.pass_number))
            for place in held:
                self._carried[place] = self._carried.get(place, 0) + 1
            self._calls += 1
            self._compare(leaves, set(range(len(self._last))) - set(held))
        self._given = self._leaves(args)
        self._first = self._first or self._given
        self._last = [x for x in self._leaves(result) if getattr(x, "ndim", 0) > 0]

    def _compare(self, leaves: list[object], lost: set[int]) -> None:
        """Looks for old arrays in the place of what was returned and not given back."""
        last = {id(leaf) for leaf in self._given}
        first = {id(leaf) for leaf in self._first}
        repeated = {_layout(leaf) for leaf in leaves if id(leaf) in last}
        begun = {_layout(leaf) for leaf in leaves if id(leaf) in first - last}
        stale = {place for place in lost if _layout(self._last[place]) in repeated}
        # Stale in every call: a state that is set back once an epoch is none.
        self._stale = stale if self._calls == 1 else self._stale & stale
        again = any(_layout(self._last[place]) in begun for place in lost)
        if again and len(self._restarts) < _BREAKS:
            self._restarts.append((self._ledger.steps, self._ledger.pass_number))

    def end_cell(self, cell: int) -> None:
        """Sends what was carried in the cell."""
        if self._calls:
            outputs = range(len(self._last))
            times = [self._carried.get(place, 0) for place in outputs]
            self._channel.send(
                events.Carried(
                    cell=cell,
                    function=self._name,
                    calls=self._calls,
                    outputs=len(self._last),
                    always=sum(t == self._calls for t in times),
                    never=sum(t == 0 for t in times),
                    breaks=tuple(self._breaks),
                    stale=len(self._stale),
                    restarts=tuple(self._restarts),
                ),
            )
        self._last, self._carried, self._calls, self._breaks = [], {}, 0, []
        self._given, self._first, self._stale, self._restarts = [], [], set(), []


def _layout(array: object) -> tuple[str, str]:
    return str(getattr(array, "shape", "")), str(getattr(array, "dtype", ""))
