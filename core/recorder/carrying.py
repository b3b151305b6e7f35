"""Whether what a pure training step returns is given to the next one."""

from __future__ import annotations

from collections.abc import Callable

from .channel import Channel, Json
from .ledger import Ledger

_BREAKS = 10


class Carry:
    """Follows one function's array outputs into its next call.

    An output counts as carried when the very array is among the next call's arguments.
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
        self._carried: dict[int, int] = {}
        self._calls = 0
        self._breaks: list[Json] = []

    def seen(self, args: tuple[object, ...], result: object) -> None:
        """A call with these arguments returned this."""
        if self._last:
            given = {id(leaf) for leaf in self._leaves(args)}
            held = [place for place, leaf in enumerate(self._last) if id(leaf) in given]
            usual = [place for place, times in self._carried.items() if times == self._calls]
            if self._calls and set(usual) - set(held) and len(self._breaks) < _BREAKS:
                self._breaks.append([self._ledger.steps, self._ledger.pass_number])
            for place in held:
                self._carried[place] = self._carried.get(place, 0) + 1
            self._calls += 1
        self._last = [x for x in self._leaves(result) if getattr(x, "ndim", 0) > 0]

    def end_cell(self, cell: int) -> None:
        """Sends what was carried in the cell."""
        if self._calls:
            outputs = range(len(self._last))
            times = [self._carried.get(place, 0) for place in outputs]
            self._channel.send(
                "carried",
                cell=cell,
                function=self._name,
                calls=self._calls,
                outputs=len(self._last),
                always=sum(t == self._calls for t in times),
                never=sum(t == 0 for t in times),
                breaks=self._breaks,
            )
        self._last, self._carried, self._calls, self._breaks = [], {}, 0, []
