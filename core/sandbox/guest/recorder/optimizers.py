"""The optimizers of a document, and whether what they update changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from .. import events
from ..dynamic import Dynamic
from .channel import Channel
from .identities import Identities
from .ledger import Ledger
from .values import digest_of, key_of, number_of


class Watched:
    """An optimizer and the variables it was seen to update."""

    def __init__(self) -> None:
        self.variables: dict[int, object] = {}
        self.before: dict[int, str | None] = {}
        self.iterations = 0
        self.calls = 0


class Optimizers:
    """Every optimizer that was applied."""

    def __init__(self, channel: Channel, ledger: Ledger) -> None:
        self._channel = channel
        self._ledger = ledger
        self._names = Identities("optimizer")
        self._watched: dict[str, Watched] = {}

    def name(self, optimizer: object) -> str:
        """The optimizer's short name; a new one is described."""
        name, new = self._names.name(optimizer)
        if new:
            self._watched[name] = Watched()
            self._watched[name].iterations = _iterations(optimizer)
            self._channel.send(
                events.OptimizerSeen(
                    cell=self._ledger.cell,
                    optimizer=name,
                    kind=type(optimizer).__name__,
                    name=str(getattr(optimizer, "name", "")),
                    learning_rate=_rate(optimizer),
                ),
            )
        return name

    def watch(self, name: str, variables: Iterable[object]) -> None:
        """Remembers the variables of an update, with their values before their first one."""
        watched = self._watched[name]
        if watched.calls > 3 and watched.calls % 256:  # new variables come early
            return
        for variable in variables:
            key = key_of(variable)
            if key not in watched.variables:
                watched.variables[key] = variable
                watched.before[key] = digest_of(variable)

    def counted(self, name: str) -> None:
        """One update of this optimizer was seen."""
        self._watched[name].iterations += 1
        self._watched[name].calls += 1

    def missed(self, name: str) -> int:
        """Updates that happened since the last look without being seen, by its own counter."""
        watched = self._watched[name]
        now = _iterations(self._names.objects[name])
        before, watched.iterations = watched.iterations, now
        return max(0, now - before)

    def end_cell(self, cell: int) -> None:
        """Sends, for each optimizer with known variables, which of them changed in the cell."""
        for name, watched in self._watched.items():
            if not watched.variables or not watched.calls:
                continue
            after = {key: digest_of(value) for key, value in watched.variables.items()}
            same = [k for k, v in after.items() if v is not None and watched.before[k] == v]
            self._channel.send(
                events.Trained(
                    cell=cell,
                    optimizer=name,
                    variables=len(after),
                    unchanged=tuple(_label(watched.variables[key]) for key in same),
                ),
            )
            watched.before = after
            watched.calls = 0


def _label(variable: object) -> str:
    path = getattr(variable, "path", None) or getattr(variable, "name", None)
    if isinstance(path, str) and path:
        return path
    shape: Sequence[object] = getattr(variable, "shape", ())
    return f"{type(variable).__name__}{list(shape)}"


def _iterations(optimizer: object) -> int:
    counted = number_of(getattr(optimizer, "iterations", None))
    return 0 if counted is None else int(counted)


def _rate(optimizer: object) -> float | None:
    try:
        groups = getattr(optimizer, "param_groups", None)
        if groups:  # torch
            return number_of(cast(Dynamic, groups)[0]["lr"])
        return number_of(getattr(optimizer, "learning_rate", None))
    except Exception:  # noqa: BLE001 - a rate that depends on a step inside a graph
        return None
