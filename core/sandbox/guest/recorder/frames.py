"""What happens while a function of the document is traced, and how to find it in its calls.

While a function is traced there are only symbols. A frame notes which symbol each update came from;
the compiled function then hands the values out, as outputs it has anyway where possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .matching import Pending, Target


@dataclass
class Item:
    """One update or lone gradient in a traced function.

    Attributes:
        optimizer: the optimizer's short name, None for a gradient that no optimizer used.
        line: the document's line.
        values: the symbols it came from.
    """

    optimizer: str | None
    line: int
    values: list[object]


class Frame:
    """One tracing of one function.

    Attributes:
        items: updates in order.
        loose: optimizers applied where their symbols cannot be handed out (inside a loop or a
            condition of the graph).
        trains: whether anything was differentiated, also where its symbol cannot be seen.
    """

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.loose: set[str] = set()
        self.trains = False
        self._pending = Pending()

    def gradient(self, target: Target) -> None:
        """A symbol was differentiated."""
        self.trains = True
        self._pending.add(target)

    def update(
        self, optimizer: str, line: int, gradients: Iterable[object], variables: Iterable[object]
    ) -> None:
        """An optimizer was applied."""
        self.trains = True
        targets = self._pending.take(gradients, variables)
        self.items.append(Item(optimizer, line, [target.value for target in targets]))

    def again(self, optimizer: str | None, line: int, values: list[object]) -> None:
        """Another compiled function, called in this one, did this."""
        self.items.append(Item(optimizer, line, values))

    def close(self) -> None:
        """The tracing is over: gradients that nothing used stand for themselves."""
        self.items.extend(Item(None, t.site, [t.value]) for t in self._pending.rest())


@dataclass
class Layout:
    """Where the values of a traced function's updates are among its outputs.

    Attributes:
        items: updates in order, with positions in place of symbols: a non-negative one is an
            output of the function, a negative one counts the extra outputs from -1 downwards.
        loose: optimizers whose updates have to be counted by their own counters.
        trains: whether the function differentiates anything.
    """

    items: list[tuple[str | None, int, list[int]]]
    loose: set[str]
    trains: bool
    extra: list[object] = field(default_factory=list)


def layout_of(frame: Frame, outputs: list[object], reachable: set[int]) -> Layout:
    """The layout of a traced function.

    Args:
        frame: what happened in it.
        outputs: its flat outputs.
        reachable: identities of the symbols that can be handed out.
    """
    # From the back, so that of an output that is returned twice the first place counts.
    positions = {id(output): place for place, output in reversed(list(enumerate(outputs)))}
    layout = Layout([], set(frame.loose), frame.trains)
    for item in frame.items:
        # Inside a loop or a condition of the graph a symbol belongs to an inner graph and cannot
        # leave it; the optimizer's own counter then tells how often it was applied.
        if any(id(value) not in positions and id(value) not in reachable for value in item.values):
            if item.optimizer:
                layout.loose.add(item.optimizer)
            continue
        for value in item.values:
            if id(value) not in positions:
                layout.extra.append(value)
                positions[id(value)] = -len(layout.extra)
        layout.items.append(
            (item.optimizer, item.line, [positions[id(value)] for value in item.values])
        )
    return layout


class Frames:
    """The functions being traced, innermost last; a barrier hides symbols that must not leave."""

    def __init__(self) -> None:
        self._stack: list[Frame | None] = []

    def enter(self) -> Frame:
        """A function of the document begins to be traced."""
        frame = Frame()
        self._stack.append(frame)
        return frame

    def enter_barrier(self) -> None:
        """Code runs whose symbols belong to a level of their own."""
        self._stack.append(None)

    def leave(self) -> None:
        """The innermost of these is over."""
        if self._stack:
            self._stack.pop()

    def clear(self) -> None:
        """Nothing is being traced."""
        self._stack.clear()

    @property
    def top(self) -> Frame | None:
        """The frame that symbols made now belong to; None where they cannot be handed out."""
        return self._stack[-1] if self._stack else None

    @property
    def deep(self) -> bool:
        """Whether any function or barrier is open."""
        return bool(self._stack)

    @property
    def enclosing(self) -> Frame | None:
        """The innermost frame, whatever barriers are in between."""
        return next((frame for frame in reversed(self._stack) if frame is not None), None)
