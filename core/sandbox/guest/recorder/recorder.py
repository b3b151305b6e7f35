"""Everything that watches one run, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from ..dynamic import Function
from .budget import Budget
from .channel import Channel
from .coverage import Coverage
from .files import Files
from .frames import Frames
from .ledger import Ledger
from .messages import Messages
from .models import Models
from .optimizers import Optimizers
from .passes import Passes
from .places import Places
from .printed import PrintedNames
from .request import ExecutionRequest


class Recorder:
    """The parts of a recording; the frameworks' wrappers call them.

    Attributes:
        tape: depth of gradient scopes that are open.
        at_cell_end: listeners that are told when a cell ends.
        convert: makes of a function of the document what AutoGraph would make of it here.
        outside: leaves a graph that is being built, to read variables.
    """

    def __init__(
        self, request: ExecutionRequest, channel: Channel, places: Places | None = None
    ) -> None:
        self.request = request
        self.channel = channel
        self.places = places or Places(request.name, request.cells, request.sources, request.folder)
        self.coverage = Coverage(channel, self.places, request.coverage)
        self.ledger = Ledger(channel, self.places, Budget(request), self.coverage)
        self.frames = Frames()
        self.models = Models(channel, self.ledger)
        self.optimizers = Optimizers(channel, self.ledger)
        self.passes = Passes(channel, self.places, self.ledger, self.coverage)
        self.printed = PrintedNames(channel, self.places, self.ledger)
        self.messages = Messages(channel, self.places, self.ledger)
        self.files = Files(channel, request.folder)
        self.tape = 0
        self.at_cell_end: list[Callable[[int], None]] = []
        self.convert: Callable[[Function], Function] = _as_it_is
        self.outside: Callable[[], AbstractContextManager[object]] = nullcontext

    @contextmanager
    def inside(self) -> Iterator[None]:
        """A call that keeps its own account, such as `fit`."""
        self.ledger.inside += 1
        try:
            yield
        finally:
            self.ledger.inside -= 1

    def line(self) -> int | None:
        """The document's line that is running."""
        place = self.places.here(2)
        return place.line if place else None

    def begin_cell(self, cell: int) -> None:
        """A cell starts."""
        self.ledger.cell = cell
        self.ledger.cut = None
        self.ledger.budget.begin_cell(cell)
        self.coverage.begin_cell()

    def end_cell(self, cell: int, values: Iterable[object]) -> None:
        """A cell ended, with these values in the namespace: sends what was gathered in it."""
        self.coverage.end_cell(cell)
        self.frames.clear()
        self.tape = 0
        self.passes.end_cell()
        self.ledger.end_cell()
        for listener in self.at_cell_end:
            listener(cell)
        self.models.find(values)
        self.models.end_cell(cell)
        self.optimizers.end_cell(cell)
        self.printed.end_cell(cell)
        self.files.end_cell(cell)


def _as_it_is(function: Function) -> Function:
    return function
