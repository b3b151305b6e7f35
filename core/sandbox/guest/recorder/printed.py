"""Which variables a print shows, and whether they change from one print to the next."""

from __future__ import annotations

import ast
from types import FrameType

from .. import events
from .channel import Channel
from .ledger import Ledger
from .places import Places
from .values import describe, digest_of

_KEPT = 20  # distinct values remembered for a name


class Shown:
    """A name in one print statement."""

    def __init__(self) -> None:
        self.times = 0
        self.kind = ""
        self.texts: list[str] = []
        self.identities: set[int] = set()
        self.steps: list[int] = []


class PrintedNames:
    """Watches the names in print statements of cells.

    A name counts as changed when it is bound to another object or to another scalar value.
    """

    def __init__(self, channel: Channel, places: Places, ledger: Ledger) -> None:
        self._channel = channel
        self._places = places
        self._ledger = ledger
        self._statements: dict[str, dict[int, set[str]]] = {}
        self._shown: dict[tuple[int, str], Shown] = {}

    def add_cell(self, file: str, tree: ast.Module) -> None:
        """Learns the print statements of a cell: the names in their arguments, by row."""
        rows: dict[int, set[str]] = {}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "print"
            ):
                parts = [inner for arg in node.args for inner in ast.walk(arg)]
                called = {id(p.func) for p in parts if isinstance(p, ast.Call)}
                names = {p.id for p in parts if isinstance(p, ast.Name) and id(p) not in called}
                for row in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    rows.setdefault(row, set()).update(names)
        self._statements[file] = rows

    def __call__(self, frame: FrameType) -> None:
        """A frame of a cell prints."""
        row = frame.f_lineno or 0
        names = self._statements.get(frame.f_code.co_filename, {}).get(row)
        place = self._places.of_frame(frame)
        if not names or place is None:
            return
        space = frame.f_locals
        for name in names:
            if name in space:
                value = space[name]
            elif name in frame.f_globals:
                value = frame.f_globals[name]
            else:
                continue
            self._note(place.line, name, value)

    def _note(self, line: int, name: str, value: object) -> None:
        shown = self._shown.setdefault((line, name), Shown())
        shown.times += 1
        shown.steps.append(self._ledger.steps)
        del shown.steps[1:-1]
        shown.kind = type(value).__name__
        text = describe(value)
        if text.endswith("]"):  # a tensor: its contents matter
            text += digest_of(value) or ""
        if text not in shown.texts and len(shown.texts) < _KEPT:
            shown.texts.append(text)
        if len(shown.identities) < _KEPT:
            shown.identities.add(id(value))

    def end_cell(self, cell: int) -> None:
        """Sends what the cell's prints showed."""
        for (line, name), shown in self._shown.items():
            self._channel.send(
                events.Shown(
                    cell=cell,
                    line=line,
                    name=name,
                    times=shown.times,
                    kind=shown.kind,
                    distinct=len(shown.texts),
                    objects=len(shown.identities),
                    values=tuple(shown.texts[:5]),
                    steps=tuple(shown.steps),
                ),
            )
        self._shown = {}
